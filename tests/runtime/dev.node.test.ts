import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDev, type RunningServer } from '../kit/servers.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startDev()
}, 60_000)
afterAll(() => server?.stop(), 20_000)

it('`npm run dev` serves mocked chat on workerd and prints no warning or error', async () => {
  const reply = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'Say hello' }] }),
  })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('x-mimus-mock')).toBe('1')
  expect(await reply.json()).toMatchObject({ choices: [{ message: { role: 'assistant' } }] })
  expect(server.output()).not.toMatch(/warn|error|ENOTFOUND|fetch failed/i)
}, 20_000)

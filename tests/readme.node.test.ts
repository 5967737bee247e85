// What the README shows is run as it stands there.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { collect } from '#core/events'
import type { Provider } from '#core/provider'
import { callOn } from './kit/adapter-call.ts'
import { startOnNode } from './kit/servers.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const folder = join(root, 'node_modules/.readme-examples')

/** The code of an example, as a module of its own that means what it means in the README. */
function example(name: string, url = ''): string {
  const code = new RegExp(`<!-- example: ${name} -->\n\`\`\`ts\n([\\s\\S]*?)\`\`\``).exec(
    readme,
  )?.[1]
  if (code === undefined) throw new Error(`The README has no example '${name}'`)
  const file = join(folder, `${name}.ts`)
  mkdirSync(folder, { recursive: true })
  const source = code
    .replaceAll('http://127.0.0.1:8787', url)
    .replaceAll("'mimus/msw'", JSON.stringify(join(root, 'src/msw.ts')))
    .replaceAll("'mimus/mock'", JSON.stringify(join(root, 'src/mock.ts')))
    .replaceAll("'#kit'", JSON.stringify(join(root, 'src/kit.ts')))
  writeFileSync(file, source)
  return file
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function printed(name: string): Promise<unknown[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await import(example(name))
    return log.mock.calls[0] ?? []
  } finally {
    log.mockRestore()
  }
}

describe('the README', () => {
  it('shows SDKs that work against the gateway', async () => {
    const server = await startOnNode({ MIMUS_DATA: folder })
    try {
      await import(example('sdks', server.url))
    } finally {
      await server.stop()
    }
  }, 30_000)

  it('shows msw handlers that answer', async () => {
    expect(await printed('msw')).toEqual(['Sunny.', expect.objectContaining({ model: 'gpt-5.4' })])
  })

  it('shows a scripted mock that answers', async () => {
    // The first call is refused and the SDK tries again; the answer after the tool's result is not asked for.
    expect(await printed('mock')).toEqual(['tool_use', 2, [expect.any(String)]])
  })

  it('shows a provider that works', async () => {
    const { default: provider }: { default: Provider } = await import(example('provider'))
    const { call } = callOn(provider, 'gpt-oss-120b')
    const { chat } = provider.adapters
    if (chat?.run === undefined) throw new Error('It does not chat')
    const content = [{ type: 'text' as const, text: 'Say hello' }]
    const stream = await chat.run(
      {
        model: 'm',
        system: [],
        messages: [{ role: 'user', content }],
        tools: [],
        stream: true,
        unread: [],
      },
      call,
    )
    expect((await collect(stream)).candidates[0].content).toEqual([{ type: 'text', text: 'hello' }])
  })
})

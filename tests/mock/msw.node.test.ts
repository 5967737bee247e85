import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { setupServer } from 'msw/node'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMock } from '../../src/mock.ts'
import { handlers, mock } from '../../src/msw.ts'

const server = setupServer(...handlers)
beforeAll(() => server.listen())
afterEach(() => mock.reset())
afterAll(() => server.close())

const messages = [{ role: 'user' as const, content: 'How is the weather?' }]

describe('the msw handlers', () => {
  it('answer clients that use the global fetch, each at its own wire', async () => {
    mock.when({ user: /weather/ }).reply('Sunny.')
    const openai = await new OpenAI({ apiKey: mock.key() }).chat.completions.create({
      model: 'gpt-5.4-mini',
      messages,
    })
    const anthropic = await new Anthropic({ apiKey: mock.key() }).messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages,
    })
    const gemini = await new GoogleGenAI({ apiKey: mock.key() }).models.generateContent({
      model: 'gemini-3.5-flash',
      contents: 'How is the weather?',
    })
    expect(openai.choices[0]?.message.content).toBe('Sunny.')
    expect(anthropic.content[0]).toMatchObject({ type: 'text', text: 'Sunny.' })
    expect(gemini.text).toBe('Sunny.')
    expect(mock.requests().map(({ provider }) => provider)).toEqual([
      'openai',
      'anthropic',
      'gemini',
    ])
  })

  it('stream, and let a client leave', async () => {
    const client = new Anthropic({ apiKey: mock.key() })
    const stream = client.messages.stream({ model: 'claude-haiku-4-5', max_tokens: 100, messages })
    let deltas = 0
    for await (const event of stream) if (event.type === 'content_block_delta') deltas++
    expect(deltas).toBeGreaterThan(3)
    const long = await new OpenAI({ apiKey: mock.key() }).chat.completions.create({
      model: 'gpt-5.4-mini',
      messages,
      stream: true,
    })
    for await (const _ of long) break
    expect(mock.last()).toMatchObject({ status: 200, provider: 'openai' })
  })

  it('fail as the vendor fails', async () => {
    const refused = new OpenAI({ apiKey: mock.key('rate-limited'), maxRetries: 0 })
    await expect(
      refused.chat.completions.create({ model: 'gpt-5.4-mini', messages }),
    ).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    const flaky = new OpenAI({ apiKey: mock.key('flaky'), maxRetries: 1 })
    const answer = await flaky.chat.completions.create({ model: 'gpt-5.4-mini', messages })
    expect(answer.choices).toHaveLength(1)
    expect(mock.requests({ scenario: 'flaky' }).map(({ status }) => status)).toEqual([503, 200])
  })

  it('answer for servers on this machine', async () => {
    const client = new OpenAI({ apiKey: 'none', baseURL: 'http://localhost:11434/v1' })
    const { choices } = await client.chat.completions.create({ model: 'llama3.2', messages })
    expect(choices[0]?.message.content).not.toBe('')
  })

  it('break a connection in the middle', async () => {
    const client = new OpenAI({ apiKey: mock.key('cut'), maxRetries: 0 })
    const stream = await client.chat.completions.create({
      model: 'gpt-5.4-mini',
      messages,
      stream: true,
    })
    await expect(
      (async () => {
        for await (const _ of stream) continue
      })(),
    ).rejects.toThrow()
  })
})

describe('a mock without msw', () => {
  it('is a fetch for clients that take one', async () => {
    const own = createMock()
    const scope = own.scope('one test')
    scope.when({ model: 'gpt-5.4-mini' }).reply({ json: { ok: true } })
    const client = new OpenAI({
      apiKey: scope.key(),
      fetch: (input, init) => own.fetch(input, init),
    })
    const { choices } = await client.chat.completions.create({ model: 'gpt-5.4-mini', messages })
    expect(choices[0]?.message.content).toBe('{"ok":true}')
    expect(scope.requests()).toHaveLength(1)
    expect(own.origins['openai']).toBe('https://api.openai.com')
  })
})

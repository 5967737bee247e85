import { describe, expect, it } from 'vitest'
import type { ChatRequest } from '#core/chat'
import type { Json } from '#core/json'
import { parseEvents } from '#protocols/sse'
import { gather, toBase64 } from '#core/bytes'
import { drawImage, synthesize } from '#mock/media/index'
import { createMockOf, type Mock, type MockOptions } from '#mock/public'
import { mockClock } from '../kit/mock-clock.ts'
import { ask, origin, plainProvider, says, textOfReply } from '../kit/mock-provider.ts'

const mockWith = (options: MockOptions = {}): Mock => createMockOf([plainProvider()], options)

type Changes = Partial<ChatRequest> | { [field: string]: Json }
const reply = async (mock: Mock, changes: Changes, key = mock.key()) =>
  (await mock.fetch(ask(changes, key))).json<{
    candidates: { content: { type: string; id?: string }[]; finish: { reason: string } }[]
    usage: { inputTokens: number }
    model: string
  }>()
const text = async (mock: Mock, said: string, key?: string): Promise<string> =>
  textOfReply(await reply(mock, says(said), key))

const toolTurn: Changes = {
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Book it' }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'book', input: '{}' }] },
    {
      role: 'user',
      content: [{ type: 'tool-result', id: 'c1', output: [{ type: 'text', text: '{"ok":true}' }] }],
    },
  ],
}

describe('a rule', () => {
  it('answers the requests it fits; the mind answers the others', async () => {
    const mock = mockWith()
    mock.when({ user: /weather/i }).reply('Sunny.')
    expect(await text(mock, 'How is the Weather?')).toBe('Sunny.')
    expect(await text(mock, 'How are you?')).toContain('How are you?')
  })

  it.each<[string, Parameters<Mock['when']>[0], Changes]>([
    ['a part of the user text', { user: 'lo the' }, says('Hello there')],
    ['several parts', { user: ['there', 'Hello'] }, says('Hello there')],
    ['a judge of the text', { user: (said) => said.length === 2 }, says('Hi')],
    ['the model', { model: 'thinker' }, { model: 'thinker' }],
    ['one of several models', { model: ['a', 'plain-1'] }, {}],
    ['the provider', { provider: 'plain' }, {}],
    ['path and method', { path: '/chat', method: 'POST' }, {}],
    ['the system text', { system: /pirate/ }, { system: [{ type: 'text', text: 'Be a pirate' }] }],
    ['the end in a tool result', { toolResult: true }, toolTurn],
    ['what a tool result says', { toolResult: '"ok":true' }, toolTurn],
    ['the call a result answers', { toolCallId: 'c1' }, toolTurn],
    ['the turn', { turn: 1 }, toolTurn],
    ['an offered tool', { tool: 'book' }, { tools: [{ type: 'function', name: 'book' }] }],
    ['a wish for JSON', { json: true }, { output: {} }],
    ['anything else', { where: ({ chat }) => chat?.temperature === 0 }, { temperature: 0 }],
  ])('can look at %s', async (_, when, changes) => {
    const mock = mockWith()
    mock.when(when).reply('Fits.')
    expect(textOfReply(await reply(mock, changes))).toBe('Fits.')
    const other = textOfReply(await reply(mock, { ...says('X'), model: 'artist' }))
    expect(other === 'Fits.').toBe(when.provider !== undefined || when.path !== undefined)
  })

  it('is asked in the order of adding, and `next` before all', async () => {
    const mock = mockWith()
    mock.when({}).reply('first')
    mock.when({ user: 'Hello' }).reply('second')
    mock.next('at once')
    expect(await text(mock, 'Hello')).toBe('at once')
    expect(await text(mock, 'Hello')).toBe('first')
  })

  it('gives one reply after the other, the last one for ever', async () => {
    const mock = mockWith()
    mock.when({ user: 'go' }).reply('one', 'two')
    const texts = []
    for (let call = 0; call < 3; call++) texts.push(await text(mock, 'go'))
    expect(texts).toEqual(['one', 'two', 'two'])
  })

  it('is spent after its times', async () => {
    const mock = mockWith()
    mock.when({ user: 'go' }).once('one', 'two')
    mock.when({ user: 'go' }).times(1, 'three')
    mock.when({ user: 'go' }).reply('rest')
    const texts = []
    for (let call = 0; call < 5; call++) texts.push(await text(mock, 'go'))
    expect(texts).toEqual(['one', 'two', 'three', 'rest', 'rest'])
  })

  it('can be for the n-th request only', async () => {
    const mock = mockWith()
    mock.when({ user: 'go', call: 1 }).reply('second call')
    mock.when({ user: 'go' }).reply('any call')
    const texts = []
    for (let call = 0; call < 3; call++) texts.push(await text(mock, 'go'))
    expect(texts).toEqual(['any call', 'second call', 'any call'])
  })

  it('can work out its reply', async () => {
    const mock = mockWith()
    mock.when({}).reply(async (asked) => ({ text: `${asked.model}: ${asked.text.toUpperCase()}` }))
    expect(await text(mock, 'hi')).toBe('plain-1: HI')
  })
})

describe('a scripted reply', () => {
  it('may call tools, think and speak JSON', async () => {
    const mock = mockWith()
    mock.when({}).reply({
      reasoning: 'Let me see.',
      json: { done: false },
      toolCalls: [
        { name: 'book', arguments: { seat: 7 } },
        { name: 'pay', arguments: '{"broken', id: 'mine' },
      ],
    })
    const { candidates } = await reply(mock, {})
    expect(candidates[0]?.finish.reason).toBe('tool-calls')
    expect(candidates[0]?.content).toMatchObject([
      { type: 'reasoning', text: 'Let me see.' },
      { type: 'text', text: '{"done":false}' },
      { type: 'tool-call', id: expect.stringMatching(/^call_/), name: 'book', input: '{"seat":7}' },
      { type: 'tool-call', id: 'mine', name: 'pay', input: '{"broken' },
    ])
  })

  it('may say how it ended, what it cost and who answered', async () => {
    const mock = mockWith()
    mock
      .when({})
      .reply({ text: 'Cut', finish: 'length', usage: { inputTokens: 5000 }, model: 'plain-2' })
    expect(await reply(mock, {})).toMatchObject({
      model: 'plain-2',
      candidates: [{ finish: { reason: 'length' } }],
      usage: { inputTokens: 5000, outputTokens: 1 },
    })
  })

  it('may be the vendor’s refusal, once', async () => {
    const mock = mockWith()
    mock.next({ error: 'overloaded' })
    mock.when({ user: 'slow' }).reply({ error: { kind: 'rate-limited', retryAfterSeconds: 9 } })
    expect((await mock.fetch(ask({}))).status).toBe(503)
    expect((await mock.fetch(ask({}))).status).toBe(200)
    expect((await mock.fetch(ask(says('slow')))).headers.get('retry-after')).toBe('9')
  })

  it('may be any HTTP', async () => {
    const mock = mockWith()
    mock.next({ status: 418, headers: { 'x-tea': 'yes' }, body: { short: true } })
    const response = await mock.fetch(ask({}))
    expect([response.status, response.headers.get('x-tea')]).toEqual([418, 'yes'])
    expect(await response.json()).toEqual({ short: true })
  })

  it('may break off, or fail in the middle of its stream', async () => {
    const mock = mockWith()
    mock.next({ text: 'one two three four', cutAfter: 4 })
    mock.when({}).reply({ text: 'one two three four', errorAfter: 4 })
    const broken = await mock.fetch(ask({ stream: true }))
    await expect(broken.text()).rejects.toThrow(/connection/i)
    const events = parseEvents(await (await mock.fetch(ask({ stream: true }))).text())
    expect(events).toHaveLength(5)
    expect(events.at(-1)?.event).toBe('error')
  })

  it('arrives at its own pace', async () => {
    const clock = mockClock()
    const mock = mockWith({ ...clock.world, pace: { first: 10 } })
    mock.when({}).reply({ text: 'a b c d', pace: { between: 50, words: 2, jitter: 0.2 } })
    await (await mock.fetch(ask({ stream: true }))).text()
    const [head, ...pauses] = clock.slept.filter((pause) => pause > 0)
    expect(head).toBeGreaterThanOrEqual(8)
    expect(head).toBeLessThanOrEqual(12)
    for (const pause of pauses) expect(Math.abs(pause - 50)).toBeLessThanOrEqual(10)
    expect(new Set(pauses).size).toBeGreaterThan(1)
  })

  it('may be a picture or a transcript of a media route', async () => {
    const mock = mockWith()
    const png = await drawImage({ prompt: 'mine', width: 8, height: 8, format: 'png' })
    mock.when({ user: 'fox' }).reply({ image: { mediaType: 'image/png', base64: toBase64(png) } })
    mock.when({ path: '/transcripts' }).reply({ transcript: 'Good morning. All is well.' })
    const drawn = await mock.fetch(`${origin}/pictures`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock', 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a red fox' }),
    })
    expect(new Uint8Array(await drawn.arrayBuffer())).toEqual(new Uint8Array(png))
    const form = new FormData()
    const sound = await gather(synthesize({ text: 'a', seconds: 4, format: 'wav' }))
    form.set('file', new File([new Uint8Array(sound)], 'a.wav', { type: 'audio/wav' }))
    const heard = await mock.fetch(`${origin}/transcripts`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock' },
      body: form,
    })
    expect(await heard.json()).toMatchObject({
      text: 'Good morning. All is well.',
      segments: [
        { text: 'Good morning.', start: 0 },
        { text: 'All is well.', end: 4 },
      ],
    })
    expect(mock.last()?.body).toEqual({
      file: { name: 'a.wav', mediaType: 'audio/wav', size: sound.length },
    })
  })

  it('may be a sound of a route that shares its path with chat', async () => {
    const mock = mockWith()
    const bytes = Uint8Array.of(1, 2, 3)
    mock.when({ path: /^\/say/ }).reply({ audio: { mediaType: 'audio/wav', bytes } })
    const said = await mock.fetch(ask({}, 'mock', '/say/loud-1'))
    expect(new Uint8Array(await said.arrayBuffer())).toEqual(bytes)
    const chat = await mock.fetch(ask({}, 'mock', '/say/plain-1'))
    expect(await chat.json()).toMatchObject({ candidates: [{ content: [{ type: 'file' }] }] })
  })

  it('does not go to a request that only looks, unless the rule names its path', async () => {
    const mock = mockWith({ strict: 'refuse' })
    mock.when({}).reply({ error: 'overloaded' })
    const look = (id: string) =>
      mock.fetch(`${origin}/jobs/${id}`, { headers: { authorization: 'Bearer mock' } })
    expect((await look('1')).status).toBe(200)
    mock.when({ path: '/jobs/2' }).reply({ body: { id: '2', done: false } })
    expect(await (await look('2')).json()).toEqual({ id: '2', done: false })
  })

  it('is kept for the kind of request it says something to', async () => {
    const mock = mockWith()
    mock.when({}).once('Words')
    mock.when({}).once({ transcript: 'Heard.' })
    const form = new FormData()
    form.set('file', new File([new Uint8Array(9000)], 'a.pcm'))
    const heard = await mock.fetch(`${origin}/transcripts`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock' },
      body: form,
    })
    expect(await heard.json()).toMatchObject({ text: 'Heard.' })
    expect(await text(mock, 'x')).toBe('Words')
    expect(mock.pending()).toEqual([])
  })

  it('keeps a thought that a script has signed', async () => {
    const mock = mockWith()
    const signature = { protocol: 'plain', value: 'chosen' }
    mock.next({
      parts: [
        { type: 'reasoning', text: 'Hm', signature },
        { type: 'text', text: 'Yes' },
      ],
    })
    const { candidates } = await reply(mock, {})
    const turn = (value: string) =>
      mock.fetch(
        ask({
          messages: JSON.parse(
            JSON.stringify([
              { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
              {
                role: 'assistant',
                content: [{ type: 'reasoning', text: 'Hm', signature: { ...signature, value } }],
              },
            ]),
          ),
        }),
      )
    expect(candidates[0]?.content[0]).toMatchObject({ signature })
    expect((await turn('chosen')).status).toBe(200)
    expect((await turn('other')).status).toBe(400)
  })
})

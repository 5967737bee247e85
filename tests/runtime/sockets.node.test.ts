// Real sockets on both sides: a provider that misbehaves, a caller that leaves.

import { once } from 'node:events'
import { request as connect, type ClientRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  startOnNode,
  startOnWorkerd,
  startUpstream,
  type RunningServer,
  type Upstream,
} from '../kit/servers.ts'

const chunk = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5.4', choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] })}\n\n`
const end = `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-5.4', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

/** What the provider does next, by the text of the question. */
const behaviours: { [name: string]: Parameters<typeof startUpstream>[0] } = {
  silent: () => undefined,
  headless: (_, reply) =>
    reply.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
  stalls: (_, reply) =>
    void reply.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk('one')),
  cuts: (_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.write(chunk('one'))
    setTimeout(() => reply.destroy(), 50)
  },
  ends: (_, reply) =>
    void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(chunk('one')),
  halfEvent: (_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.write(chunk('one') + chunk('two').slice(0, 40))
    setTimeout(() => reply.destroy(), 50)
  },
  streams: (_, reply) =>
    void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(chunk('one') + end),
  resets: (_, reply) => void reply.socket?.resetAndDestroy(),
  page: (_, reply) =>
    void reply.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>'),
  pageAsSuccess: (_, reply) =>
    void reply.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
  errorAsSuccess: (_, reply) =>
    void reply.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        error: {
          message: 'Slow down',
          type: 'requests',
          code: 'rate_limit_exceeded',
          param: null,
        },
      }),
    ),
  errorFirst: (_, reply) =>
    void reply
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(
        `data: ${JSON.stringify({ error: { message: 'Overloaded', type: 'server_error', code: null, param: null } })}\n\n`,
      ),
  floods: async (_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/event-stream' })
    const text = chunk('x'.repeat(60_000))
    const gone = once(reply, 'close')
    for (let sent = 0; sent < 1500 && !reply.destroyed; sent++) {
      flooded += text.length
      if (!reply.write(text))
        await Promise.race([new Promise((go) => reply.once('drain', go)), gone])
    }
    reply.end(end)
  },
}
let flooded = 0

/** A caller on its own socket, so that leaving means leaving. */
function call(
  url: string,
  question: string,
  stream: boolean,
): { request: ClientRequest; reply: Promise<IncomingMessage> } {
  const body = JSON.stringify({
    model: 'openai/gpt-5.4',
    stream,
    messages: [{ role: 'user', content: question }],
  })
  const request = connect(`${url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  })
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
  request.end(body)
  return { request, reply }
}

async function textOf(reply: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of reply) text += String(piece)
  return text
}

const within = <T>(milliseconds: number, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`Not within ${milliseconds} ms`)), milliseconds),
    ),
  ])

/** How a caller leaves. workerd takes a mere end of the connection for a caller that still reads. */
const goodbyes = {
  ends: (request: ClientRequest): unknown => request.destroy(),
  resets: (request: ClientRequest): unknown => request.socket?.resetAndDestroy(),
}

describe.each([
  ['Node', startOnNode, ['ends', 'resets']],
  ['workerd', startOnWorkerd, ['resets']],
] as const)('on %s', (_, start, ways) => {
  let server: RunningServer
  let upstream: Upstream
  let leaves: (() => void)[] = []

  beforeAll(async () => {
    upstream = await startUpstream((request, reply) => {
      reply.on('close', () => {
        if (!reply.writableFinished) for (const leave of leaves) leave()
      })
      const asked = upstream.requests.at(-1)?.body ?? ''
      const name = Object.keys(behaviours).find((key) => asked.includes(`"${key}"`)) ?? 'silent'
      return behaviours[name]?.(request, reply)
    })
    server = await start({
      OPENAI_API_KEY: 'live-key',
      MIMUS_OPEN: '1',
      MIMUS_OPENAI_ORIGIN: upstream.url,
    })
  }, 60_000)

  afterAll(async () => {
    await server?.stop()
    await upstream?.close()
  }, 20_000)

  const leaving = (): Promise<void> => new Promise((resolve) => void (leaves = [resolve]))
  const ask = async (question: string, stream = false) => {
    const { reply } = call(server.url, question, stream)
    const answer = await within(5000, reply)
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: await within(5000, textOf(answer)),
    }
  }

  describe.each(ways)('a caller that %s its connection', (way) => {
    it.each([
      ['before an answer', 'silent', false],
      ['before a stream begins', 'silent', true],
      ['before the first event', 'headless', true],
      ['in the middle of a stream', 'stalls', true],
    ])('ends the call to the provider within a second: %s', async (_, question, stream) => {
      const left = leaving()
      const asked = upstream.requests.length
      const { request, reply } = call(server.url, question, stream)
      reply.then((answer) => answer.on('error', () => undefined)).catch(() => undefined)
      if (question === 'stalls') {
        const answer = await within(5000, reply)
        await within(2000, new Promise((resolve) => answer.once('data', resolve)))
      } else
        await within(
          5000,
          until(() => upstream.requests.length > asked),
        )
      await new Promise((resolve) => setTimeout(resolve, 50))
      goodbyes[way](request)
      await within(1000, left)
    })
  })

  it.each(['cuts', 'ends', 'halfEvent'])(
    'never ends a broken stream in silence: %s',
    async (question) => {
      const { status, text } = await ask(question, true)
      expect(status).toBe(200)
      const events = text.trim().split('\n\n')
      expect(events[0]).toContain('one')
      expect(JSON.parse(events.at(-1)?.replace(/^data: /, '') ?? '')).toMatchObject({
        error: { message: expect.any(String), type: 'server_error', param: null },
      })
      expect(text).not.toContain('[DONE]')
    },
  )

  it('passes a whole stream byte for byte', async () => {
    const { text, headers } = await ask('streams', true)
    expect(text).toBe(chunk('one') + end)
    expect(headers['x-mimus-target']).toBe('openai/gpt-5.4')
  })

  it('sends the gateway key upstream and nothing of the caller', async () => {
    await ask('streams', true)
    const sent = upstream.requests.at(-1)
    expect(sent?.headers['authorization']).toBe('Bearer live-key')
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ model: 'gpt-5.4' })
  })

  it.each([
    ['resets', 502],
    ['page', 502],
    ['pageAsSuccess', 502],
    ['errorAsSuccess', 429],
  ])('turns what is no answer into an error of the protocol: %s', async (question, expected) => {
    const { status, text } = await ask(question)
    expect(JSON.parse(text)).toMatchObject({
      error: { message: expect.any(String), type: expect.any(String) },
    })
    expect(status).toBe(expected)
    expect(text).not.toContain('<h1>')
  })

  it('answers with the error itself when a stream begins with one', async () => {
    const { status, text } = await ask('errorFirst', true)
    expect(status).toBeGreaterThanOrEqual(500)
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'Overloaded' } })
  })

  it('lets the provider wait while the caller does not read', async () => {
    flooded = 0
    const { request, reply } = call(server.url, 'floods', true)
    const answer = await within(5000, reply)
    answer.pause()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const held = flooded
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(flooded).toBe(held)
    // 90 MB are on offer; sockets and buffers hold a few.
    expect(held).toBeLessThan(30_000_000)
    request.destroy()
  }, 15_000)

  it('prints no error of its own', () => {
    expect(server.output()).not.toMatch(
      /UnhandledPromise|uncaught|\[ERROR\]|fetch failed|ENOTFOUND|Unable to fetch/i,
    )
  })
})

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

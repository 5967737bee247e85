// A provider with a tiny protocol of its own, to test what all mocks share.

import type { ChatRequest } from '#core/chat'
import { GatewayError } from '#core/error'
import { fold } from '#core/events'
import type { Json, JsonObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import { defineProvider, type Model, type Provider } from '#core/provider'
import { Reader } from '#core/reader'
import { mockApp } from '#mock/app'
import { mediaRoute, mockChat } from '#mock/chat'
import type { MockDialect, MockFailure } from '#mock/dialect'
import { hear } from '#mock/hear'
import { picture, voice } from '#mock/scripted-media'

const json = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value))

export const chatRequest = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'plain-1',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello there' }] }],
  tools: [],
  stream: false,
  unread: [],
  ...changes,
})

/** The request is the hub's own, a reply too, and every event is one JSON text. */
const plain: Protocol = {
  id: 'plain',
  request: {
    decode(body) {
      const reader = Reader.of(body)
      reader.string('model')
      reader.list('messages', (message) => message.oneOf('role', ['user', 'assistant', 'system']))
      return chatRequest(JSON.parse(JSON.stringify(body)))
    },
    encode: (request) => json(request),
  },
  reply: {
    decode: () => {
      throw new GatewayError('internal', 'Mocks decode no replies')
    },
    encode: (reply) => json(reply),
  },
  stream: {
    decoder: () => ({ push: (event) => [JSON.parse(event.data)], finish: () => [] }),
    encoder: () => ({ push: (event) => [{ data: JSON.stringify(event) }] }),
    watch: () => ({ see() {}, done: false, usage: undefined, failure: undefined }),
    failure: (error) => [{ event: 'error', data: error.message }],
  },
  error: {
    decode: ({ status, text }) => new GatewayError('upstream', text, { status }),
    encode: (error) => ({ status: error.status, body: error.message }),
  },
}

const statuses: Record<MockFailure['kind'], number> = {
  'no-key': 401,
  'bad-key': 401,
  forbidden: 403,
  quota: 402,
  'rate-limited': 429,
  overloaded: 503,
  'server-error': 500,
  timeout: 504,
  'not-found': 404,
  'too-large': 413,
  moderated: 422,
  'context-length': 422,
  'bad-request': 400,
}

const dialect: MockDialect = {
  keyOf: (request) => request.headers.get('authorization')?.slice('Bearer '.length) ?? undefined,
  refuse(failure, requestId) {
    const headers: Record<string, string> = { 'request-id': requestId }
    if (failure.kind === 'rate-limited') headers['retry-after'] = `${failure.retryAfterSeconds}`
    return Response.json({ error: failure }, { status: statuses[failure.kind], headers })
  },
  headers: (requestId) => ({ 'request-id': requestId, 'limit-remaining': '99' }),
}

export const models: readonly Model[] = [
  { id: 'plain-1', does: ['chat'], aliases: ['plain'], context: 10_000, can: ['tools', 'json'] },
  { id: 'thinker', does: ['chat'], can: ['tools', 'json', 'reasoning'] },
  { id: 'artist', does: ['chat'], replies: ['image', 'audio'] },
  { id: 'gone', does: ['chat'], retired: { on: '2026-01-01', successor: 'plain-1' } },
]

export const host = 'api.plain.test'
export const origin = `https://${host}`

/** A new one for each test: nothing is shared. */
export function plainProvider(): Provider {
  const mock = mockApp(dialect)
  const framing = (path: string) => (path.endsWith('array') ? 'array' : 'sse')
  const chat = mockChat(plain, {
    models,
    framing: (c) => framing(c.req.path),
    ids: { reply: (digits) => `reply_${digits}`, toolCall: (digits) => `call_${digits}` },
    signs: ['reasoning', 'tool-call'],
    tampered: ({ message, part }) => `The signature at ${message}.${part} is not ours`,
  })
  mock.post('/chat', chat)
  mock.post('/chat/array', chat)
  mock.post('/pictures', async (c) => {
    const { prompt, width = 32 } = await c.req.json<{ prompt: string; width?: number }>()
    if (width > 64) throw new GatewayError('invalid_request', 'Too wide', { param: 'width' })
    const drawing = { prompt, width, height: 16, format: 'png' } as const
    return c.body(new Uint8Array(await picture(c.var.call, drawing)), 200, {
      'content-type': 'image/png',
    })
  })
  mock.get('/jobs/:id', (c) => c.json({ id: c.req.param('id'), done: true }))
  // A path of its own model that the chat route would take as well.
  mock.post(
    '/say/:model{loud-.+}',
    mediaRoute((c) =>
      c.body(voice(c.var.call, { text: 'Hey', seconds: 1, format: 'wav' }), 200, {
        'content-type': 'audio/wav',
      }),
    ),
  )
  mock.post('/say/:model', chat)
  mock.post('/transcripts', async (c) => {
    const file = (await c.req.formData()).get('file')
    if (file === null || typeof file === 'string')
      throw new GatewayError('invalid_request', 'file must be a file', { param: 'file' })
    const bytes = new Uint8Array(await file.arrayBuffer())
    return c.json({ ...hear(bytes, { call: c.var.call }) })
  })
  return defineProvider({
    id: 'plain',
    name: 'Plain',
    origin,
    secret: 'PLAIN_KEY',
    models,
    adapters: {},
    auth: (key) => ({ authorization: `Bearer ${key}` }),
    readError: ({ status, text }) => new GatewayError('upstream', text, { status }),
    mock,
    mockHosts: { 'files.plain.test': { fetch: () => new Response('a file') } },
  })
}

/** A request to the provider's chat route. */
export const ask = (
  changes: Partial<ChatRequest> | { [field: string]: Json } = {},
  key = 'mock',
  path = '/chat',
): Request =>
  new Request(origin + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...chatRequest(), ...changes }),
  })

export const says = (text: string): Partial<ChatRequest> => ({
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
})

/** The text of a whole reply. */
export const textOfReply = (reply: { candidates: { content: { type: string }[] }[] }): string =>
  (reply.candidates[0]?.content ?? [])
    .map((part) => ('text' in part && part.type === 'text' ? String(part.text) : ''))
    .join('')

export { fold }

// What strict clients of the OpenAI face (openai-python, Vercel's AI SDK) demand beyond the TypeScript SDK.

import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '#core/chat'
import { isObject, parseJson, type JsonObject } from '#core/json'
import { openaiChat } from '#protocols/openai-chat/index'
import { encodeStream } from '../kit/codec.ts'
import { lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway()

const post = (path: string, body: JsonObject, key = 'mock'): Promise<Response> =>
  gateway.fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  })

const objects = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter((item) => isObject(item)) : []

/** The fragments of tool calls in a stream's chunks. */
const fragments = (data: readonly string[]): JsonObject[] =>
  data
    .map(parseJson)
    .filter((chunk) => isObject(chunk))
    .flatMap((chunk) => objects(chunk['choices']))
    .flatMap(({ delta }) => (isObject(delta) ? objects(delta['tool_calls']) : []))

const dataOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice(6)] : []))

describe('a streamed tool call', () => {
  it('has its function in every fragment, also in one that brings a signature', async () => {
    const reply = await post('/v1/chat/completions', {
      model: 'gemini-3.8-flash',
      stream: true,
      messages: [{ role: 'user', content: 'Use get_weather for Paris' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
          },
        },
      ],
    })
    const seen = fragments(dataOf(await reply.text()))
    expect(seen.some((fragment) => isObject(fragment['extra_content']))).toBe(true)
    for (const fragment of seen)
      expect(isObject(fragment['function']), JSON.stringify(fragment)).toBe(true)
  })

  it('brings a signature that is known at the start with its name', () => {
    const signature = { protocol: 'gemini', value: 'c2ln' }
    const events: ChatEvent[] = [
      { type: 'start', id: 'chatcmpl-1', model: 'some-model' },
      {
        type: 'part-start',
        index: 0,
        part: { type: 'tool-call', id: 'call_1', name: 'look', input: '', signature },
      },
      { type: 'part-delta', index: 0, delta: '{}' },
      { type: 'part-end', index: 0 },
      {
        type: 'end',
        finishes: [{ reason: 'tool-calls' }],
        usage: { inputTokens: 1, outputTokens: 1 },
      },
    ]
    const seen = fragments(encodeStream(openaiChat, events).map(({ data }) => data))
    expect(seen).toMatchObject([
      {
        id: 'call_1',
        function: { name: 'look' },
        extra_content: { google: { thought_signature: 'c2ln' } },
      },
      { function: { arguments: '{}' } },
    ])
  })
})

describe('a refusal of a provider with other statuses', () => {
  it.each([
    ['gemini-3.8-flash', 'mock-invalid', 401],
    ['claude-opus-5-5', 'mock-invalid', 401],
    ['claude-opus-5-5', 'mock-overloaded', 503],
    ['gemini-3.8-flash', 'mock-overloaded', 503],
    ['gemini-3.8-flash', 'mock-rate-limited', 429],
  ])('has the status this protocol has for it: %s, %s', async (model, key, status) => {
    const messages = [{ role: 'user', content: 'Say hello' }]
    const reply = await post('/v1/chat/completions', { model, messages }, key)
    expect(reply.status).toBe(status)
  })
})

it('never forwards an event that no client can read: the stream fails as its protocol does', async () => {
  const messages = [{ role: 'user', content: 'Say hello' }]
  const body = { model: 'gpt-4o', messages, stream: true }
  const reply = await post('/v1/chat/completions', body, 'mock-garbage')
  const text = await reply.text()
  for (const data of reply.ok ? dataOf(text) : [text]) expect(isObject(parseJson(data))).toBe(true)
  expect(text).toContain('"code":"upstream_error"')
})

it('names the request on every reply', async () => {
  const messages = [{ role: 'user', content: 'Say hello' }]
  for (const model of ['gpt-4o', 'claude-opus-5-5', 'gemini-3.8-flash', 'nothing-like-it']) {
    await post('/v1/chat/completions', { model, messages })
    expect(lastHeaders(gateway).get('x-request-id'), model).toBeTruthy()
  }
})

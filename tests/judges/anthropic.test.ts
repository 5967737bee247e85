// The official SDK against the mock, and what the adapter sends against what the SDK sends.

import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import type { ChatEvent, ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { Call } from '#core/provider'
import { createInternet } from '#mock/internet'
import { anthropicCounting, anthropicMessages } from '#protocols/anthropic-messages/index'
import anthropic from '../../providers/anthropic/index.ts'
import { callOn, failure, jsonBody } from '../kit/adapter-call.ts'

const internet = createInternet([anthropic])

interface Sent {
  url: string
  headers: Headers
  body: JsonObject
}

/** The SDK with the mock as its network; it sends 2026-10-21 and a bearer token of itself. */
function sdk(key = 'mock', headers: Record<string, string> = {}) {
  const sent: Sent[] = []
  const client = new Anthropic({
    apiKey: key,
    baseURL: anthropic.origin,
    maxRetries: 0,
    defaultHeaders: headers,
    fetch: async (input, init) => {
      const request = new Request(input instanceof URL ? input.href : input, init)
      const body = parseJson(await request.clone().text())
      sent.push({
        url: request.url,
        headers: request.headers,
        body: isObject(body) ? body : {},
      })
      return internet.fetch(request)
    },
  })
  return { client, sent }
}

const older = { 'anthropic-version': '2023-06-01' }
const model = 'claude-opus-5-5'
const ask = (content: string) => [{ role: 'user' as const, content }]

const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Get the current weather in a given location',
  input_schema: {
    type: 'object',
    properties: { location: { type: 'string' } },
    required: ['location'],
  },
}

describe('the SDK understands the mock', () => {
  it('in a whole reply', async () => {
    const { client, sent } = sdk()
    const message = await client.messages.create({
      model,
      max_tokens: 100,
      messages: ask('Reply with exactly: Good morning'),
    })
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer mock')
    expect(sent[0]?.headers.get('anthropic-version')).toBe('2026-10-21')
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
    })
    expect(message.id).toMatch(/^msg_01/)
    expect(message._request_id).toMatch(/^req_011/)
    expect(message.content.at(-1)).toEqual({
      type: 'text',
      text: 'Good morning',
      citations: null,
    })
    expect(message.usage.input_tokens).toBeGreaterThan(0)
    expect(message.usage.output_tokens).toBeGreaterThan(0)
  })

  it('in a stream that says the same', async () => {
    const params = { model, max_tokens: 200, messages: ask('Tell me about parrots.') }
    const whole = await sdk().client.messages.create(params)
    const stream = sdk().client.messages.stream(params)
    let text = ''
    let prompt = 0
    stream.on('text', (piece) => (text += piece))
    stream.on('streamEvent', (event) => {
      if (event.type === 'message_start') prompt = event.message.usage.input_tokens
    })
    const message = await stream.finalMessage()
    expect(message.content).toEqual(whole.content)
    expect(message.content.at(-1)).toMatchObject({ type: 'text', text })
    expect(message.stop_reason).toBe(whole.stop_reason)
    expect(message.usage.output_tokens).toBe(whole.usage.output_tokens)
    expect(message.usage.input_tokens).toBe(whole.usage.input_tokens)
    expect(prompt).toBe(whole.usage.input_tokens)
  })

  it('when it calls a tool, whole and streamed', async () => {
    const params = {
      model: 'claude-sonnet-4-6',
      max_tokens: 400,
      tools: [weather],
      tool_choice: { type: 'tool' as const, name: 'get_weather' },
      messages: ask('What is the weather in Paris?'),
    }
    const whole = await sdk().client.messages.create(params)
    const streamed = await sdk().client.messages.stream(params).finalMessage()
    expect(whole.stop_reason).toBe('tool_use')
    expect(whole.content).toEqual([
      expect.objectContaining({
        type: 'tool_use',
        id: expect.stringMatching(/^toolu_01/),
        name: 'get_weather',
        input: { location: expect.any(String) },
        caller: { type: 'direct' },
      }),
    ])
    expect(streamed.content).toEqual(whole.content)
  })

  it('when it thinks, and takes its thoughts back', async () => {
    const { client } = sdk('mock', older)
    const messages: Anthropic.MessageParam[] = ask('How many primes are there below 100?')
    const params = {
      model: 'claude-opus-4-6',
      max_tokens: 4000,
      thinking: { type: 'adaptive' as const },
    }
    const answer = await client.messages.stream({ ...params, messages }).finalMessage()
    const [thought] = answer.content
    expect(thought).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/.{20}/) })
    expect(answer.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0)

    const history: Anthropic.MessageParam[] = [
      ...messages,
      { role: 'assistant', content: answer.content },
      ...ask('Sure?'),
    ]
    await client.messages.create({ ...params, messages: history })
    const broken = JSON.parse(JSON.stringify(history).replace('"signature":"', '"signature":"AAAA'))
    await expect(client.messages.create({ ...params, messages: broken })).rejects.toThrow(
      /Invalid `signature` in `thinking` block/,
    )
  })

  it('when it counts', async () => {
    const { client } = sdk()
    const messages = ask('Hello, Claude')
    const { input_tokens: count } = await client.messages.countTokens({ model, messages })
    const { usage } = await client.messages.create({ model, max_tokens: 10, messages })
    expect(count).toBe(usage.input_tokens)
  })

  it('when it lists models, page by page', async () => {
    const { client } = sdk()
    const ids: string[] = []
    for await (const info of client.models.list({ limit: 5 })) ids.push(info.id)
    expect(ids).toEqual(
      anthropic.models.filter(({ retired }) => retired === undefined).map(({ id }) => id),
    )
    const retired = await client.models.list({ lifecycle: ['retired'], limit: 100 })
    expect(retired.data.map(({ id }) => id)).toContain('claude-3-opus-20240229')
    const info = await client.models.retrieve('claude-haiku-4-5')
    expect(info).toMatchObject({
      type: 'model',
      id: 'claude-haiku-4-5-20251001',
      line: 'haiku',
      lifecycle: 'active',
      max_tokens: 64_000,
    })
    expect(info.capabilities?.thinking.types.adaptive.supported).toBe(false)
  })
})

describe('the SDK raises its own error class', () => {
  const once = (key: string) =>
    sdk(key).client.messages.create({ model, max_tokens: 10, messages: ask('Hi') })

  it.each([
    ['mock-invalid', Anthropic.AuthenticationError, 'authentication_error'],
    ['mock-forbidden', Anthropic.PermissionDeniedError, 'permission_error'],
    ['mock-rate-limited', Anthropic.RateLimitError, 'rate_limit_error'],
    ['mock-overloaded', Anthropic.InternalServerError, 'overloaded_error'],
    ['mock-server-error', Anthropic.InternalServerError, 'api_error'],
    ['mock-context-length', Anthropic.BadRequestError, 'invalid_request_error'],
  ])('for the key %s', async (key, errorClass, type) => {
    const error = await once(key).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(errorClass)
    expect(error).toMatchObject({ type, requestID: expect.stringMatching(/^req_011/) })
  })

  it('with the time to wait', async () => {
    const error = await failureOf(once('mock-rate-limited'))
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0)
  })

  it.each([
    ['an unknown model', { model: 'claude-9' }, Anthropic.NotFoundError, /model: claude-9/],
    ['a retired model', { model: 'claude-3-opus-20240229' }, Anthropic.NotFoundError, /model/],
    [
      'a wrong type',
      { messages: [{ role: 'user', content: 7 }] },
      Anthropic.BadRequestError,
      /messages\[0\]\.content/,
    ],
    ['sampling in the newer version', { temperature: 1 }, Anthropic.BadRequestError, /temperature/],
    [
      'a budget',
      { max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } },
      Anthropic.BadRequestError,
      /thinking\.type\.enabled/,
    ],
    [
      'a forced tool',
      { tools: [weather], tool_choice: { type: 'any' } },
      Anthropic.BadRequestError,
      /forces tool use/,
    ],
    [
      'a prefill',
      { messages: [...ask('Hi'), { role: 'assistant', content: 'Well,' }] },
      Anthropic.BadRequestError,
      /prefill/,
    ],
    [
      'an open tool call',
      {
        messages: [
          ...ask('Hi'),
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }],
          },
          ...ask('Well?'),
        ],
      },
      Anthropic.BadRequestError,
      /toolu_1/,
    ],
  ])('for %s', async (_, changes, errorClass, message) => {
    const { client } = sdk()
    const params = { model, max_tokens: 10, messages: ask('Hi'), ...changes }
    const error = await failureOf(client.post('/v1/messages', { body: params }))
    expect(error).toBeInstanceOf(errorClass)
    expect(error.message).toMatch(message)
  })

  it('when a stream fails on the way', async () => {
    const stream = sdk('mock-error-in-stream').client.messages.stream({
      model,
      max_tokens: 500,
      messages: ask('Tell me about parrots.'),
    })
    const error = await failureOf(stream.finalMessage())
    expect(error).toBeInstanceOf(Anthropic.APIError)
    expect(error.status).toBeUndefined()
    expect(error.type).toMatch(/_error$/)
  })

  const failureOf = async (
    outcome: PromiseLike<unknown>,
  ): Promise<InstanceType<typeof Anthropic.APIError>> => {
    try {
      await outcome
    } catch (error) {
      if (error instanceof Anthropic.APIError) return error
      throw error
    }
    throw new Error('It did not fail')
  }
})

describe('the mock minds the version', () => {
  const post = (headers: Record<string, string>) =>
    internet.fetch(
      new Request(`${anthropic.origin}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          model: 'claude-opus-4-6',
          max_tokens: 20,
          temperature: 0.5,
          messages: ask('Hi'),
        }),
      }),
    )

  it('refuses requests without one, or with one it does not know', async () => {
    const none = await post({ 'x-api-key': 'mock' })
    expect(none.status).toBe(400)
    expect(await none.json()).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'anthropic-version: header is required' },
      request_id: none.headers.get('request-id'),
    })
    expect((await post({ 'x-api-key': 'mock', 'anthropic-version': '1999-01-01' })).status).toBe(
      400,
    )
  })

  it('takes both kinds of key with both versions, and sampling with the older one only', async () => {
    for (const key of [{ 'x-api-key': 'mock' }, { authorization: 'Bearer mock' }]) {
      expect((await post({ ...key, 'anthropic-version': '2023-06-01' })).status).toBe(200)
      expect((await post({ ...key, 'anthropic-version': '2026-10-21' })).status).toBe(400)
    }
    expect((await post({ 'anthropic-version': '2023-06-01' })).status).toBe(401)
  })

  it('tells the limits of the account', async () => {
    const { headers } = await post({ 'x-api-key': 'mock', 'anthropic-version': '2023-06-01' })
    for (const what of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
      expect(headers.get(`anthropic-ratelimit-${what}-limit`)).toMatch(/^\d+$/)
      expect(headers.get(`anthropic-ratelimit-${what}-reset`)).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z$/)
    }
  })
})

const requests = import.meta.glob('../wire/anthropic-messages/*.request.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

describe('the adapter sends what the SDK sends', () => {
  const { chat } = anthropic.adapters
  if (chat?.run === undefined) throw new Error('The adapter answers at once')
  const run = (request: ChatRequest, call: Call) => chat.run(request, call)
  const count = (request: ChatRequest, call: Call) => chat.count?.(request, call)

  // The catalogue's models refuse some of the documented parameters: the wording is what is compared.
  const able = { id: model, does: ['chat' as const] }

  for (const [path, text] of Object.entries(requests)) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const params = JSON.parse(text)
    if (name === 'cache-everything.request.json') continue
    it(`field by field: ${name}`, async () => {
      const { client, sent } = sdk()
      await client.messages.create(params).then(
        () => undefined,
        () => undefined,
      )
      const request = anthropicMessages.request.decode(params)
      const { call, sent: ours } = callOn(anthropic, 'claude-opus-5-5')
      const roomy = {
        ...call,
        model: {
          ...able,
          id: params.model,
          can: ['tools', 'json', 'reasoning', 'system-messages'] as const,
        },
      }
      await run(request, roomy).then(
        () => undefined,
        () => undefined,
      )
      const expected = { ...sent[0]?.body }
      for (const field of request.unread) delete expected[field]
      expect(jsonBody(ours[0])).toEqual(expected)
      expect(ours[0]?.url).toBe(sent[0]?.url)
      expect(ours[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'x-api-key': 'mock',
        'anthropic-version': '2023-06-01',
      })
    })
  }

  it('and reads the answer, streamed and whole alike', async () => {
    const body = { model, max_tokens: 300, messages: ask('Tell me about parrots.') }
    const request = anthropicMessages.request.decode(body)
    const { call } = callOn(anthropic, model)
    const whole = await collect(await run(request, call))
    const batches: (readonly ChatEvent[])[] = []
    for await (const batch of await run({ ...request, stream: true }, call)) batches.push(batch)
    expect(batches.length).toBeGreaterThan(2)
    expect(await collect(again(batches))).toEqual(whole)
  })

  async function* again(batches: (readonly ChatEvent[])[]) {
    yield* batches
  }

  it('counts as the SDK does', async () => {
    const { client, sent } = sdk()
    const params = {
      model,
      system: 'You are a scientist.',
      tools: [weather],
      messages: ask('Hello, Claude'),
    }
    const { input_tokens: expected } = await client.messages.countTokens(params)
    const { call, sent: ours } = callOn(anthropic, model)
    expect(await count(anthropicCounting.request.decode(params), call)).toBe(expected)
    expect(jsonBody(ours[0])).toEqual(sent[0]?.body)
    expect(ours[0]?.url).toBe(sent[0]?.url)
  })

  it('reads refusals as what they are', async () => {
    const request = anthropicMessages.request.decode({ model, max_tokens: 5, messages: ask('Hi') })
    const kinds = {
      'mock-invalid': 'authentication',
      'mock-rate-limited': 'rate_limited',
      'mock-overloaded': 'overloaded',
      'mock-quota': 'quota_exhausted',
    }
    for (const [key, kind] of Object.entries(kinds)) {
      const { call } = callOn(anthropic, model, { key })
      const error = await failure(run(request, call))
      expect(error.kind, key).toBe(kind)
      expect(error.details.requestId).toMatch(/^req_011/)
    }
  })
})

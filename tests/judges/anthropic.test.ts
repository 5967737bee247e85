import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import anthropic from '../../providers/anthropic/index.ts'
import { ask, internet, model, older, sdk, weather } from './anthropic-sdk.ts'

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
      {
        model: 'claude-sonnet-5',
        max_tokens: 4000,
        thinking: { type: 'enabled', budget_tokens: 2000 },
      },
      Anthropic.BadRequestError,
      /thinking\.type\.enabled.* is not supported.*thinking\.type\.adaptive/,
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

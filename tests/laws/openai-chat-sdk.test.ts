// The official SDK reads what the protocol writes: whole replies, streams, errors.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { ChatEvent, ChatReply, ChatRequest } from '#core/chat'
import { errorKinds, GatewayError, type ErrorKind } from '#core/error'
import { replay } from '#core/events'
import { openaiChat } from '#protocols/openai-chat/index'
import { encodeSse } from '#protocols/sse'
import { encodeStream, plainRequest } from '../contract/protocol.ts'

const usage = {
  inputTokens: 20,
  outputTokens: 10,
  cacheReadTokens: 4,
  reasoningTokens: 3,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
}

const reply: ChatReply = {
  id: 'chatcmpl-1',
  model: 'some-model',
  created: 1_700_000_000,
  candidates: [
    {
      content: [
        { type: 'reasoning', text: 'Hm.', signature: { protocol: 'gemini', value: 'c2ln' } },
        { type: 'text', text: 'Looking 🔭 up' },
        { type: 'tool-call', id: 'call_1', name: 'weather', input: '{"city":"Paris"}' },
        {
          type: 'tool-call',
          id: 'call_2',
          name: 'weather',
          input: '{"city":"Rome"}',
          signature: { protocol: 'gemini', value: 'c2ln' },
        },
      ],
      finish: { reason: 'tool-calls' },
    },
  ],
  usage,
  serviceTier: 'default',
}

const answer = (text: string): ChatReply => ({
  ...reply,
  candidates: [{ content: [{ type: 'text', text }], finish: { reason: 'stop' } }],
})

type Answer = (request: ChatRequest) => Response

/** The SDK in front of a server that answers with our encoders; the requests it made are decoded and kept. */
function client(...answers: Answer[]): { sdk: OpenAI; requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  const sdk = new OpenAI({
    apiKey: 'some-key',
    maxRetries: 0,
    fetch: async (_, init) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
      const request = openaiChat.request.decode(body)
      requests.push(request)
      const next = answers[Math.min(requests.length, answers.length) - 1]
      if (next === undefined) throw new Error('No answer was prepared')
      return next(request)
    },
  })
  return { sdk, requests }
}

const whole =
  (value: ChatReply): Answer =>
  (request) =>
    Response.json(openaiChat.reply.encode(value, request))

const streamed =
  (events: readonly ChatEvent[], failure?: GatewayError): Answer =>
  (request) => {
    const wire = encodeStream(openaiChat, events, request)
    const frames = failure === undefined ? [] : openaiChat.stream.failure(failure)
    return new Response([...wire, ...frames].map(encodeSse).join(''), {
      headers: { 'content-type': 'text/event-stream' },
    })
  }

const refused =
  (error: GatewayError): Answer =>
  () => {
    const { status, headers, body } = openaiChat.error.encode(error)
    return Response.json(body, headers === undefined ? { status } : { status, headers })
  }

const hello = { model: 'some-model', messages: [{ role: 'user' as const, content: 'Hello' }] }

describe('the SDK', () => {
  it('reads a whole reply', async () => {
    const { sdk } = client(whole(reply))
    const completion = await sdk.chat.completions.create(hello)
    expect(completion).toMatchObject({ id: 'chatcmpl-1', object: 'chat.completion' })
    const [choice] = completion.choices
    expect(choice?.finish_reason).toBe('tool_calls')
    expect(choice?.message.content).toBe('Looking 🔭 up')
    expect(choice?.message.tool_calls?.map((call) => call.id)).toEqual(['call_1', 'call_2'])
    expect(completion.usage).toMatchObject({
      total_tokens: 30,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    })
  })

  it('folds a stream with its own helper into the same reply', async () => {
    const { sdk, requests } = client(streamed(replay(reply)))
    const stream = sdk.chat.completions.stream({
      ...hello,
      stream_options: { include_usage: true },
    })
    const calls: string[] = []
    stream.on('tool_calls.function.arguments.done', (call) => calls.push(call.arguments))
    const completion = await stream.finalChatCompletion()
    expect(requests[0]).toMatchObject({ stream: true, streamUsage: true })
    expect(calls).toEqual(['{"city":"Paris"}', '{"city":"Rome"}'])
    const [choice] = completion.choices
    expect(choice?.message.content).toBe('Looking 🔭 up')
    expect(choice?.message.tool_calls).toMatchObject([
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'weather', arguments: '{"city":"Paris"}' },
      },
      { id: 'call_2', extra_content: { google: { thought_signature: 'c2ln' } } },
    ])
    expect(completion.usage?.total_tokens).toBe(30)
  })

  it('sees one identity on all chunks, the role first, usage only in the last', async () => {
    const { sdk } = client(streamed(replay(reply)))
    const chunks: OpenAI.ChatCompletionChunk[] = []
    const stream = await sdk.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' })
    for (const chunk of chunks)
      expect(chunk).toMatchObject({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model: 'some-model',
      })
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 20 } })
    const fragments = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    expect(fragments.map(({ index, id }) => [index, id])).toEqual([
      [0, 'call_1'],
      [0, undefined],
      [1, 'call_2'],
      [1, undefined],
    ])
    // The AI SDK's client reads the proof of a call in its first fragment only.
    expect(fragments[2]).toHaveProperty('extra_content')
  })

  it('sees no usage when it did not ask for it', async () => {
    const { sdk } = client(streamed(replay(reply)))
    for await (const chunk of await sdk.chat.completions.create({ ...hello, stream: true })) {
      expect(chunk).not.toHaveProperty('usage')
      expect(chunk.choices).toHaveLength(1)
    }
  })

  it('runs tools to the end', async () => {
    const { sdk, requests } = client(whole(reply), whole(answer('Sunny in both')))
    const runner = sdk.chat.completions.runTools({
      ...hello,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Tells the weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: (text: string) => text,
            function: (text: string) => `Sunny for ${text}`,
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('Sunny in both')
    // The runner echoes only the fields it knows.
    expect(requests[1]?.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Looking 🔭 up' },
          { type: 'tool-call', id: 'call_1', name: 'weather', input: '{"city":"Paris"}' },
          { type: 'tool-call', id: 'call_2', name: 'weather', input: '{"city":"Rome"}' },
        ],
      },
      {
        role: 'user',
        content: ['Paris', 'Rome'].map((city, index) => ({
          type: 'tool-result',
          id: `call_${index + 1}`,
          output: [{ type: 'text', text: `Sunny for {"city":"${city}"}` }],
        })),
      },
    ])
  })

  it('gives back thoughts and proofs when the message is sent again as it came', async () => {
    const { sdk, requests } = client(whole(reply))
    const { choices } = await sdk.chat.completions.create(hello)
    const echoed = choices.map((choice) => choice.message)
    await sdk.chat.completions.create({ ...hello, messages: [...hello.messages, ...echoed] })
    expect(requests[1]?.messages[1]).toEqual({
      role: 'assistant',
      content: reply.candidates[0].content,
    })
    expect(requests[1]?.unread).toEqual([])
  })

  const classes = {
    invalid_request: OpenAI.BadRequestError,
    authentication: OpenAI.AuthenticationError,
    permission: OpenAI.PermissionDeniedError,
    not_found: OpenAI.NotFoundError,
    conflict: OpenAI.ConflictError,
    too_large: OpenAI.APIError,
    unsupported: OpenAI.BadRequestError,
    context_length: OpenAI.BadRequestError,
    content_policy: OpenAI.BadRequestError,
    rate_limited: OpenAI.RateLimitError,
    quota_exhausted: OpenAI.RateLimitError,
    overloaded: OpenAI.InternalServerError,
    timeout: OpenAI.InternalServerError,
    upstream: OpenAI.InternalServerError,
    cancelled: OpenAI.APIError,
    internal: OpenAI.InternalServerError,
  } satisfies Record<ErrorKind, abstract new (...values: never[]) => Error>

  it.each(Object.entries(classes))('raises its own class for %s', async (kind, expected) => {
    if (!(kind in errorKinds)) return
    const known = Object.keys(classes).find((name): name is ErrorKind => name === kind)
    const error = new GatewayError(known ?? 'internal', 'What went wrong', { param: 'messages[0]' })
    const { sdk } = client(refused(error))
    const thrown: unknown = await sdk.chat.completions
      .create(hello)
      .catch((caught: unknown) => caught)
    expect(thrown).toBeInstanceOf(expected)
    expect(thrown).toMatchObject({
      status: error.status,
      param: 'messages[0]',
      message: `${error.status} What went wrong`,
    })
    expect(thrown).toHaveProperty('error', {
      message: expect.any(String),
      type: expect.any(String),
      param: 'messages[0]',
      code: kind === 'invalid_request' || kind === 'internal' ? null : expect.any(String),
    })
  })

  it('raises an error for a stream that fails midway, after what came before', async () => {
    const begun = replay(reply).slice(0, 6)
    const { sdk } = client(streamed(begun, new GatewayError('overloaded', 'Too busy')))
    const seen: string[] = []
    const reading = (async () => {
      const stream = await sdk.chat.completions.create({ ...hello, stream: true })
      for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content ?? '')
    })()
    await expect(reading).rejects.toMatchObject({
      message: 'Too busy',
      type: 'server_error',
      code: 'server_is_overloaded',
    })
    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError)
    expect(seen.join('')).toContain('Looking')
  })
})

describe('what the SDK sends', () => {
  it('is understood field by field', async () => {
    const { sdk, requests } = client(whole(answer('{}')))
    await sdk.chat.completions.create({
      model: 'some-model',
      messages: [
        { role: 'developer', content: 'Be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          ],
        },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'thing', schema: { type: 'object' }, strict: true },
      },
      max_completion_tokens: 20,
      reasoning_effort: 'high',
      tools: [{ type: 'function', function: { name: 'look' } }],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: [{ type: 'function', function: { name: 'look' } }],
        },
      },
    })
    expect(requests).toEqual([
      {
        model: 'some-model',
        system: [
          { type: 'text', text: 'Be brief', extra: { 'openai-chat': { role: 'developer' } } },
        ],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'See' },
              { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' }, detail: 'low' },
            ],
          },
        ],
        output: { name: 'thing', schema: { type: 'object' }, strict: true },
        maxOutputTokens: 20,
        reasoning: { effort: 'high' },
        tools: [{ type: 'function', name: 'look' }],
        toolChoice: 'required',
        stream: false,
        unread: [],
      },
    ])
  })

  it('equals what we send for the same request', async () => {
    const body = openaiChat.request.encode(plainRequest, {
      model: { id: 'some-model', does: ['chat'] },
      lose: () => undefined,
    })
    const { sdk, requests } = client(streamed(replay(answer('Hi'))))
    const stream = await sdk.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const _ of stream) continue
    expect(openaiChat.request.decode(body)).toEqual(requests[0])
  })
})

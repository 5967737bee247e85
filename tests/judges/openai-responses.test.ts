// The official SDK reads what the protocol writes: whole, streamed, folded by its helper, parsed, refused.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatEvent, ChatReply, ChatRequest, Finish } from '#core/chat'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { mockApp } from '#mock/app'
import { mockChat } from '#mock/chat'
import { protocolDialect } from '#mock/protocol-dialect'
import { openaiResponses } from '#protocols/openai-responses/index'
import { encodeSse } from '#protocols/sse'
import { ableModel, encodeStream } from '../kit/codec.ts'

const usage = {
  inputTokens: 20,
  outputTokens: 10,
  cacheReadTokens: 4,
  cacheWriteTokens: 2,
  reasoningTokens: 3,
}

const saying = (content: AssistantPart[], finish: Finish): ChatReply => ({
  id: 'resp_1',
  model: 'some-model',
  created: 1_700_000_000,
  candidates: [{ content, finish }],
  usage,
  serviceTier: 'default',
})

const call = (id: string, city: string): AssistantPart => ({
  type: 'tool-call',
  id,
  name: 'weather',
  input: JSON.stringify({ city }),
})

const working = saying(
  [
    {
      type: 'reasoning',
      text: 'Hm.',
      signature: { protocol: 'anthropic-messages', value: 'c2ln' },
    },
    {
      type: 'text',
      text: 'Looking 🔭 up',
      citations: [{ url: 'https://example.com', title: 'Example', start: 0, end: 7 }],
    },
    call('call_1', 'Paris'),
    call('call_2', 'Rome'),
  ],
  { reason: 'tool-calls' },
)
const answer = (text: string): ChatReply => saying([{ type: 'text', text }], { reason: 'stop' })

type Answer = (request: ChatRequest) => Response

/** The SDK in front of a server that answers with our encoders; the requests it made are decoded and kept. */
function client(...answers: Answer[]): { sdk: OpenAI; requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  const sdk = new OpenAI({
    apiKey: 'some-key',
    maxRetries: 0,
    fetch: async (_, init) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
      const request = openaiResponses.request.decode(body)
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
    Response.json(openaiResponses.reply.encode(value, request))

const events = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } })

const streamed =
  (value: readonly ChatEvent[]): Answer =>
  (request) =>
    events(encodeStream(openaiResponses, value, request).map(encodeSse).join(''))

const hello = { model: 'some-model', input: 'Hello' }
const weather = {
  type: 'function' as const,
  name: 'weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
}

describe('the SDK', () => {
  it('reads a whole reply', async () => {
    const { sdk } = client(whole(working))
    const response = await sdk.responses.create(hello)
    expect(response).toMatchObject({
      id: 'resp_1',
      status: 'completed',
      output_text: 'Looking 🔭 up',
      service_tier: 'default',
      usage: {
        input_tokens: 20,
        output_tokens: 10,
        total_tokens: 30,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
        output_tokens_details: { reasoning_tokens: 3 },
      },
    })
    expect(response.output.map((item) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ])
  })

  it('reads a stream to its end', async () => {
    const { sdk, requests } = client(streamed(replay(working)))
    let text = ''
    let last: string | undefined
    for await (const event of await sdk.responses.create({ ...hello, stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta
      last = event.type
    }
    expect(requests[0]?.stream).toBe(true)
    expect(text).toBe('Looking 🔭 up')
    expect(last).toBe('response.completed')
  })

  it('folds a stream with its own helper into the reply that comes whole', async () => {
    const { sdk } = client(streamed(replay(working)), whole(working))
    const stream = sdk.responses.stream(hello)
    const inputs: string[] = []
    stream.on('response.function_call_arguments.delta', ({ snapshot }) => inputs.push(snapshot))
    const { output: folded, ...final } = await stream.finalResponse()
    const { output, ...response } = await sdk.responses.create(hello)
    expect(final).toMatchObject({
      id: response.id,
      usage: response.usage,
      output_text: response.output_text,
    })
    expect(folded).toMatchObject(output)
    expect(inputs).toEqual(['{"city":"Paris"}', '{"city":"Rome"}'])
  })

  it('folds every kind of part, cut anywhere and grown side by side', async () => {
    const begin = (index: number, part: AssistantPart): ChatEvent => ({
      type: 'part-start',
      index,
      part,
    })
    const grow = (index: number, delta: string): ChatEvent => ({ type: 'part-delta', index, delta })
    const end = (index: number): ChatEvent => ({ type: 'part-end', index })
    const picture = { type: 'file' as const, mediaType: 'image/png' }
    const { sdk } = client(
      streamed([
        { type: 'start', id: 'chatcmpl-1', model: 'm', created: 1 },
        begin(0, { type: 'reasoning', text: '' }),
        grow(0, 'H'),
        grow(0, 'm'),
        end(0),
        begin(1, { type: 'text', text: 'A' }),
        begin(2, { type: 'tool-call', id: 'c1', name: 'f', input: '' }),
        grow(1, 'B'),
        begin(3, { type: 'tool-call', id: 'c2', name: 'g', input: 'ls', kind: 'custom' }),
        grow(2, '{}'),
        grow(3, ' -l'),
        end(3),
        end(1),
        end(2),
        begin(4, { ...picture, source: { base64: 'iVBORw0KGgo=' } }),
        end(4),
        begin(5, { type: 'refusal', text: '' }),
        grow(5, 'No'),
        end(5),
        begin(6, { type: 'opaque', protocol: 'gemini', value: { executableCode: 'x' } }),
        end(6),
        { type: 'end', finishes: [{ reason: 'tool-calls' }], usage },
      ]),
    )
    const response = await sdk.responses.stream(hello).finalResponse()
    expect(response.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'Hm' }] },
      { type: 'message', content: [{ type: 'output_text', text: 'AB' }] },
      { type: 'function_call', call_id: 'c1', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'c2', input: 'ls -l' },
      { type: 'image_generation_call', result: 'iVBORw0KGgo=' },
      { type: 'message', content: [{ type: 'refusal', refusal: 'No' }] },
      { type: 'reasoning', summary: [] },
    ])
    expect(response.output_text).toBe('AB')
  })

  it('sees a reply that was cut short as incomplete, whole and streamed', async () => {
    const cut = saying([{ type: 'text', text: 'It was' }], { reason: 'length' })
    const { sdk } = client(whole(cut), streamed(replay(cut)))
    for (const response of [
      await sdk.responses.create(hello),
      await sdk.responses.stream(hello).finalResponse(),
    ])
      expect(response).toMatchObject({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [{ status: 'incomplete' }],
      })
  })

  it.each(['whole', 'streamed'])('goes on with the output it was given: %s', async (how) => {
    const first = how === 'whole' ? whole(working) : streamed(replay(working))
    const { sdk, requests } = client(first, whole(answer('Sunny in both')))
    const question = { role: 'user' as const, content: 'Weather?' }
    const asked = { model: 'some-model', tools: [weather] }
    const { output } =
      how === 'whole'
        ? await sdk.responses.create({ ...asked, input: [question] })
        : await sdk.responses.stream({ ...asked, input: [question] }).finalResponse()
    // The SDK does not let the type of an output item be that of an input item, though all are.
    const given: OpenAI.Responses.ResponseInputItem[] = JSON.parse(JSON.stringify(output))
    const results = output.flatMap((item): OpenAI.Responses.ResponseInputItem[] =>
      item.type !== 'function_call'
        ? []
        : [
            {
              type: 'function_call_output',
              call_id: item.call_id,
              output: [
                { type: 'input_text', text: 'Sunny' },
                { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
              ],
            },
          ],
    )
    const last = await sdk.responses.create({ ...asked, input: [question, ...given, ...results] })
    expect(last.output_text).toBe('Sunny in both')
    expect(requests[1]?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: working.candidates[0].content },
      {
        role: 'user',
        content: [
          { type: 'tool-result', id: 'call_1', output: [{ text: 'Sunny' }, { detail: 'low' }] },
          { type: 'tool-result', id: 'call_2' },
        ],
      },
    ])
    expect(requests[1]?.unread).toEqual([])
  })

  it('parses structured output and the arguments of strict tools', async () => {
    const format = {
      type: 'json_schema' as const,
      name: 'place',
      schema: { type: 'object', properties: { city: { type: 'string' } } },
      strict: true,
    }
    const { sdk, requests } = client(whole(answer('{"city":"Oslo"}')), whole(working))
    const parsed = await sdk.responses.parse({ ...hello, text: { format } })
    expect(parsed.output_parsed).toEqual({ city: 'Oslo' })
    expect(requests[0]?.output).toEqual({ name: 'place', schema: format.schema, strict: true })
    const called = await sdk.responses.parse({ ...hello, tools: [weather] })
    expect(
      called.output.flatMap((item) =>
        item.type === 'function_call' ? [item.parsed_arguments] : [],
      ),
    ).toEqual([{ city: 'Paris' }, { city: 'Rome' }])
  })

  it('throws what a refusal says', async () => {
    const error = new GatewayError('rate_limited', 'Slow down', { retryAfterMs: 1500 })
    const { sdk } = client(() => {
      const { status, headers = {}, body } = openaiResponses.error.encode(error)
      return Response.json(body, { status, headers })
    })
    const thrown = sdk.responses.create(hello)
    await expect(thrown).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    await expect(thrown).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  })

  it.each(['with the numbers of its stream', 'without'])(
    'throws a failure in the midst of a stream, %s',
    async (how) => {
      const error = new GatewayError('overloaded', 'Try later')
      const answers: Answer = (request) => {
        const encoder = openaiResponses.stream.encoder(request)
        const begun = replay(working)
          .slice(0, 4)
          .flatMap((event) => encoder.push(event))
        const told = how === 'without' ? undefined : encoder.failure?.(error)
        const failed = told ?? openaiResponses.stream.failure(error)
        return events([...begun, ...failed].map(encodeSse).join(''))
      }
      const { sdk } = client(answers)
      const expected = { code: 'server_is_overloaded', type: 'server_error' }
      const seen: string[] = []
      await expect(
        (async () => {
          for await (const event of await sdk.responses.create({ ...hello, stream: true }))
            seen.push(event.type)
        })(),
      ).rejects.toMatchObject(expected)
      expect(seen).toContain('response.output_item.added')
      await expect(sdk.responses.stream(hello).finalResponse()).rejects.toMatchObject(expected)
    },
  )
})

describe('a mock of the protocol', () => {
  const mock = mockApp(protocolDialect(openaiResponses))
  mock.post(
    '/v1/responses',
    mockChat(openaiResponses, {
      models: [ableModel('some-model')],
      ids: { reply: (digits) => `resp_${digits}`, toolCall: (digits) => `call_${digits}` },
    }),
  )
  const sdk = (apiKey = 'mock') =>
    new OpenAI({
      apiKey,
      maxRetries: 0,
      fetch: async (url, init) => mock.fetch(new Request(url, init), {}),
    })

  it('answers whole and streamed alike', async () => {
    const response = await sdk().responses.create(hello)
    expect(response.output_text).not.toBe('')
    const { output_text: streamedText } = await sdk().responses.stream(hello).finalResponse()
    expect(streamedText).toBe(response.output_text)
  })

  it('calls the tool it must call', async () => {
    const { output } = await sdk()
      .responses.stream({ ...hello, tools: [weather], tool_choice: 'required' })
      .finalResponse()
    expect(output).toContainEqual(
      expect.objectContaining({ type: 'function_call', name: 'weather', status: 'completed' }),
    )
  })

  it('fails as its key says', async () => {
    await expect(sdk('mock-invalid').responses.create(hello)).rejects.toMatchObject({ status: 401 })
    await expect(
      sdk('mock-error-in-stream').responses.stream(hello).finalResponse(),
    ).rejects.toMatchObject({ code: 'server_is_overloaded' })
  })
})

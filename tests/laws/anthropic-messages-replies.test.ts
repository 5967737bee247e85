import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatEvent, ChatReply, Finish } from '#core/chat'
import { GatewayError } from '#core/error'
import { fold, replay } from '#core/events'
import { isObject, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { parseEvents } from '#protocols/sse'
import { caught, decodeStream, encodeStream, failure, plainRequest } from '../kit/codec.ts'

const reply = (content: AssistantPart[], finish: Finish = { reason: 'stop' }): ChatReply => ({
  id: 'reply-1',
  model: 'some-model',
  candidates: [{ content, finish }],
  usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 10 },
})
const encode = (content: AssistantPart[], finish?: Finish) =>
  anthropicMessages.reply.encode(reply(content, finish), plainRequest)

const datas = (wire: SseEvent[]): JsonObject[] =>
  wire.map(({ data }) => JSON.parse(data)).filter(isObject)
/** What happens to blocks, in order: `start 0`, `delta 0`, `stop 0` ... */
const blocksIn = (wire: SseEvent[]): string[] =>
  datas(wire).flatMap(({ type, index }) =>
    typeof type === 'string' && typeof index === 'number'
      ? [`${type.replace('content_block_', '')} ${index}`]
      : [],
  )

const [broken = ''] = Object.values(
  import.meta.glob('../wire/anthropic-messages/mid-stream-error.failing', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

describe('streams', () => {
  const start: ChatEvent = { type: 'start', id: 'r', model: 'm' }
  const end: ChatEvent = {
    type: 'end',
    finishes: [{ reason: 'tool-calls' }],
    usage: { inputTokens: 1, outputTokens: 2 },
  }
  const call = (id: string): AssistantPart => ({ type: 'tool-call', id, name: 'look', input: '' })

  it('tell parts that grow at the same time one after the other, and lose nothing', () => {
    const events: ChatEvent[] = [
      start,
      { type: 'part-start', index: 0, part: call('a') },
      { type: 'part-start', index: 1, part: call('b') },
      { type: 'part-delta', index: 1, delta: '{"b":' },
      { type: 'part-delta', index: 0, delta: '{"a":' },
      { type: 'part-delta', index: 1, delta: '1}' },
      { type: 'part-start', index: 2, part: { type: 'text', text: 'Al' } },
      { type: 'part-start', index: 3, part: { type: 'text', text: 'La' } },
      { type: 'part-delta', index: 3, delta: 'st' },
      { type: 'part-end', index: 1 },
      { type: 'part-delta', index: 0, delta: '1}' },
      { type: 'part-end', index: 0 },
      { type: 'part-delta', index: 2, delta: 'so' },
      end,
    ]
    const wire = encodeStream(anthropicMessages, events)
    expect(blocksIn(wire)).toEqual([
      'start 0',
      'delta 0',
      'delta 0',
      'stop 0',
      'start 1',
      'delta 1',
      'delta 1',
      'stop 1',
      'start 2',
      'delta 2',
      'delta 2',
      'stop 2',
      'start 3',
      'delta 3',
      'delta 3',
      'stop 3',
    ])
    expect(fold(decodeStream(anthropicMessages, wire)).candidates[0].content).toEqual([
      { ...call('a'), input: '{"a":1}' },
      { ...call('b'), input: '{"b":1}' },
      { type: 'text', text: 'Also' },
      { type: 'text', text: 'Last' },
    ])
  })

  it('write the first part as it comes, whatever waits', () => {
    const encoder = anthropicMessages.stream.encoder(plainRequest)
    encoder.push(start)
    encoder.push({ type: 'part-start', index: 0, part: { type: 'text', text: '' } })
    encoder.push({ type: 'part-start', index: 1, part: call('b') })
    const wire = encoder.push({ type: 'part-delta', index: 0, delta: 'Hi' })
    expect(datas(wire)).toEqual([
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    ])
  })

  it('name every event, begin with a ping, and tell the prompt at once where it is known', () => {
    const wire = encodeStream(anthropicMessages, replay(reply([{ type: 'text', text: 'Hi' }])))
    expect(wire.map(({ event }) => event)).toEqual(datas(wire).map(({ type }) => type))
    expect(wire[1]?.event).toBe('ping')
    expect(datas(wire)[0]).toMatchObject({
      message: { usage: { input_tokens: 2, cache_read_input_tokens: 10, output_tokens: 1 } },
    })
  })

  it('count what nobody counted as nothing, as the vendor does, whose clients add the numbers', () => {
    const usage = { inputTokens: 7, outputTokens: 3 }
    const plain = { ...reply([{ type: 'text', text: 'Hi' }]), usage }
    const encodeReply = (said: ChatReply) => anthropicMessages.reply.encode(said, plainRequest)
    const counts = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
    const told = {
      ...counts,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      service_tier: 'standard',
    }
    expect(encodeReply(plain)).toMatchObject({ usage: told })
    expect(encodeReply({ ...plain, serviceTier: 'default' })).toMatchObject({ usage: told })
    const wire = datas(encodeStream(anthropicMessages, replay(plain)))
    expect(wire[0]).toMatchObject({ message: { usage: told } })
    expect(wire.at(-2)).toMatchObject({ type: 'message_delta', usage: counts })
    // How long the written ones are kept is not known.
    const written = encodeReply({ ...plain, usage: { ...usage, cacheWriteTokens: 2 } })
    expect(written).toMatchObject({ usage: { input_tokens: 5, cache_creation: null } })
  })

  it('with the vendor\u2019s error event throw it', () => {
    const wire = parseEvents(broken)
    const thrown = caught(() => decodeStream(anthropicMessages, wire))
    expect(thrown).toMatchObject({
      kind: 'overloaded',
      message: 'Overloaded',
      details: { requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    })
    const watch = anthropicMessages.stream.watch()
    for (const event of wire) watch.see(event)
    expect(watch.done).toBe(true)
    expect(watch.failure?.kind).toBe('overloaded')
    expect(watch.usage).toEqual({ inputTokens: 25, outputTokens: 1 })
  })

  it('keep a hidden thought whole, and a thought that turns out hidden', () => {
    const redacted = { protocol: 'anthropic-messages', value: 'EmwKAhgB' }
    const wire = encodeStream(
      anthropicMessages,
      replay(reply([{ type: 'reasoning', text: '', redacted }])),
    )
    expect(datas(wire)[2]).toMatchObject({
      content_block: { type: 'redacted_thinking', data: 'EmwKAhgB' },
    })
    const both: AssistantPart = {
      type: 'reasoning',
      text: 'In short',
      redacted: { protocol: 'openai-responses', value: 'gAAAAA' },
    }
    const decoded = fold(
      decodeStream(anthropicMessages, encodeStream(anthropicMessages, replay(reply([both])))),
    )
    expect(decoded.candidates[0].content).toEqual([both])
  })
})

describe('thoughts', () => {
  const signature = { protocol: 'gemini', value: 'c2lnbmF0dXJl' }
  const thought: AssistantPart = { type: 'reasoning', text: 'Hm', signature }

  it('signed by another protocol come back through the caller as they were', () => {
    const { content } = encode([thought])
    const { messages } = anthropicMessages.request.decode({
      model: 'm',
      max_tokens: 1,
      messages: [{ role: 'assistant', content: content ?? null }],
    })
    expect(messages[0]?.content).toEqual([thought])
  })

  it('are emptied for callers who do not want to see them, but keep their signature', () => {
    const request = { ...plainRequest, reasoning: { visible: false } }
    const unsigned: AssistantPart = { type: 'reasoning', text: 'Unsigned' }
    const whole = anthropicMessages.reply.encode(reply([thought, unsigned]), request)
    const expected = [{ type: 'thinking', thinking: '', signature: '@gemini:c2lnbmF0dXJl' }]
    expect(whole['content']).toEqual(expected)
    const wire = encodeStream(anthropicMessages, replay(reply([thought, unsigned])), request)
    expect(JSON.stringify(wire)).not.toMatch(/Hm|Unsigned/)
    expect(fold(decodeStream(anthropicMessages, wire)).candidates[0].content).toEqual([
      { ...thought, text: '' },
    ])
  })
})

describe('what the vendor has no block for', () => {
  it('a refusal is a stop reason with its words, in a stream too', () => {
    const refusal: AssistantPart = { type: 'refusal', text: 'I will not.' }
    const expected = { type: 'refusal', category: null, explanation: 'I will not.' }
    expect(encode([refusal], { reason: 'stop', raw: 'stop' })).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: expected,
    })
    const wire = encodeStream(anthropicMessages, replay(reply([refusal])))
    expect(datas(wire).at(-2)).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: expected },
    })
    const again = fold(decodeStream(anthropicMessages, wire)).candidates[0]
    expect(again).toEqual({
      content: [refusal],
      finish: { reason: 'content-filter', raw: 'refusal' },
    })
  })

  it('an image or a sound is a Markdown link that keeps every byte, in a stream too', () => {
    const image: AssistantPart = {
      type: 'file',
      mediaType: 'image/png',
      source: { base64: 'iVBORw0KGgo=' },
    }
    const sound: AssistantPart = {
      type: 'file',
      mediaType: 'audio/mpeg',
      source: { base64: 'SUQz' },
      transcript: 'Hello',
    }
    const expected = [
      { type: 'text', text: '![image](data:image/png;base64,iVBORw0KGgo=)', citations: null },
      { type: 'text', text: 'Hello\n\n[audio](data:audio/mpeg;base64,SUQz)', citations: null },
    ]
    expect(encode([image, sound])['content']).toEqual(expected)
    const wire = encodeStream(anthropicMessages, [
      { type: 'start', id: 'r', model: 'm' },
      { type: 'part-start', index: 0, part: { ...image, source: { base64: '' } } },
      { type: 'part-delta', index: 0, delta: 'iVBORw0K' },
      { type: 'part-delta', index: 0, delta: 'Ggo=' },
      { type: 'part-end', index: 0 },
      { type: 'end', finishes: [{ reason: 'stop' }], usage: { inputTokens: 1, outputTokens: 1 } },
    ])
    expect(fold(decodeStream(anthropicMessages, wire)).candidates[0].content).toEqual([
      { type: 'text', text: expected[0]?.text },
    ])
  })

  it('free text and arguments that were cut are one field of an object', () => {
    const call: AssistantPart = {
      type: 'tool-call',
      id: 'a',
      name: 'f',
      input: '{"a":"b',
      kind: 'function',
    }
    const input = { input: '{"a":"b' }
    expect(encode([call])['content']).toMatchObject([{ input }])
    expect(encode([{ ...call, kind: 'custom', input: '{}' }])['content']).toMatchObject([
      { input: { input: '{}' } },
    ])
    const wire = encodeStream(anthropicMessages, replay(reply([{ ...call, kind: 'custom' }])))
    expect(fold(decodeStream(anthropicMessages, wire)).candidates[0].content).toMatchObject([
      { input: JSON.stringify(input) },
    ])
  })
})

describe('errors', () => {
  it('of another vendor get the words and status of this one', () => {
    const error = new GatewayError('overloaded', 'Busy', {
      status: 503,
      code: 'slow_down',
      retryAfterMs: 1500,
      requestId: 'req-7',
      body: { error: { message: 'Busy', type: 'server_error' } },
    })
    expect(anthropicMessages.error.encode(error)).toEqual({
      status: 529,
      headers: { 'retry-after': '2' },
      body: {
        type: 'error',
        error: {
          type: 'overloaded_error',
          message: 'Busy',
          details: { error_code: 'slow_down' },
        },
        request_id: 'req-7',
      },
    })
  })

  it('of this vendor that became another kind on the way are not passed through', () => {
    const body = {
      type: 'error',
      error: { type: 'authentication_error', message: 'invalid x-api-key' },
    }
    const error = new GatewayError('upstream', 'The key of the gateway was refused', { body })
    expect(anthropicMessages.error.encode(error)).toMatchObject({
      status: 502,
      body: { error: { type: 'api_error', message: 'The key of the gateway was refused' } },
    })
  })

  it('carry what the vendor says about waiting and limits', () => {
    const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }
    const headers = {
      'retry-after': '12',
      'request-id': 'req_1',
      'anthropic-ratelimit-tokens-remaining': '0',
    }
    const error = anthropicMessages.error.decode(failure(429, body, headers))
    expect(error.details).toMatchObject({
      retryAfterMs: 12_000,
      requestId: 'req_1',
      code: 'rate_limit_error',
      headers: { 'retry-after': '12', 'anthropic-ratelimit-tokens-remaining': '0' },
    })
  })

  it('inside a 200 are thrown', () => {
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    expect(caught(() => anthropicMessages.reply.decode(body))).toMatchObject({ kind: 'overloaded' })
  })
})

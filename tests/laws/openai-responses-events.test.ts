// The event stream of the Responses API, event by event, and how it agrees with the whole reply.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatEvent, ChatReply, Finish } from '#core/chat'
import { GatewayError } from '#core/error'
import { fold, replay } from '#core/events'
import { isObject, type Json, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import { openaiResponses } from '#protocols/openai-responses/index'
import {
  caught,
  decodeStream,
  encodeStream,
  expectWellFormed,
  jsonObject,
  overWire,
  plainRequest,
} from '../kit/codec.ts'
import { identifier, words } from '../kit/part-arbitraries.ts'

const usage = {
  inputTokens: 9,
  outputTokens: 5,
  cacheReadTokens: 4,
  cacheWriteTokens: 1,
  reasoningTokens: 2,
}
const stop: Finish = { reason: 'stop', raw: 'completed' }
const calling: Finish = { reason: 'tool-calls', raw: 'completed' }

const saying = (content: AssistantPart[], finish: Finish = stop): ChatReply => ({
  id: 'resp_1',
  model: 'some-model',
  created: 1_700_000_000,
  candidates: [{ content, finish }],
  usage,
})

const parsed = (wire: readonly SseEvent[]): JsonObject[] => wire.map(({ data }) => jsonObject(data))
const told = (reply: ChatReply): JsonObject[] =>
  parsed(encodeStream(openaiResponses, replay(reply)))
const types = (events: readonly JsonObject[]): Json[] => events.map(({ type = null }) => type)
const named = (events: readonly JsonObject[], type: string): JsonObject[] =>
  events.filter((event) => event['type'] === type)
const inside = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const last = (events: readonly JsonObject[]): JsonObject => inside(events.at(-1)?.['response'])
const items = (response: JsonObject): JsonObject[] =>
  Array.isArray(response['output']) ? response['output'].filter(isObject) : []

const text = (said: string): AssistantPart => ({ type: 'text', text: said })
const call = (id: string, input = '{"a":1}'): AssistantPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  input,
})
const thought: AssistantPart = {
  type: 'reasoning',
  text: 'Hm',
  signature: { protocol: 'anthropic-messages', value: 'c2ln' },
}

describe('a streamed reply', () => {
  it('tells everything in the documented order', () => {
    const events = told(saying([thought, text('Hi'), call('call_1')], calling))
    expect(types(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ])
  })

  it('names each event as its data does, and numbers them from 0 without a gap', () => {
    const wire = encodeStream(openaiResponses, replay(saying([thought, text('Hi'), call('c')])))
    for (const [index, event] of wire.entries())
      expect(jsonObject(event.data)).toMatchObject({ type: event.event, sequence_number: index })
  })

  it('begins with a response that has not begun', () => {
    const [created] = told(saying([text('Hi')]))
    expect(created).toMatchObject({
      response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] },
    })
    expect(inside(created?.['response'])).toHaveProperty('usage', null)
  })
})

describe('what other gateways get wrong', () => {
  const reply = saying([thought, text('Hi'), call('call_1'), call('call_2')], calling)
  const events = told(reply)

  it('no two items share an output_index: they are dense from 0 in the order they appear', () => {
    const added = named(events, 'response.output_item.added')
    expect(added.map((event) => event['output_index'])).toEqual([0, 1, 2, 3])
    const calls = told(saying([call('call_1'), call('call_2')], calling))
    expect(
      named(calls, 'response.output_item.added').map((event) => event['output_index']),
    ).toEqual([0, 1])
  })

  it('deltas carry the id and index of their own item', () => {
    const ids = new Map(
      named(events, 'response.output_item.added').map((event) => [
        event['output_index'],
        inside(event['item'])['id'],
      ]),
    )
    const scoped = events.filter((event) => 'item_id' in event)
    expect(scoped.length).toBeGreaterThan(8)
    for (const event of scoped) expect(event['item_id']).toBe(ids.get(event['output_index']))
    expect(new Set(ids.values()).size).toBe(4)
    const [delta] = named(events, 'response.function_call_arguments.delta')
    expect(delta?.['item_id']).toMatch(/^fc_/)
  })

  it('every item and every part that was added is done', () => {
    for (const what of ['output_item', 'content_part', 'reasoning_summary_part'])
      expect(named(events, `response.${what}.done`)).toHaveLength(
        named(events, `response.${what}.added`).length,
      )
    const done = named(events, 'response.function_call_arguments.done')
    expect(done.map((event) => event['arguments'])).toEqual(['{"a":1}', '{"a":1}'])
  })

  it('the last snapshot has all items, as their own ends told them', () => {
    const done = named(events, 'response.output_item.done').map((event) => event['item'])
    expect(items(last(events))).toEqual(done)
    expect(items(last(events)).map((item) => item['type'])).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ])
  })

  it.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('a reply cut by %s is incomplete, and so is its last item', (reason, said) => {
    const cut = told(saying([text('It'), call('call_1', '{"a')], { reason }))
    expect(cut.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: said } },
    })
    expect(items(last(cut)).map((item) => item['status'])).toEqual(['completed', 'incomplete'])
  })

  it('thoughts are told, with what their model wants back', () => {
    const [delta] = named(events, 'response.reasoning_summary_text.delta')
    expect(delta).toMatchObject({ delta: 'Hm', summary_index: 0, output_index: 0 })
    expect(items(last(events))[0]).toHaveProperty('encrypted_content')
  })
})

describe('parts', () => {
  it('of custom calls have events of their own', () => {
    const custom: AssistantPart = {
      type: 'tool-call',
      id: 'call_1',
      name: 'f',
      input: 'ls',
      kind: 'custom',
    }
    const events = told(saying([custom], calling))
    expect(named(events, 'response.custom_tool_call_input.delta')[0]?.['item_id']).toMatch(/^ctc_/)
    expect(named(events, 'response.custom_tool_call_input.done')[0]).toMatchObject({ input: 'ls' })
    expect(items(last(events))[0]).toMatchObject({ type: 'custom_tool_call', input: 'ls' })
  })

  it('of one message are numbered within it', () => {
    const events = told(saying([text('A'), text('B'), { type: 'refusal', text: 'No' }]))
    const added = named(events, 'response.content_part.added')
    expect(added.map((event) => [event['output_index'], event['content_index']])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
    ])
    expect(named(events, 'response.refusal.done')[0]).toMatchObject({ refusal: 'No' })
  })

  it('tell of their citations before they end', () => {
    const citations = [{ url: 'https://example.com', title: 'Example', start: 0, end: 2 }]
    const events = told(saying([{ type: 'text', text: 'Hi', citations }]))
    const [added] = named(events, 'response.output_text.annotation.added')
    expect(added).toMatchObject({
      annotation_index: 0,
      annotation: {
        type: 'url_citation',
        url: 'https://example.com',
        start_index: 0,
        end_index: 2,
      },
    })
    const order = types(events)
    expect(order.indexOf('response.output_text.annotation.added')).toBeLessThan(
      order.indexOf('response.content_part.done'),
    )
  })

  it('that are pictures have an item with their data at its end', () => {
    const picture: AssistantPart = {
      type: 'file',
      mediaType: 'image/png',
      source: { base64: 'iVBORw0KGgo=' },
    }
    const events = told(saying([picture]))
    const [added] = named(events, 'response.output_item.added')
    expect(added).toMatchObject({ item: { type: 'image_generation_call', result: null } })
    expect(items(last(events))).toEqual([
      expect.objectContaining({
        status: 'completed',
        result: 'iVBORw0KGgo=',
        output_format: 'png',
      }),
    ])
  })

  it('that have no place are said: a sound by its words, a file by its address', () => {
    const sound: AssistantPart = {
      type: 'file',
      mediaType: 'audio/wav',
      source: { base64: 'UklGRg==' },
      transcript: 'Hello',
    }
    const file: AssistantPart = {
      type: 'file',
      mediaType: 'image/png',
      source: { url: 'https://example.com/a.png' },
    }
    const { candidates } = fold(
      decodeStream(openaiResponses, encodeStream(openaiResponses, replay(saying([sound, file])))),
    )
    expect(candidates[0].content).toEqual([text('Hello'), text('https://example.com/a.png')])
  })

  it('that grow side by side interleave, each under its own index', () => {
    const begin = (index: number, id: string): ChatEvent => ({
      type: 'part-start',
      index,
      part: { type: 'tool-call', id, name: 'f', input: '' },
    })
    const grow = (index: number, delta: string): ChatEvent => ({ type: 'part-delta', index, delta })
    const events: ChatEvent[] = [
      { type: 'start', id: 'resp_1', model: 'm', created: 1 },
      begin(0, 'call_1'),
      begin(1, 'call_2'),
      grow(1, '{"b"'),
      grow(0, '{"a"'),
      grow(1, ':2}'),
      { type: 'part-end', index: 1 },
      grow(0, ':1}'),
      { type: 'part-end', index: 0 },
      { type: 'end', finishes: [calling], usage },
    ]
    const wire = encodeStream(openaiResponses, events)
    const deltas = named(parsed(wire), 'response.function_call_arguments.delta')
    expect(deltas.map((event) => event['output_index'])).toEqual([1, 0, 1, 0])
    const back = decodeStream(openaiResponses, wire)
    expectWellFormed(back)
    expect(fold(back)).toEqual(fold(events))
  })
})

describe('a whole reply', () => {
  const part: fc.Arbitrary<AssistantPart> = fc.oneof(
    words.map(text),
    fc.record({ type: fc.constant('refusal' as const), text: words }),
    fc.record({ type: fc.constant('reasoning' as const), text: words }),
    fc.constant(thought),
    identifier.map((id) => call(id)),
  )
  const finishes: fc.Arbitrary<Finish> = fc.constantFrom(stop, { reason: 'length' })

  it('is the response that its stream ends with', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), finishes, (content, finish) => {
        const reply = saying(content, finish)
        expect(last(told(reply))).toEqual(
          overWire(openaiResponses.reply.encode(reply, plainRequest)),
        )
      }),
    )
  })

  it('that is complete says by its items whether a tool is waited for', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (content) => {
        const isCalling = content.some(({ type }) => type === 'tool-call')
        const reply = saying(content, isCalling ? calling : stop)
        const body = openaiResponses.reply.encode(reply, plainRequest)
        expect(body['status']).toBe('completed')
        expect(openaiResponses.reply.decode(overWire(body)).candidates[0].finish).toEqual(
          isCalling ? calling : stop,
        )
      }),
    )
  })

  it('that a caller gives back as input is the same answer again', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (content) => {
        const { output = [] } = openaiResponses.reply.encode(saying(content), plainRequest)
        const { messages } = openaiResponses.request.decode(overWire({ model: 'm', input: output }))
        expect(messages).toEqual([{ role: 'assistant', content }])
      }),
    )
  })

  it('repeats what was asked', () => {
    const body = openaiResponses.reply.encode(saying([text('Hi')]), {
      ...plainRequest,
      system: [{ type: 'text', text: 'Be brief' }],
      tools: [{ type: 'function', name: 'f' }],
      toolChoice: { name: 'f' },
      temperature: 0,
      maxOutputTokens: 5,
      metadata: { a: 'b' },
      output: { name: 'n', schema: { type: 'object' } },
      reasoning: { effort: 'low', visible: true },
      parallelToolCalls: false,
      user: 'u',
      cacheKey: 'k',
    })
    expect(body).toMatchObject({
      instructions: 'Be brief',
      tools: [{ type: 'function', name: 'f', parameters: null, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
      temperature: 0,
      max_output_tokens: 5,
      metadata: { a: 'b' },
      text: { format: { type: 'json_schema', name: 'n' } },
      reasoning: { effort: 'low', summary: 'auto' },
      parallel_tool_calls: false,
      safety_identifier: 'u',
      prompt_cache_key: 'k',
    })
  })

  it('has an id of the right form, made of the one it came with', () => {
    const body = openaiResponses.reply.encode(
      { ...saying([text('Hi')]), id: 'msg_01/a' },
      plainRequest,
    )
    expect(body['id']).toBe('resp_msg_01_a')
    expect(items(body)[0]).toMatchObject({ id: 'msg_msg_01_a_0' })
  })
})

describe('a failure', () => {
  const error = new GatewayError('rate_limited', 'Slow down')

  it('in a stream goes on with its numbers and names the response', () => {
    const encoder = openaiResponses.stream.encoder(plainRequest)
    const [start, begun, delta] = replay(saying([text('Hi')]))
    const before = [start, begun, delta].flatMap((event) =>
      event === undefined ? [] : encoder.push(event),
    )
    const wire = [...before, ...(encoder.failure?.(error) ?? [])]
    const events = parsed(wire)
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at))
    expect(events.at(-2)).toMatchObject({
      type: 'error',
      code: 'rate_limit_exceeded',
      message: 'Slow down',
      param: null,
      error: { type: 'rate_limit_error' },
    })
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        id: 'resp_1',
        status: 'failed',
        error: { code: 'rate_limit_exceeded', message: 'Slow down' },
        output: [{ type: 'message', content: [{ text: 'Hi' }] }],
      },
    })
    expect(caught(() => decodeStream(openaiResponses, wire))).toMatchObject({
      kind: 'rate_limited',
    })
  })

  it.each([
    [
      {
        type: 'response.failed',
        response: { error: { code: 'rate_limit_exceeded', message: 'x' } },
      },
      'rate_limited',
    ],
    [
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'x' } } },
      'upstream',
    ],
    [
      {
        type: 'response.failed',
        response: { error: { code: 'image_content_policy_violation', message: 'x' } },
      },
      'content_policy',
    ],
    [{ type: 'response.failed', response: { error: null } }, 'upstream'],
    [
      { type: 'error', code: 'context_length_exceeded', message: 'x', param: null },
      'context_length',
    ],
    [
      {
        type: 'error',
        error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'x' },
      },
      'quota_exhausted',
    ],
  ])('is read with its kind: %j', (event, kind) => {
    const wire = [{ event: event.type, data: JSON.stringify(event) }]
    expect(caught(() => decodeStream(openaiResponses, wire))).toMatchObject({ kind })
    const watch = openaiResponses.stream.watch()
    for (const one of wire) watch.see(one)
    expect(watch.failure?.kind).toBe(kind)
  })

  it.each([
    [{ status: 'failed', error: { code: 'server_error', message: 'x' }, output: [] }, 'upstream'],
    [{ status: 'failed', error: null, output: [] }, 'upstream'],
    [{ status: 'cancelled', error: null, output: [] }, 'cancelled'],
    [{ status: 'in_progress', error: null, output: [] }, 'upstream'],
  ])('of a whole reply is read with its kind: %j', (body, kind) => {
    expect(caught(() => openaiResponses.reply.decode(body))).toMatchObject({ kind })
  })

  it('is seen in no text that only speaks of one', () => {
    const said = '{"type":"error"} {"type": "response.completed"}'
    const wire = encodeStream(openaiResponses, replay(saying([text(said)])))
    const watch = openaiResponses.stream.watch()
    for (const event of wire.slice(0, -1)) watch.see(event)
    expect([watch.done, watch.failure]).toEqual([false, undefined])
  })
})

describe('streams of hosts that take liberties', () => {
  const event = (type: string, fields: JsonObject): SseEvent => ({
    data: JSON.stringify({ type, ...fields }),
  })
  const message = {
    type: 'message',
    id: 'm',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
  }
  const completed = (output: JsonObject[]): SseEvent =>
    event('response.completed', {
      response: { id: 'r', model: 'm', status: 'completed', output, usage: null },
    })
  const contentOf = (...wire: SseEvent[]): AssistantPart[] =>
    fold(decodeStream(openaiResponses, wire)).candidates[0].content

  it('are read where the parts are not told of, only their text', () => {
    expect(
      contentOf(
        event('response.output_text.delta', { output_index: 0, content_index: 0, delta: 'H' }),
        event('response.output_text.delta', { output_index: 0, content_index: 0, delta: 'i' }),
        completed([message]),
      ),
    ).toEqual([text('Hi')])
  })

  it('are read where items come whole', () => {
    expect(
      contentOf(
        event('response.output_item.done', { output_index: 0, item: message }),
        event('response.output_item.done', {
          output_index: 1,
          item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        }),
        completed([]),
      ),
    ).toEqual([text('Hi'), call('c', '{}')])
  })

  it('are read where only the end tells of the output', () => {
    expect(contentOf(completed([message]))).toEqual([text('Hi')])
  })

  it('are read where every item has the same id', () => {
    const made = (index: number, id: string): SseEvent[] => [
      event('response.output_item.added', {
        output_index: index,
        item: { type: 'function_call', id: 'same', call_id: id, name: 'f', arguments: '' },
      }),
      event('response.function_call_arguments.delta', {
        output_index: index,
        item_id: 'same',
        delta: '{}',
      }),
    ]
    expect(contentOf(...made(0, 'a'), ...made(1, 'b'), completed([]))).toEqual([
      call('a', '{}'),
      call('b', '{}'),
    ])
  })

  it('pass over events that nobody knows, and a [DONE] after the end', () => {
    expect(
      contentOf(
        event('keepalive', {}),
        event('response.shell_call_command.delta', { output_index: 3, delta: 'x' }),
        completed([message]),
        { data: '[DONE]' },
      ),
    ).toEqual([text('Hi')])
  })
})

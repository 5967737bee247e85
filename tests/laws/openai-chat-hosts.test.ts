// Replies, streams and errors as vendors and compatible hosts really send them.

import { describe, expect, it } from 'vitest'
import { GatewayError } from '#core/error'
import { fold } from '#core/events'
import type { JsonObject } from '#core/json'
import { openaiChat } from '#protocols/openai-chat/index'
import {
  decodeStream,
  encodeStream,
  expectWellFormed,
  failure,
  plainRequest,
} from '../contract/protocol.ts'

const chunk = (delta: JsonObject, finish: string | null = null, rest: JsonObject = {}) => ({
  data: JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...rest,
  }),
})
const fragment = (fields: JsonObject) => chunk({ tool_calls: [fields] })
const done = { data: '[DONE]' }

const calls = (...fragments: JsonObject[]) => {
  const events = decodeStream(openaiChat, [
    ...fragments.map(fragment),
    chunk({}, 'tool_calls'),
    done,
  ])
  expectWellFormed(events)
  return fold(events).candidates[0].content.map((part) =>
    part.type === 'tool-call' ? [part.id, part.name, part.input] : part,
  )
}

describe('tool calls of a stream', () => {
  it('are told apart when they come by turns', () => {
    expect(
      calls(
        { index: 0, id: 'a', function: { name: 'one', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'two', arguments: '{"x"' } },
        { index: 0, function: { arguments: '{}' } },
        { index: 1, function: { arguments: ':1}' } },
      ),
    ).toEqual([
      ['a', 'one', '{}'],
      ['b', 'two', '{"x":1}'],
    ])
  })

  it('are told apart by their ids when all have the index 0', () => {
    expect(
      calls(
        { index: 0, id: 'a', function: { name: 'one', arguments: '{' } },
        { index: 0, function: { arguments: '}' } },
        { index: 0, id: 'b', function: { name: 'one', arguments: '{"y"' } },
        { index: 0, id: '', function: { arguments: ':2}' } },
      ),
    ).toEqual([
      ['a', 'one', '{}'],
      ['b', 'one', '{"y":2}'],
    ])
  })

  it('go on when the id is repeated, and when the index is missing', () => {
    expect(
      calls(
        { id: 'a', function: { name: 'one', arguments: '{"a"' } },
        { id: 'a', function: { name: 'one', arguments: ':1' } },
        { function: { arguments: '}' } },
        { id: 'b', function: { name: 'two', arguments: '' } },
      ),
    ).toEqual([
      ['a', 'one', '{"a":1}'],
      ['b', 'two', ''],
    ])
  })

  it('get an id where the host gives none', () => {
    expect(
      calls(
        { index: 0, function: { name: 'one', arguments: '{}' } },
        { index: 1, id: null, function: { name: 'two', arguments: '{}' } },
      ),
    ).toEqual([
      ['call_0_0', 'one', '{}'],
      ['call_0_1', 'two', '{}'],
    ])
  })

  it('are written with dense numbers for each choice, id and name once', () => {
    const part = (id: string) => ({ type: 'tool-call' as const, id, name: 'f', input: '' })
    const wire = encodeStream(openaiChat, [
      { type: 'start', id: 'r', model: 'm' },
      { type: 'part-start', index: 0, part: { type: 'text', text: '' } },
      { type: 'part-start', index: 1, candidate: 1, part: part('x') },
      { type: 'part-start', index: 2, part: part('y') },
      { type: 'part-start', index: 3, candidate: 1, part: part('z') },
      { type: 'part-delta', index: 1, delta: '{}' },
      { type: 'part-delta', index: 3, delta: '[]' },
    ])
    const made = wire.flatMap(({ data }) => {
      const { choices } = JSON.parse(data)
      return choices.flatMap((choice: JsonObject) => {
        const { delta, index } = choice
        const list =
          typeof delta === 'object' && delta !== null && 'tool_calls' in delta
            ? delta['tool_calls']
            : []
        return Array.isArray(list) ? list.map((entry) => [index, entry]) : []
      })
    })
    expect(made).toEqual([
      [1, { index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: '' } }],
      [0, { index: 0, id: 'y', type: 'function', function: { name: 'f', arguments: '' } }],
      [1, { index: 1, id: 'z', type: 'function', function: { name: 'f', arguments: '' } }],
      [1, { index: 0, function: { arguments: '{}' } }],
      [1, { index: 1, function: { arguments: '[]' } }],
    ])
  })
})

describe('a stream', () => {
  it('is complete without [DONE] once every choice has ended', () => {
    const events = decodeStream(openaiChat, [chunk({ content: 'Hi' }), chunk({}, 'stop')])
    expect(fold(events).candidates[0].finish).toEqual({ reason: 'stop', raw: 'stop' })
  })

  it.each([
    ['no finish_reason', [chunk({ content: 'Hi' })]],
    ['[DONE] before the finish_reason', [chunk({ content: 'Hi' }), done]],
    [
      'one choice of two ended',
      [
        chunk({}, null, { choices: [{ index: 1, delta: { content: 'B' } }] }),
        chunk({ content: 'A' }, 'stop'),
        done,
      ],
    ],
  ])('is blamed on the provider: %s', (_, wire) => {
    expect(() => decodeStream(openaiChat, wire)).toThrow(
      expect.objectContaining({ kind: 'upstream' }),
    )
    const watch = openaiChat.stream.watch()
    for (const event of wire) watch.see(event)
    expect(watch.done && watch.failure === undefined).toBe(false)
  })

  it.each<[string, JsonObject]>([
    ['beside the last choice', { usage: { prompt_tokens: 3, completion_tokens: 2 } }],
    ['under x_groq', { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } } }],
    [
      'in the choice',
      {
        choices: [
          {
            index: 0,
            delta: {},
            finish_reason: 'stop',
            usage: { prompt_tokens: 3, completion_tokens: 2 },
          },
        ],
      },
    ],
  ])('has its usage %s', (_, rest) => {
    const wire = [chunk({ content: 'Hi' }), chunk({}, 'stop', rest), done]
    expect(fold(decodeStream(openaiChat, wire)).usage).toEqual({ inputTokens: 3, outputTokens: 2 })
    const watch = openaiChat.stream.watch()
    for (const event of wire) watch.see(event)
    expect(watch.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
  })

  it('counts reasoning that a host leaves out of completion_tokens', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 35 }
    const wire = [chunk({ content: 'Hi' }, 'stop', { usage }), done]
    expect(fold(decodeStream(openaiChat, wire)).usage.outputTokens).toBe(25)
  })

  it.each([
    [
      { data: '{"error":{"message":"Busy","type":"server_error","code":"slow_down"}}' },
      'overloaded',
    ],
    [{ event: 'error', data: '{"message":"No","type":"insufficient_quota"}' }, 'quota_exhausted'],
    [{ data: '{"error":{"code":429,"message":"Slow"},"choices":[]}' }, 'rate_limited'],
    [{ data: '{"error":"It broke"}' }, 'upstream'],
    [{ data: '{"object":"error","message":"Bad","code":400}' }, 'invalid_request'],
    [chunk({}, 'error'), 'upstream'],
  ])('throws the error inside it: %o', (event, kind) => {
    const thrown = expect.objectContaining({ name: 'GatewayError', kind })
    expect(() => decodeStream(openaiChat, [chunk({ content: 'Hi' }), event])).toThrow(thrown)
  })

  it('keeps thoughts apart from text, and text apart from thoughts after it', () => {
    const events = decodeStream(openaiChat, [
      chunk({ reasoning_content: 'a' }),
      chunk({ content: 'b', reasoning_content: null }),
      chunk({ reasoning: 'c' }),
      chunk({ content: 'd' }),
      chunk({}, 'stop'),
    ])
    expect(fold(events).candidates[0].content).toEqual([
      { type: 'reasoning', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'reasoning', text: 'c' },
      { type: 'text', text: 'd' },
    ])
  })

  it('ignores what comes before the first choice, and the padding', () => {
    const events = decodeStream(openaiChat, [
      { data: '{"id":"","model":"","choices":[],"prompt_filter_results":[]}' },
      { data: '' },
      chunk({ content: 'Hi' }, null, { obfuscation: 'x9' }),
      chunk({}, 'stop'),
    ])
    expect(fold(events)).toMatchObject({ id: 'c', model: 'm' })
    expect(fold(events).extra).toEqual({ 'openai-chat': { prompt_filter_results: [] } })
  })

  it('is over after [DONE]', () => {
    const wire = [chunk({ content: 'Hi' }), chunk({}, 'stop'), done]
    const events = decodeStream(openaiChat, [...wire, chunk({ content: ' again' }), done])
    expect(events).toEqual(decodeStream(openaiChat, wire))
  })

  it('counts citations from the beginning of the answer', () => {
    const citations = [{ url: 'https://a.example', title: 'A', start: 0, end: 2 }]
    const text = { type: 'text' as const, text: '' }
    const wire = encodeStream(openaiChat, [
      { type: 'start', id: 'r', model: 'm' },
      { type: 'part-start', index: 0, part: text },
      { type: 'part-delta', index: 0, delta: 'One. ' },
      { type: 'part-end', index: 0 },
      { type: 'part-start', index: 1, part: text },
      { type: 'part-delta', index: 1, delta: 'Two.' },
      { type: 'part-end', index: 1, set: { citations } },
    ])
    expect(wire.at(-1)?.data).toContain('"end_index":7,"start_index":5')
  })

  it('says no usage to a caller who did not ask for it', () => {
    const { streamUsage: _, ...request } = plainRequest
    const wire = encodeStream(
      openaiChat,
      [
        { type: 'start', id: 'r', model: 'm' },
        { type: 'end', finishes: [{ reason: 'stop' }], usage: { inputTokens: 1, outputTokens: 1 } },
      ],
      request,
    )
    expect(wire.some(({ data }) => data.includes('usage'))).toBe(false)
    expect(wire.at(-1)).toEqual(done)
  })

  it('tells the service tier once it is known', () => {
    const tiers = (start: string | undefined) =>
      encodeStream(openaiChat, [
        {
          type: 'start',
          id: 'r',
          model: 'm',
          ...(start === undefined ? {} : { serviceTier: start }),
        },
        {
          type: 'end',
          finishes: [{ reason: 'stop' }],
          usage: { inputTokens: 1, outputTokens: 1 },
          serviceTier: 'flex',
        },
      ]).map(({ data }) => data.split('"service_tier"').length - 1)
    expect(tiers('flex')).toEqual([1, 1, 1, 0])
    expect(tiers(undefined)).toEqual([0, 1, 1, 0])
  })

  it('puts a picture that came in pieces into one delta', () => {
    const wire = encodeStream(openaiChat, [
      { type: 'start', id: 'r', model: 'm' },
      {
        type: 'part-start',
        index: 0,
        part: { type: 'file', mediaType: 'image/png', source: { base64: '' } },
      },
      { type: 'part-delta', index: 0, delta: 'AAAA' },
      { type: 'part-delta', index: 0, delta: 'BBBB' },
      { type: 'part-end', index: 0 },
    ])
    expect(wire).toHaveLength(2)
    expect(wire[1]?.data).toContain('data:image/png;base64,AAAABBBB')
  })
})

describe('a reply', () => {
  const reply = (message: JsonObject, rest: JsonObject = {}) =>
    openaiChat.reply.decode({
      id: 'r',
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      ...rest,
    }).candidates[0]

  it('may have its content as a list with thoughts', () => {
    const thinking = [{ type: 'text', text: 'Hm' }]
    const content = [
      { type: 'thinking', thinking },
      { type: 'text', text: 'Yes' },
    ]
    expect(reply({ content }).content).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Yes' },
    ])
  })

  it('may have its arguments as an object', () => {
    const tool_calls = [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }]
    expect(reply({ content: '', tool_calls }).content).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', input: '{"x":1}' },
    ])
  })

  it('may be an error under a status of success', () => {
    expect(() => openaiChat.reply.decode({ error: { message: 'No credits', code: 402 } })).toThrow(
      expect.objectContaining({ kind: 'quota_exhausted', message: 'No credits', status: 429 }),
    )
  })

  it('joins several texts, and counts citations from the beginning', () => {
    const citation = { url: 'https://a.example', title: 'A', start: 0, end: 2 }
    const body = openaiChat.reply.encode(
      {
        id: 'r',
        model: 'm',
        candidates: [
          {
            content: [
              { type: 'text', text: 'One. ' },
              { type: 'text', text: 'Two.', citations: [citation] },
            ],
            finish: { reason: 'other', raw: 'MALFORMED' },
          },
        ],
        usage: { inputTokens: 1, outputTokens: 1 },
      },
      plainRequest,
    )
    expect(body['choices']).toMatchObject([
      {
        finish_reason: 'stop',
        message: {
          content: 'One. Two.',
          annotations: [{ url_citation: { start_index: 5, end_index: 7, title: 'A' } }],
        },
      },
    ])
  })
})

describe('an error', () => {
  it('tells when to try again', () => {
    const wait = (headers: Record<string, string>) =>
      openaiChat.error.decode(failure(429, {}, headers)).details.retryAfterMs
    expect(wait({ 'retry-after': '20' })).toBe(20_000)
    expect(wait({ 'retry-after': '20', 'retry-after-ms': '1500' })).toBe(1500)
    expect(wait({ 'retry-after': '0' })).toBe(0)
    expect(
      wait({
        'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT',
        date: 'Wed, 21 Oct 2026 07:28:00 GMT',
      }),
    ).toBe(30_000)
    expect(wait({ 'retry-after': 'soon' })).toBeUndefined()
    expect(wait({})).toBeUndefined()
  })

  it('passes that on, with the rate limits', () => {
    const headers = { 'retry-after': '20', 'x-ratelimit-reset-tokens': '6m0s', 'x-request-id': 'q' }
    const error = openaiChat.error.decode(failure(429, {}, headers))
    expect(error.details.requestId).toBe('q')
    expect(openaiChat.error.encode(error).headers).toEqual({
      'retry-after': '20',
      'retry-after-ms': '20000',
      'x-ratelimit-reset-tokens': '6m0s',
    })
  })

  it.each([
    [{ error: 'Model is loading', estimated_time: 20 }, 'Model is loading'],
    [{ code: 'x', error: 'Wrong key' }, 'Wrong key'],
    [{ message: 'Bad', type: 'oops' }, 'Bad'],
    [{ detail: 'Not here' }, 'Not here'],
    [
      { object: 'error', message: { detail: [{ loc: ['body', 'seed'], msg: 'Extra inputs' }] } },
      'body.seed: Extra inputs',
    ],
    [{ detail: [{ loc: ['body', 'n'], msg: 'Bad' }, { msg: 'Worse' }] }, 'body.n: Bad; Worse'],
  ])('is read in the shapes of other hosts: %o', (body, message) => {
    expect(openaiChat.error.decode(failure(503, body)).message).toBe(message)
  })

  it('does not show the words of a vendor that mean something else by now', () => {
    const body = {
      error: { message: 'Bad key sk-1', type: 'x', param: null, code: 'invalid_api_key' },
    }
    const error = new GatewayError('upstream', 'The provider refused our key', { body })
    expect(openaiChat.error.encode(error).body).toEqual({
      error: {
        message: 'The provider refused our key',
        type: 'server_error',
        param: null,
        code: 'upstream_error',
      },
    })
  })

  it('of another protocol is said in our words', () => {
    const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }
    const error = new GatewayError('rate_limited', 'Slow down', { body, code: 'rate_limit_error' })
    expect(openaiChat.error.encode(error).body).toEqual({
      error: {
        message: 'Slow down',
        type: 'rate_limit_error',
        param: null,
        code: 'rate_limit_exceeded',
      },
    })
  })
})

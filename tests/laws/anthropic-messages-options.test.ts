import { describe, expect, it } from 'vitest'
import type { ChatRequest } from '#core/chat'
import type { Model } from '#core/provider'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { ableModel, caught, encodeRequest, plainRequest } from '../kit/codec.ts'
import { assistant, call, decode, encode, result, text, user } from './anthropic-messages-kit.ts'

describe('reasoning', () => {
  const adaptive: Partial<Model> = { reasoning: ['effort', 'off'] }
  const budgeted: Partial<Model> = { reasoning: ['budget', 'off'] }
  const always: Partial<Model> = { reasoning: ['effort'] }

  it.each([
    [
      { effort: 'high' },
      adaptive,
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      [],
    ],
    [
      { effort: 'minimal' },
      adaptive,
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      ['reasoning.effort'],
    ],
    [{ effort: 'none' }, adaptive, { thinking: { type: 'disabled' } }, []],
    [{ effort: 'none' }, always, { output_config: { effort: 'low' } }, ['reasoning']],
    [
      { budgetTokens: 10_000 },
      adaptive,
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ['reasoning.budgetTokens'],
    ],
    [{ effort: 'low' }, budgeted, { thinking: { type: 'enabled', budget_tokens: 2048 } }, []],
    [
      { effort: 'max' },
      budgeted,
      { thinking: { type: 'enabled', budget_tokens: 3999 } },
      ['reasoning'],
    ],
    [
      { budgetTokens: 100 },
      budgeted,
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      ['reasoning'],
    ],
    [{ visible: true }, adaptive, { thinking: { type: 'adaptive', display: 'summarized' } }, []],
    [
      { visible: false, budgetTokens: 2000 },
      {},
      { thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' } },
      [],
    ],
    [{ effort: 'high' }, { can: ['tools'] }, {}, ['reasoning']],
  ] as const)('%j on %j', (reasoning, model, expected, lost) => {
    const { body, lost: told } = encode({ reasoning }, model)
    const { thinking, output_config } = body
    expect(JSON.parse(JSON.stringify({ thinking, output_config }))).toEqual(expected)
    expect(told).toEqual(lost)
  })

  it('is left out where there is no room for it, or a tool loop began without it', () => {
    expect(encode({ reasoning: { effort: 'low' }, maxOutputTokens: 500 }, budgeted)).toMatchObject({
      lost: ['reasoning'],
      body: expect.not.objectContaining({ thinking: expect.anything() }),
    })
    const messages = [user(text('Go')), assistant(call('a')), user(result('a', '1'))]
    const loop = encode({ reasoning: { effort: 'low' }, messages }, budgeted)
    expect(loop.lost).toEqual(['reasoning'])
    expect(loop.body).not.toHaveProperty('thinking')
    expect(encode({ reasoning: { effort: 'low' }, messages }, adaptive).lost).toEqual([])
  })

  it('excludes sampling', () => {
    const changes = { temperature: 0.5, topP: 0.5, topK: 3, reasoning: { effort: 'high' as const } }
    expect(encode(changes, adaptive).lost).toEqual(['temperature', 'topP', 'topK'])
    expect(encode({ ...changes, temperature: 1, topP: 1 }, adaptive).lost).toEqual(['topK'])
  })

  it('that is switched off by between_tools is reported as less than was asked', () => {
    expect(decode({ thinking: { type: 'between_tools' } })).toMatchObject({
      reasoning: { effort: 'none' },
      unread: ['thinking.type'],
    })
  })
})

describe('limits', () => {
  it('of the answer are those of the caller, else of the model, else 4096', () => {
    const limit = (changes: Partial<ChatRequest>, model: Partial<Model>) => {
      const { maxOutputTokens: _, ...rest } = { ...plainRequest, ...changes }
      const asked = changes.maxOutputTokens === undefined ? rest : { ...rest, ...changes }
      const { body, lost } = encodeRequest(anthropicMessages, asked, {
        ...ableModel('m'),
        ...model,
      })
      return [body['max_tokens'], lost]
    }
    expect(limit({}, {})).toEqual([4096, []])
    expect(limit({}, { maxOutput: 64_000 })).toEqual([64_000, []])
    expect(limit({ maxOutputTokens: 0 }, { maxOutput: 64_000 })).toEqual([0, []])
    expect(limit({ maxOutputTokens: 99_999 }, { maxOutput: 64_000 })).toEqual([
      64_000,
      ['maxOutputTokens'],
    ])
  })

  it('of cache marks are four: the last ones stay', () => {
    const parts = [1, 2, 3, 4, 5, 6].map((n) => ({
      ...text(`${n}`),
      cache: { ttl: '12h' as const },
    }))
    const { body, lost } = encode({
      system: parts.slice(0, 3),
      messages: [user(...parts.slice(3))],
    })
    expect(lost.filter((field) => field === 'cache')).toHaveLength(1)
    expect(lost).toContain('system[0].cache')
    const marked = JSON.stringify(body).match(/"text":"\d","cache_control":\{[^}]*"ttl":"1h"\}/g)
    expect(marked?.map((match) => match[8])).toEqual(['3', '4', '5', '6'])
  })
})

describe('what cannot be said', () => {
  it('is told field by field', () => {
    const { body, lost } = encode({
      seed: 1,
      presencePenalty: 1,
      frequencyPenalty: 0,
      candidates: 2,
      verbosity: 'low',
      metadata: { a: 'b' },
      cacheKey: 'k',
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy' },
      temperature: 1.5,
      stop: ['\n', 'END'],
      serviceTier: 'flex',
      messages: [{ role: 'user', content: [text('Hi')], name: 'Ann' }],
    })
    expect(lost.toSorted()).toEqual([
      'audio',
      'cacheKey',
      'candidates',
      'messages[0].name',
      'metadata',
      'modalities',
      'presencePenalty',
      'seed',
      'serviceTier',
      'stop',
      'temperature',
      'verbosity',
    ])
    expect(body).toEqual({
      model: 'some-model',
      max_tokens: 4000,
      temperature: 1,
      stop_sequences: ['END'],
      messages: [{ role: 'user', content: 'Hi' }],
    })
  })

  it('as JSON without a schema is asked for in words', () => {
    const { body, lost } = encode({ output: {}, system: [text('Be kind.')] })
    expect(lost).toEqual(['output'])
    expect(body['system']).toEqual([text('Be kind.'), text(expect.stringContaining('JSON'))])
    const schema = { type: 'object' }
    expect(encode({ output: { schema } }, { can: ['tools'] }).body['system']).toContain('"object"')
  })
})

describe('reading', () => {
  it.each([
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ max_tokens: 1.5 }, 'max_tokens'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'tool_use', id: 'a', name: 'b', input: {} }] },
        ],
      },
      'messages[0].content[0].type',
    ],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: '' } },
            ],
          },
        ],
      },
      'messages[0].content[0].source.media_type',
    ],
    [
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text' }] }],
          },
        ],
      },
      'messages[0].content[0].content[0].text',
    ],
    [{ tools: [{ name: 'a' }] }, 'tools[0].input_schema'],
    [{ tool_choice: { type: 'tool' } }, 'tool_choice.name'],
    [{ thinking: { type: 'enabled' } }, 'thinking.budget_tokens'],
    [{ output_config: { format: { type: 'json_object' } } }, 'output_config.format.type'],
  ])('names the path at fault: %j', (changes, param) => {
    expect(caught(() => decode(changes))).toMatchObject({
      kind: 'invalid_request',
      details: { param },
    })
  })

  it('takes system messages that come first for the system prompt', () => {
    const { system, messages } = decode({
      system: 'One',
      messages: [
        { role: 'system', content: 'Two' },
        { role: 'user', content: 'Hi' },
      ],
    })
    expect(system).toEqual([text('One'), text('Two')])
    expect(messages).toEqual([user(text('Hi'))])
  })

  it('remembers what it did not understand', () => {
    const { unread } = decode({
      mcp_servers: [],
      metadata: { user_id: 'u', team: 't' },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', mood: 'good' }], id: 7 }],
    })
    expect(unread.toSorted()).toEqual([
      'mcp_servers',
      'messages[0].content[0].mood',
      'messages[0].id',
      'metadata.team',
    ])
  })
})

it('sends instructions without a conversation as a message, and tells', () => {
  const { body, lost } = encode({ system: [text('Say hello')], messages: [] })
  expect(body).not.toHaveProperty('system')
  expect(body['messages']).toMatchObject([{ role: 'user', content: 'Say hello' }])
  expect(lost).toEqual(['system'])
})

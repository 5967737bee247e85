import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatRequest, Message, UserPart } from '#core/chat'
import type { Model } from '#core/provider'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { ableModel, caught, encodeRequest, plainRequest } from '../kit/codec.ts'

const encode = (changes: Partial<ChatRequest>, model: Partial<Model> = {}) =>
  encodeRequest(
    anthropicMessages,
    { ...plainRequest, stream: false, maxOutputTokens: 4000, ...changes },
    { ...ableModel('some-model'), ...model },
  )
const decode = (changes: object) =>
  anthropicMessages.request.decode({
    model: 'some-model',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
    ...changes,
  })

const user = (...content: UserPart[]): Message => ({ role: 'user', content })
const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content })
const text = (words: string) => ({ type: 'text' as const, text: words })
const call = (id: string, name = 'look', input = '{}') => ({
  type: 'tool-call' as const,
  id,
  name,
  input,
})
const result = (id: string, words: string) => ({
  type: 'tool-result' as const,
  id,
  output: [text(words)],
})

describe('the conversation', () => {
  it('gathers the results of one turn in one message, before anything else', () => {
    const { body, lost } = encode({
      messages: [
        user(text('Go')),
        assistant(call('a'), call('b')),
        user(result('a', '1')),
        user(text('And?'), result('b', '2')),
        user(text('Well?')),
      ],
    })
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Go' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'look', input: {} },
          { type: 'tool_use', id: 'b', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { type: 'tool_result', tool_use_id: 'b', content: '2' },
          { type: 'text', text: 'And?' },
          { type: 'text', text: 'Well?' },
        ],
      },
    ])
    expect(lost).toEqual(['messages'])
  })

  it('keeps a later system message where the model takes it, and moves it where not', () => {
    const messages: Message[] = [
      user(text('One')),
      { role: 'system', content: [text('Be brief.')] },
      assistant(text('Two')),
      user(text('Three')),
    ]
    expect(encode({ messages }).lost).toEqual([])
    const moved = encode({ messages, system: [text('Be kind.')] }, { can: ['tools'] })
    expect(moved.lost).toEqual(['messages[1]'])
    expect(moved.body['system']).toEqual([text('Be kind.'), text('Be brief.')])
    const misplaced = encode({
      messages: [user(text('One')), ...messages.slice(1, 2), user(text('?'))],
    })
    expect(misplaced.lost).toEqual(['messages[1]'])
    expect(misplaced.body['system']).toBe('Be brief.')
  })

  it('asks to go on where an answer cannot be continued', () => {
    const messages = [user(text('Count')), assistant(text('One, two,'))]
    expect(encode({ messages }).lost).toEqual([])
    const { body, lost } = encode({ messages }, { rejects: ['prefill'] })
    expect(lost).toEqual(['messages'])
    expect(body['messages']).toHaveLength(3)
  })

  it('gives back only its own thoughts', () => {
    const thought = (protocol: string) => ({
      type: 'reasoning' as const,
      text: 'Hm',
      signature: { protocol, value: 'c2ln' },
    })
    const messages = [user(text('Hi')), assistant(thought('gemini'), text('Yes')), user(text('?'))]
    const { body, lost } = encode({ messages })
    expect(lost).toEqual(['messages[1].content[0]'])
    expect(JSON.stringify(body)).not.toContain('Hm')
    const mine = [user(text('Hi')), assistant(thought('anthropic-messages')), user(text('?'))]
    expect(encode({ messages: mine }).lost).toEqual([])
  })

  it('moves what the assistant drew to the user, and says what it spoke', () => {
    const image = {
      type: 'file' as const,
      mediaType: 'image/png',
      source: { base64: 'iVBORw0KGgo=' },
    }
    const sound = { ...image, mediaType: 'audio/wav', transcript: 'Good day' }
    const { body, lost } = encode({
      messages: [user(text('Draw')), assistant(image, sound), user(text('Nice'))],
    })
    expect(lost).toEqual(['messages[1].content[0]', 'messages[1].content[1]'])
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Good day' },
      { role: 'user', content: [{ type: 'text', text: 'Nice' }, { type: 'image' }] },
    ])
  })
})

describe('files', () => {
  const image = (url: string) =>
    encode({ messages: [user({ type: 'file', mediaType: 'image/*', source: { url } })] })

  it('become what the vendor takes', () => {
    expect(image('data:image/webp;base64,UklGRg==').body['messages']).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'image',
            source: { type: 'base64', media_type: 'image/webp', data: 'UklGRg==' },
          },
        ],
      },
    ])
    expect(JSON.stringify(image('data:image/jpg;base64,/9j/4AA=').body)).toContain('"image/jpeg"')
    expect(JSON.stringify(image('https://example.com/a.png').body)).toContain('"type":"url"')
  })

  it.each(['audio/wav', 'video/mp4', 'image/bmp', 'application/zip'])(
    'that cannot be carried are refused by name: %s',
    (mediaType) => {
      const part = { type: 'file' as const, mediaType, source: { base64: 'AAAA' } }
      const thrown = caught(() => encode({ messages: [user(text('Look'), part)] }))
      expect(thrown).toMatchObject({
        kind: 'unsupported',
        details: { param: 'messages[0].content[1]' },
      })
    },
  )
})

describe('tools', () => {
  const look = { type: 'function' as const, name: 'look' }

  it('have names the vendor allows, which replies spell back', () => {
    const name = 'files.read/utf-8 🦜'
    const { body, lost } = encode({
      tools: [{ ...look, name }],
      toolChoice: { name },
      messages: [user(text('Go')), assistant(call('call:1', name)), user(result('call:1', 'ok'))],
    })
    expect(lost).toEqual([])
    const wire = JSON.parse(JSON.stringify(body))
    const spelt: string = wire.tools[0].name
    expect(spelt).toMatch(/^[a-zA-Z0-9_-]{1,128}$/)
    expect(wire.tool_choice.name).toBe(spelt)
    expect(wire.messages[1].content[0]).toMatchObject({ name: spelt })
    expect(wire.messages[1].content[0].id).toBe(wire.messages[2].content[0].tool_use_id)
    const reply = anthropicMessages.reply.decode({
      id: 'msg_1',
      content: [{ type: 'tool_use', id: 'toolu_1', name: spelt, input: {} }],
    })
    expect(reply.candidates[0].content[0]).toMatchObject({ name })
  })

  it('with names that are too long are cut, and reported', () => {
    const long = { ...look, name: 'x'.repeat(200) }
    const { body, lost } = encode({ tools: [long, { ...look, name: 'x'.repeat(201) }] })
    const names = JSON.parse(JSON.stringify(body)).tools.map((tool: { name: string }) => tool.name)
    expect(new Set(names).size).toBe(2)
    expect(names[0]).toHaveLength(128)
    expect(lost).toEqual(['tools[0].name', 'tools[1].name'])
  })

  it('of free text are functions with one field, in both directions', () => {
    const { body, lost } = encode({
      tools: [{ type: 'custom', name: 'shell' }],
      messages: [
        user(text('List')),
        assistant({ ...call('a', 'shell', 'ls -l'), kind: 'custom' }),
        user(result('a', 'files')),
      ],
    })
    expect(lost).toEqual(['tools[0]'])
    expect(body['tools']).toMatchObject([{ name: 'shell', input_schema: { required: ['input'] } }])
    expect(JSON.stringify(body['messages'])).toContain('"input":{"input":"ls -l"}')
  })

  it('are called with an object: empty is {}, anything else is refused with its path', () => {
    const of = (input: string) =>
      caught(() => encode({ messages: [user(text('?')), assistant(call('a', 'look', input))] }))
    expect(of('')).toBeUndefined()
    expect(of('{"a":')).toMatchObject({
      kind: 'invalid_request',
      details: { param: 'messages[1].content[0].input' },
    })
    expect(of('[]')).toMatchObject({ kind: 'invalid_request' })
  })

  it('may be called one at a time', () => {
    const { body, lost } = encode({ tools: [look], parallelToolCalls: false })
    expect(body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true })
    expect(lost).toEqual([])
    expect(encode({ parallelToolCalls: false }).body).not.toHaveProperty('tool_choice')
    expect(
      decode({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
    ).toMatchObject({ toolChoice: 'auto', parallelToolCalls: false })
  })

  it('cannot be forced on a model that always reasons, and switch reasoning off on others', () => {
    const forced: Partial<ChatRequest> = {
      tools: [look],
      toolChoice: 'required',
      reasoning: { effort: 'high' },
    }
    const always = encode(forced, { reasoning: ['effort'] })
    expect(always.lost).toEqual(['toolChoice'])
    expect(always.body).toMatchObject({
      tool_choice: { type: 'auto' },
      thinking: { type: 'adaptive' },
    })
    const other = encode(forced, { reasoning: ['effort', 'off'] })
    expect(other.lost).toEqual(['reasoning'])
    expect(other.body).toMatchObject({
      tool_choice: { type: 'any' },
      thinking: { type: 'disabled' },
    })
  })
})

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

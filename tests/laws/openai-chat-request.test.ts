// Requests by example: what is refused, what is moved, what is reported lost.

import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatRequest, Message } from '#core/chat'
import type { JsonObject } from '#core/json'
import type { Model } from '#core/provider'
import { openaiChat } from '#protocols/openai-chat/index'
import { strictMessages } from '#protocols/openai-chat/strict'
import { ableModel, encodeRequest, plainRequest } from '../contract/protocol.ts'

const decode = (body: JsonObject): ChatRequest =>
  openaiChat.request.decode({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...body })

const encode = (request: Partial<ChatRequest>, model: Partial<Model> = {}) =>
  encodeRequest(openaiChat, { ...plainRequest, ...request }, { ...ableModel('m'), ...model })

const messagesOf = (...messages: Message[]) => encode({ messages })

const picture = { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' } } as const
const call = { type: 'tool-call', id: 'call_1', name: 'draw', input: '{}' } as const
const asked = (...content: AssistantPart[]): Message => ({ role: 'assistant', content })

describe('a request is refused with the path at fault', () => {
  const user = (content: JsonObject[string]) => ({ messages: [{ role: 'user', content }] })
  it.each<[string, JsonObject, string]>([
    ['model', { model: '' }, `model must be the name of a model, but is ''`],
    ['messages', { messages: 'Hi' }, `messages must be an array, but is 'Hi'`],
    ['messages[0]', { messages: ['Hi'] }, `messages[0] must be an object, but is 'Hi'`],
    [
      'messages[0].content',
      user(7),
      'messages[0].content must be a string or an array of content parts, but is a number',
    ],
    [
      'messages[0].content[1].text',
      user([{ type: 'text', text: 'a' }, { type: 'text' }]),
      'messages[0].content[1].text must be a string, but is missing',
    ],
    [
      'messages[0].content[0].image_url.url',
      user([{ type: 'image_url', image_url: {} }]),
      'messages[0].content[0].image_url.url must be a string, but is missing',
    ],
    [
      'messages[0].tool_calls[0].function.arguments',
      {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: {} } }],
          },
        ],
      },
      'messages[0].tool_calls[0].function.arguments must be a string, but is an object',
    ],
    ['stop', { stop: 3 }, 'stop must be a string or an array of strings, but is a number'],
    ['stop[1]', { stop: ['a', null] }, 'stop[1] must be a string, but is null'],
    ['max_tokens', { max_tokens: 0 }, 'max_tokens must be a whole number of at least 1'],
    ['temperature', { temperature: '1' }, `temperature must be a number, but is '1'`],
    ['metadata.a', { metadata: { a: 1 } }, 'metadata.a must be a string, but is a number'],
    [
      'tool_choice',
      { tool_choice: 'any' },
      `tool_choice must be one of 'none', 'auto', 'required'`,
    ],
  ])('%s', (param, body, message) => {
    expect(() => decode(body)).toThrow(
      expect.objectContaining({
        kind: 'invalid_request',
        message: expect.stringContaining(message),
        details: { param },
      }),
    )
  })

  it('names the roles there are', () => {
    expect(() => decode({ messages: [{ role: 'model', content: '' }] })).toThrow(
      /^messages\[0\]\.role must be one of 'system', 'developer', 'user',/,
    )
  })
})

describe('a request is read', () => {
  it('with the paths of what the hub cannot say', () => {
    const { unread } = decode({ logprobs: true, store: false, audio: { voice: 'alloy', speed: 2 } })
    expect(unread).toEqual(['logprobs', 'store', 'audio.speed'])
  })

  it('with null as absent', () => {
    const absent = { temperature: null, stop: null, tool_choice: null, n: null, user: null }
    expect(decode(absent)).toEqual(decode({}))
  })

  it('with zero, false and empty text as values', () => {
    expect(
      decode({ temperature: 0, top_p: 0, seed: 0, parallel_tool_calls: false, user: '' }),
    ).toMatchObject({ temperature: 0, topP: 0, seed: 0, parallelToolCalls: false, user: '' })
  })

  it('with the newer of two spellings', () => {
    const body = { max_tokens: 5, max_completion_tokens: 7, user: 'old', safety_identifier: 'new' }
    expect(decode(body)).toMatchObject({ maxOutputTokens: 7, user: 'new', unread: ['user'] })
  })

  it('with deprecated functions as tools', () => {
    const request = decode({
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{}' } },
        { role: 'function', name: 'look', content: 'rain' },
      ],
      functions: [{ name: 'look', parameters: { type: 'object' } }],
      function_call: { name: 'look' },
    })
    expect(request.tools).toEqual([
      { type: 'function', name: 'look', parameters: { type: 'object' } },
    ])
    expect(request.toolChoice).toEqual({ name: 'look' })
    expect(request.unread).toEqual([])
    expect(request.messages.slice(1)).toEqual([
      asked({ type: 'tool-call', id: 'function_call_1', name: 'look', input: '{}' }),
      {
        role: 'user',
        content: [
          { type: 'tool-result', id: 'function_call_1', output: [{ type: 'text', text: 'rain' }] },
        ],
      },
    ])
  })

  it('with only the allowed tools', () => {
    const tool = (name: string) => ({ type: 'function', function: { name } })
    const request = decode({
      tools: [tool('a'), tool('b')],
      tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool('b')] } },
    })
    expect(request).toMatchObject({ tools: [{ name: 'b' }], toolChoice: 'auto' })
  })

  it('with tools a host runs itself', () => {
    const tool = { type: 'browser_search', depth: { pages: 3 } }
    const request = decode({ tools: [tool] })
    expect(request).toMatchObject({
      tools: [{ type: 'opaque', protocol: 'openai-chat', value: tool }],
      unread: [],
    })
    expect(encode(request).body['tools']).toEqual([tool])
  })

  it('with the reply it gave before, citations and all', () => {
    const message = {
      role: 'assistant',
      content: 'Blue.',
      refusal: null,
      audio: null,
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 4 },
        },
      ],
    }
    const request = decode({ messages: [message] })
    expect(request.unread).toEqual([])
    expect(encode(request)).toMatchObject({
      lost: [],
      body: { messages: [{ content: 'Blue.', annotations: message.annotations }] },
    })
  })
})

describe('a request is written', () => {
  it('with files that a tool returned in the next user message, after all tool messages', () => {
    const { body, lost } = messagesOf(
      asked(call, { ...call, id: 'call_2' }),
      { role: 'user', content: [{ type: 'tool-result', id: 'call_1', output: [picture] }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Which is nicer?' },
          { type: 'tool-result', id: 'call_2', output: [{ type: 'text', text: 'none' }] },
        ],
      },
    )
    expect(body['messages']).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_1' }, { id: 'call_2' }] },
      {
        role: 'tool',
        tool_call_id: 'call_1',
        content: expect.stringContaining('next user message'),
      },
      { role: 'tool', tool_call_id: 'call_2', content: 'none' },
      {
        role: 'user',
        content: [
          { type: 'text', text: expect.stringContaining('call_1') },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: 'Which is nicer?' },
        ],
      },
    ])
    expect(lost).toEqual([])
  })

  it('with ids as short as the vendor wants them, the same for a call and its result', () => {
    const ids = ['a', 'b'].map((end) => `portkey-6aa6db90-1b84-4155-9f32-f658c97d6b1${end}`)
    const { body } = messagesOf(asked(...ids.map((id) => ({ ...call, id }))), {
      role: 'user',
      content: ids.map((id) => ({ type: 'tool-result', id, output: [] })),
    })
    const text = JSON.stringify(body['messages'])
    const found = [...text.matchAll(/"(?:id|tool_call_id)":"([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(found).size).toBe(2)
    expect(found.slice(0, 2)).toEqual(found.slice(2))
    expect(found.every((id) => id?.length === 40)).toBe(true)
  })

  it('with files of a tool at the end of the conversation', () => {
    const output = [{ type: 'text', text: 'Drawn' } as const, picture]
    const { body } = messagesOf(asked(call), {
      role: 'user',
      content: [{ type: 'tool-result', id: 'call_1', output }],
    })
    expect(body['messages']).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', content: 'Drawn' },
      { role: 'user', content: [{ type: 'text' }, { type: 'image_url' }] },
    ])
  })

  it('with pictures of an earlier answer shown by the user, and a report', () => {
    const { body, lost } = messagesOf(asked({ type: 'text', text: 'Here' }, picture), {
      role: 'user',
      content: [{ type: 'text', text: 'Bigger' }],
    })
    expect(body['messages']).toMatchObject([
      { role: 'assistant', content: 'Here' },
      { role: 'user', content: [{ type: 'text' }, { type: 'image_url' }, { text: 'Bigger' }] },
    ])
    expect(lost).toEqual(['messages[0]'])
  })

  it.each<[string, Partial<ChatRequest>, string]>([
    ['topK', { topK: 40 }, 'topK'],
    ['a fifth stop sequence', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [
      'a thinking budget between efforts',
      { reasoning: { budgetTokens: 3000 } },
      'reasoning.budgetTokens',
    ],
    ['the wish to see thoughts', { reasoning: { visible: true } }, 'reasoning.visible'],
    [
      'a foreign server tool',
      { tools: [{ type: 'opaque', protocol: 'other', value: { type: 'web' } }] },
      'tools[0]',
    ],
    [
      'a cache mark on a tool',
      { tools: [{ type: 'function', name: 'f', cache: {} }] },
      'tools[0].cache',
    ],
    [
      'a cache lifetime that is not on offer',
      { system: [{ type: 'text', text: 'a', cache: { ttl: '1h' } }] },
      'system[0].cache',
    ],
    [
      'a foreign block',
      { messages: [asked({ type: 'opaque', protocol: 'other', value: {} })] },
      'messages[0].content[0]',
    ],
    [
      'a foreign field',
      {
        messages: [
          { role: 'user', content: [{ ...picture, extra: { other: { resolution: 'high' } } }] },
        ],
      },
      'messages[0].content[0].resolution',
    ],
    [
      'the mark of a failed tool',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool-result', id: 'c', output: [], isError: true }],
          },
        ],
      },
      'messages[0].content[0].isError',
    ],
    [
      'a sound by address',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'file', mediaType: 'audio/mpeg', source: { url: 'https://a.example/b' } },
            ],
          },
        ],
      },
      'messages[0].content[0]',
    ],
  ])('with a report of %s', (_, request, field) => {
    expect(encode(request).lost).toEqual([field])
  })

  it.each([
    [0, 'none', []],
    [1024, 'low', []],
    [8192, 'medium', []],
    [6000, 'medium', ['reasoning.budgetTokens']],
    [24_576, 'high', []],
    [60_000, 'high', ['reasoning.budgetTokens']],
  ])('with the effort nearest to a budget of %i', (budgetTokens, effort, lost) => {
    const encoded = encode({ reasoning: { budgetTokens } })
    expect(encoded.body['reasoning_effort']).toBe(effort)
    expect(encoded.lost).toEqual(lost)
  })

  it('without what the model rejects', () => {
    const { body, lost } = encode(
      {
        temperature: 0,
        topP: 0.5,
        stop: ['a'],
        presencePenalty: 0,
        messages: [...plainRequest.messages, asked({ type: 'text', text: 'Well' })],
      },
      { rejects: ['temperature', 'topP', 'stop', 'penalties', 'prefill'] },
    )
    for (const key of ['temperature', 'top_p', 'stop', 'presence_penalty'])
      expect(body).not.toHaveProperty(key)
    expect(body['messages']).toHaveLength(1)
    expect(lost.toSorted()).toEqual(['messages', 'presencePenalty', 'stop', 'temperature', 'topP'])
  })

  it('without an effort for a model that does not reason', () => {
    const model = { can: ['tools'] } as const
    expect(encode({ reasoning: { effort: 'high' } }, model)).toMatchObject({ lost: ['reasoning'] })
    expect(encode({ reasoning: { effort: 'none' } }, model)).toMatchObject({ lost: [] })
  })

  it('with little effort for a model that cannot but reason', () => {
    const model = { reasoning: ['effort'] } as const
    expect(encode({ reasoning: { effort: 'none' } }, model)).toMatchObject({
      body: { reasoning_effort: 'low' },
      lost: ['reasoning.effort'],
    })
  })

  it('for vendors that know only their own fields', () => {
    const { body } = messagesOf(
      asked(
        { type: 'reasoning', text: 'Hm', signature: { protocol: 'p', value: 'v' } },
        { type: 'text', text: 'Yes', citations: [{ url: 'https://a.example' }] },
        { ...call, signature: { protocol: 'gemini', value: 'v' } },
      ),
    )
    expect(body['messages']).toMatchObject([
      { reasoning_content: 'Hm', tool_calls: [{ extra_content: { google: {} } }] },
    ])
    const lost: string[] = []
    const strict = strictMessages(body, ableModel('m'), (_, message) => lost.push(message))
    expect(strict['messages']).toEqual([
      {
        role: 'assistant',
        content: 'Yes',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'draw', arguments: '{}' } },
        ],
      },
    ])
    expect(new Set(lost.map((message) => message.split(' ')[0]))).toEqual(
      new Set(['annotations', 'extra_content', 'reasoning_content', 'reasoning_details']),
    )
  })
})

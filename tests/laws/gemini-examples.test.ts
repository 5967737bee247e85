// What the laws do not reach: spellings, leniencies, other vendors' histories, older models.

import { describe, expect, it } from 'vitest'
import type { ChatEvent, ChatRequest, Message } from '#core/chat'
import { GatewayError } from '#core/error'
import { fold, replay } from '#core/events'
import { isObject, type JsonObject } from '#core/json'
import type { Model } from '#core/provider'
import { gemini } from '#protocols/gemini/index'
import {
  ableModel,
  caught,
  decodeStream,
  encodeStream,
  failure,
  plainRequest,
} from '../kit/codec.ts'

const decode = (body: unknown): ChatRequest =>
  gemini.request.decode(body, { model: 'gemini-3.8-flash', stream: false })

function encode(request: Partial<ChatRequest>, model: Model = ableModel('gemini-3.8-flash')) {
  const lost: string[] = []
  const body = gemini.request.encode(
    { ...plainRequest, ...request },
    { model, lose: (field) => lost.push(field) },
  )
  return { body, lost }
}

const hello = { contents: [{ parts: [{ text: 'Hello' }] }] }

describe('reading requests', () => {
  it('takes snake_case for camelCase', () => {
    const camel = decode({
      contents: [
        { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
        {
          role: 'model',
          parts: [{ functionCall: { name: 'look', args: {} }, thoughtSignature: 'c2ln' }],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'look', response: { output: 'a cat' } } }],
        },
      ],
      systemInstruction: { parts: [{ text: 'Be brief' }] },
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } },
      generationConfig: {
        maxOutputTokens: 5,
        responseMimeType: 'application/json',
        thinkingConfig: { includeThoughts: true, thinkingBudget: 100 },
      },
    })
    const snake = decode({
      contents: [
        { role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
        {
          role: 'model',
          parts: [{ function_call: { name: 'look', args: {} }, thought_signature: 'c2ln' }],
        },
        {
          role: 'user',
          parts: [{ function_response: { name: 'look', response: { output: 'a cat' } } }],
        },
      ],
      system_instruction: { parts: [{ text: 'Be brief' }] },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['look'] } },
      generation_config: {
        max_output_tokens: 5,
        response_mime_type: 'application/json',
        thinking_config: { include_thoughts: true, thinking_budget: 100 },
      },
    })
    expect(snake).toEqual(camel)
    expect(snake.unread).toEqual([])
    expect(snake.reasoning).toEqual({ budgetTokens: 100, visible: true })
  })

  it('takes one object for a list of one, as the curl examples of the vendor write it', () => {
    expect(
      decode({
        contents: { parts: { text: 'Hello' } },
        system_instruction: { parts: { text: 'You are a cat' } },
        tools: { google_search: {} },
      }),
    ).toMatchObject({
      system: [{ text: 'You are a cat' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [{ type: 'opaque', value: { google_search: {} } }],
    })
  })

  it('takes words in any case, as the curl examples of the vendor write them', () => {
    const request = decode({
      ...hello,
      toolConfig: { functionCallingConfig: { mode: 'any' } },
      generationConfig: {
        responseModalities: ['Text', 'Image'],
        thinkingConfig: { thinkingLevel: 'low' },
      },
    })
    expect(request).toMatchObject({
      toolChoice: 'required',
      modalities: ['text', 'image'],
      reasoning: { effort: 'low' },
      unread: [],
    })
  })

  it('counts the empty lists and objects of the old SDK as nothing', () => {
    const request = decode({
      ...hello,
      generationConfig: {},
      safetySettings: [],
      tools: [],
      toolConfig: {},
      cachedContent: null,
    })
    expect(request.unread).toEqual([])
    expect(request).not.toHaveProperty('output')
  })

  it('names what it does not understand', () => {
    const { unread } = decode({
      contents: [{ role: 'user', parts: [{ text: 'Hi', thought: true, wink: 1 }] }],
      safetySettings: [{ category: 'X' }],
      cachedContent: 'cachedContents/1',
      generationConfig: { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING' } },
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] } },
    })
    expect(unread.toSorted()).toEqual([
      'cachedContent',
      'contents[0].parts[0].thought',
      'contents[0].parts[0].wink',
      'generationConfig.responseSchema',
      'safetySettings',
      'toolConfig.functionCallingConfig.allowedFunctionNames',
    ])
  })

  it('takes either alphabet of base64 for bytes and signatures, as the Python SDK writes the other', () => {
    const { messages } = decode({
      contents: [
        { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: '-_-_' } }] },
        {
          role: 'model',
          parts: [{ functionCall: { name: 'look' }, thoughtSignature: 'c2-_' }],
        },
        {
          role: 'user',
          parts: [
            {
              functionResponse: {
                name: 'look',
                response: {},
                parts: [{ inlineData: { mimeType: 'image/png', data: '_-8=' } }],
              },
            },
          ],
        },
      ],
    })
    expect(messages.map(({ content }) => content[0])).toMatchObject([
      { source: { base64: '+/+/' } },
      { signature: { protocol: 'gemini', value: 'c2+/' } },
      { output: [{ source: { base64: '/+8=' } }] },
    ])
  })

  it('says what is wrong with a part in the wrong place', () => {
    const answer = { functionResponse: { name: 'look', response: {} } }
    const at = (role: string, part: JsonObject) =>
      caught(() => decode({ contents: [{ role, parts: [part] }] }))
    expect(at('user', answer)).toMatchObject({
      message: `contents[0].parts[0].functionResponse answers no earlier functionCall of the name 'look'`,
      details: { param: 'contents[0].parts[0].functionResponse' },
    })
    expect(at('model', answer)).toMatchObject({
      message: `contents[0].parts[0].functionResponse belongs in a content of the role 'user'`,
    })
    expect(at('user', { functionCall: { name: 'look' } })).toMatchObject({
      message: `contents[0].parts[0].functionCall belongs in a content of the role 'model'`,
    })
  })

  it('gives calls without ids their own, and matches responses by name and order', () => {
    const call = (city: string) => ({ functionCall: { name: 'weather', args: { city } } })
    const answer = (output: string) => ({
      functionResponse: { name: 'weather', response: { output } },
    })
    const body = {
      contents: [
        { role: 'model', parts: [call('Paris'), call('Rome')] },
        { role: 'function', parts: [answer('rain'), answer('sun')] },
      ],
    }
    const { messages } = decode(body)
    const ids = messages.flatMap(({ content }) =>
      content.flatMap((part) => ('id' in part && part.type !== 'file' ? [part.id] : [])),
    )
    expect(new Set(ids).size).toBe(2)
    expect(ids.slice(2)).toEqual(ids.slice(0, 2))
    const old = ableModel('gemini-2.5-flash')
    expect(encode({ messages }, old).body['contents']).toEqual([
      body.contents[0],
      { ...body.contents[1], role: 'user' },
    ])
  })

  it.each([
    [{ contents: [{ role: 'tester', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ parts: [{ text: 7 }] }] }, 'contents[0].parts[0].text'],
    [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
    [
      { contents: [{ parts: [{ functionResponse: { name: 'f', response: {} } }] }] },
      'contents[0].parts[0].functionResponse',
    ],
    [{ ...hello, generationConfig: { topK: 'x' } }, 'generationConfig.topK'],
    [
      { ...hello, tools: [{ functionDeclarations: [{}] }] },
      'tools[0].functionDeclarations[0].name',
    ],
    [{}, 'contents'],
  ])('refuses %j at %s', (body, param) => {
    expect(caught(() => decode(body))).toMatchObject({
      kind: 'invalid_request',
      details: { param },
    })
  })

  it('reads schemas of the OpenAPI subset as JSON Schema', () => {
    const { tools, output } = decode({
      ...hello,
      tools: [
        {
          functionDeclarations: [
            {
              name: 'f',
              parameters: {
                type: 'OBJECT',
                properties: {
                  a: { type: 'STRING', nullable: true },
                  n: { type: 'ARRAY', items: { type: 'INTEGER' }, maxItems: '3' },
                },
              },
            },
          ],
        },
      ],
      generationConfig: {
        responseMimeType: 'application/json',
        responseSchema: { type: 'BOOLEAN' },
      },
    })
    expect(tools[0]).toMatchObject({
      parameters: {
        type: 'object',
        properties: {
          a: { type: ['string', 'null'] },
          n: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
        },
      },
    })
    expect(output).toEqual({ schema: { type: 'boolean' } })
  })
})

describe('writing requests', () => {
  const stranger: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', signature: { protocol: 'another', value: 'x' } },
        { type: 'tool-call', id: 'a', name: 'weather', input: '{"city":"Rome"}' },
        { type: 'tool-call', id: 'b', name: 'weather', input: 'Rome' },
      ],
    },
    {
      role: 'user',
      content: [{ type: 'tool-result', id: 'b', output: [{ type: 'text', text: 'sun' }] }],
    },
    {
      role: 'user',
      content: [
        { type: 'tool-result', id: 'a', isError: true, output: [{ type: 'text', text: 'gone' }] },
      ],
    },
  ]

  it('stands in for the signatures of another model\u2019s calls, and puts all results into one content', () => {
    const { body, lost } = encode({ messages: stranger })
    expect(body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Weather?' }] },
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true },
          {
            functionCall: { id: 'a', name: 'weather', args: { city: 'Rome' } },
            thoughtSignature: 'skip_thought_signature_validator',
          },
          { functionCall: { id: 'b', name: 'weather', args: { input: 'Rome' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'b', name: 'weather', response: { output: 'sun' } } },
          { functionResponse: { id: 'a', name: 'weather', response: { error: 'gone' } } },
        ],
      },
    ])
    expect(lost).toEqual(['messages[1].content[0].signature', 'messages[1].content[2]'])
  })

  it('does so neither for models before the third generation nor where a signature is at hand', () => {
    const text = (request: Partial<ChatRequest>, id: string) =>
      JSON.stringify(encode(request, ableModel(id)).body)
    expect(text({ messages: stranger }, 'gemini-2.5-pro')).not.toContain('skip_')
    const [first, answer, ...rest] = stranger
    const signature = { protocol: 'gemini', value: 'c2ln' }
    const own = [
      first,
      {
        ...answer,
        content: answer?.content.map((part) =>
          part.type === 'tool-call' && part.id === 'a' ? { ...part, signature } : part,
        ),
      },
      ...rest,
    ]
    const signed: ChatRequest = { ...plainRequest, messages: JSON.parse(JSON.stringify(own)) }
    expect(text(signed, 'gemini-4-argon')).toContain('"thoughtSignature":"c2ln"')
    expect(text(signed, 'gemini-4-argon')).not.toContain('skip_')
  })

  it('refuses a result that answers no call, naming the path', () => {
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'tool-result', id: 'lost', output: [] }] },
    ]
    expect(caught(() => encode({ messages }))).toMatchObject({
      kind: 'invalid_request',
      details: { param: 'messages[0].content[0]' },
    })
  })

  it('keeps a later system message in its place, marked, and says so', () => {
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'system', content: [{ type: 'text', text: 'Be brief' }] },
    ]
    const { body, lost } = encode({ messages })
    expect(body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'user', parts: [{ text: '<system>\nBe brief\n</system>' }] },
    ])
    expect(lost).toEqual(['messages[1]'])
  })

  it('puts media of tool results inside them, or beside them for older models', () => {
    const messages: Message[] = [
      { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'see', input: '{}' }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool-result',
            id: 'a',
            output: [
              { type: 'text', text: 'a cat' },
              { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' } },
            ],
          },
        ],
      },
    ]
    const inlineData = { mimeType: 'image/png', data: 'AAAA' }
    const functionResponse = { id: 'a', name: 'see', response: { output: 'a cat' } }
    const last = (id: string): unknown => {
      const { contents } = encode({ messages }, ableModel(id)).body
      const content = Array.isArray(contents) ? contents.at(-1) : undefined
      return isObject(content) ? content['parts'] : undefined
    }
    expect(last('gemini-3.8-flash')).toEqual([
      { functionResponse: { ...functionResponse, parts: [{ inlineData }] } },
    ])
    expect(last('gemini-2.5-pro')).toEqual([{ functionResponse }, { inlineData }])
  })

  it('writes pictures by address, by content and by data URL', () => {
    const picture = (url: string) => ({
      type: 'file' as const,
      mediaType: 'image/*',
      source: { url },
    })
    const { body } = encode({
      messages: [
        {
          role: 'user',
          content: [
            picture('https://example.com/a.png?x=1'),
            picture('data:image/gif;base64,R0lGOD'),
          ],
        },
      ],
    })
    expect(body['contents']).toEqual([
      {
        role: 'user',
        parts: [
          { fileData: { mimeType: 'image/png', fileUri: 'https://example.com/a.png?x=1' } },
          { inlineData: { mimeType: 'image/gif', data: 'R0lGOD' } },
        ],
      },
    ])
  })

  const schema: JsonObject = { type: 'object', properties: { a: { const: 'x' } } }
  const tool = { type: 'function' as const, name: 'f', parameters: schema }

  it('lowers schemas for models before 2.5 only', () => {
    const body = (id: string) =>
      JSON.stringify(encode({ tools: [tool] }, ableModel(id)).body['tools'])
    expect(body('gemini-2.5-flash')).toContain('"parametersJsonSchema":{"type":"object"')
    expect(body('gemini-2.0-flash')).toContain(
      '"parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["x"]}}}',
    )
  })

  it('keeps the tools where a model cannot have both tools and JSON', () => {
    const { body, lost } = encode(
      { tools: [tool], output: { schema } },
      ableModel('gemini-2.5-pro'),
    )
    expect(body).not.toHaveProperty('generationConfig')
    expect(lost).toEqual(['output'])
  })

  it.each([
    [['effort'], { effort: 'none' }, { thinkingLevel: 'MINIMAL' }, ['reasoning.effort']],
    [['effort'], { budgetTokens: 2000 }, { thinkingLevel: 'MEDIUM' }, ['reasoning.budgetTokens']],
    [['effort'], { effort: 'max' }, { thinkingLevel: 'HIGH' }, ['reasoning.effort']],
    [['budget', 'off'], { effort: 'none' }, { thinkingBudget: 0 }, []],
    [['budget'], { effort: 'high', budgetTokens: 77 }, { thinkingBudget: 77 }, []],
    [['budget'], { effort: 'medium' }, { thinkingBudget: 8192 }, []],
  ] as const)('steers a model that takes %j by %j', (ways, reasoning, thinkingConfig, expected) => {
    const model: Model = { ...ableModel('m'), reasoning: ways }
    const { body, lost } = encode({ reasoning }, model)
    expect(body['generationConfig']).toEqual({ thinkingConfig })
    expect(lost).toEqual(expected)
  })

  it('tells everything the API has no word for', () => {
    const { lost } = encode({
      user: 'u',
      verbosity: 'low',
      cacheKey: 'k',
      parallelToolCalls: false,
      serviceTier: 'scale',
      metadata: { Team: 'X' },
      audio: { format: 'mp3' },
      stop: ['1', '2', '3', '4', '5', '6'],
      tools: [
        { type: 'custom', name: 'c' },
        { type: 'opaque', protocol: 'another', value: {} },
      ],
    })
    expect(lost.toSorted()).toEqual([
      'audio.format',
      'cacheKey',
      'metadata.Team',
      'parallelToolCalls',
      'serviceTier',
      'stop',
      'tools[0]',
      'tools[1]',
      'user',
      'verbosity',
    ])
  })
})

describe('replies', () => {
  const part = (value: JsonObject) => ({
    candidates: [{ content: { role: 'model', parts: [value] }, finishReason: 'STOP', index: 0 }],
    responseId: 'r',
    modelVersion: 'm',
  })

  it('tell the signature of a call at its start: some clients read no later fragment', () => {
    const part = { functionCall: { name: 'look', args: {} }, thoughtSignature: 'c2ln' }
    const candidates = [{ content: { parts: [part] }, finishReason: 'STOP' }]
    const toldAtStart = (events: readonly ChatEvent[]) =>
      events.flatMap((event) => (event.type === 'part-start' ? [event.part] : []))
    const signed = [{ type: 'tool-call', signature: { protocol: 'gemini', value: 'c2ln' } }]
    const streamed = gemini.stream.decoder().push({ data: JSON.stringify({ candidates }) })
    expect(toldAtStart(streamed)).toMatchObject(signed)
    expect(toldAtStart(replay(gemini.reply.decode({ candidates })))).toMatchObject(signed)
  })

  it('that stop at calls wait for tools; calls without ids get unique ones', () => {
    const reply = gemini.reply.decode(part({ functionCall: { name: 'f', args: { a: 1 } } }))
    expect(reply.candidates[0].finish).toEqual({ reason: 'tool-calls', raw: 'STOP' })
    const [call] = reply.candidates[0].content
    expect(call).toMatchObject({ type: 'tool-call', name: 'f', input: '{"a":1}' })
    expect(call).toHaveProperty('id', expect.stringContaining('r'))
  })

  it('show thoughts only to those who asked', () => {
    const reply = gemini.reply.decode(part({ text: 'secret', thought: true }))
    expect(JSON.stringify(gemini.reply.encode(reply, plainRequest))).not.toContain('secret')
    expect(JSON.stringify(encodeStream(gemini, replay(reply)))).not.toContain('secret')
    const asking = { ...plainRequest, reasoning: { visible: true } }
    expect(JSON.stringify(gemini.reply.encode(reply, asking))).toContain('secret')
    expect(JSON.stringify(encodeStream(gemini, replay(reply), asking))).toContain('secret')
  })

  it('of a blocked prompt are filtered answers, not errors', () => {
    const reply = gemini.reply.decode({ promptFeedback: { blockReason: 'SAFETY' } })
    expect(reply.candidates).toEqual([
      { content: [], finish: { reason: 'content-filter', raw: 'SAFETY' } },
    ])
  })

  it('point at their sources by characters, not bytes', () => {
    const reply = gemini.reply.decode({
      candidates: [
        {
          content: { parts: [{ text: 'Ünï 🦜 yes' }] },
          finishReason: 'STOP',
          groundingMetadata: {
            groundingChunks: [{ web: { uri: 'https://example.com', title: 'E' } }],
            groundingSupports: [
              {
                segment: { startIndex: 11, endIndex: 14, text: 'yes' },
                groundingChunkIndices: [0],
              },
            ],
          },
        },
      ],
    })
    expect(reply.candidates[0].content).toMatchObject([
      { citations: [{ url: 'https://example.com', title: 'E', quote: 'yes', start: 7, end: 10 }] },
    ])
  })

  it('carry citations of others as grounding', () => {
    const [first] = gemini.reply.decode(part({ text: 'Yes it is' })).candidates
    const citations = [{ url: 'https://example.com', title: 'E', quote: 'Yes', start: 0, end: 3 }]
    const reply = {
      ...gemini.reply.decode(part({ text: 'Yes it is' })),
      candidates: [
        { ...first, content: [{ type: 'text' as const, text: 'Yes it is', citations }] },
      ] satisfies [unknown],
    }
    const again = fold(decodeStream(gemini, encodeStream(gemini, replay(reply))))
    expect(again.candidates[0].content).toEqual(reply.candidates[0].content)
    expect(gemini.reply.decode(gemini.reply.encode(reply, plainRequest)).candidates).toEqual(
      again.candidates,
    )
  })
})

describe('errors', () => {
  const rpc = 'type.googleapis.com/google.rpc.'

  it('carry the delay, the reason and the field', () => {
    const error = gemini.error.decode(
      failure(429, [
        {
          error: {
            code: 429,
            message: 'Slow down',
            status: 'RESOURCE_EXHAUSTED',
            details: [
              { '@type': `${rpc}RetryInfo`, retryDelay: '34.5s' },
              { '@type': `${rpc}ErrorInfo`, reason: 'RATE_LIMIT_EXCEEDED' },
              { '@type': `${rpc}BadRequest`, fieldViolations: [{ field: 'contents' }] },
            ],
          },
        },
      ]),
    )
    expect(error).toMatchObject({
      kind: 'rate_limited',
      message: 'Slow down',
      details: { retryAfterMs: 34_500, code: 'RATE_LIMIT_EXCEEDED', param: 'contents' },
    })
    const { headers, body } = gemini.error.encode(error)
    expect(headers).toEqual({ 'retry-after': '35' })
    expect(gemini.error.decode(failure(429, body)).details).toMatchObject({
      retryAfterMs: 34_500,
      code: 'RATE_LIMIT_EXCEEDED',
      param: 'contents',
    })
  })

  it('of another vendor have a status of their kind, whatever the vendor invented', () => {
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    const error = new GatewayError('overloaded', 'Overloaded', { status: 529, body })
    expect(gemini.error.encode(error)).toMatchObject({
      status: 503,
      body: { error: { code: 503, status: 'UNAVAILABLE' } },
    })
  })

  it('end a stream that has begun, with the vendor\u2019s own words', () => {
    const wire = [
      { data: '{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0}]}' },
      { data: '{"error":{"code":503,"message":"Busy","status":"UNAVAILABLE"}}' },
    ]
    expect(caught(() => decodeStream(gemini, wire))).toMatchObject({
      kind: 'overloaded',
      message: 'Busy',
    })
  })

  it('inside a text do not fool the watch', () => {
    const watch = gemini.stream.watch()
    const text = JSON.stringify({ error: 'x', finishReason: 'STOP', '"error"': '"blockReason"' })
    watch.see({ data: JSON.stringify({ candidates: [{ content: { parts: [{ text }] } }] }) })
    expect(watch.done).toBe(false)
    expect(watch.failure).toBeUndefined()
  })
})

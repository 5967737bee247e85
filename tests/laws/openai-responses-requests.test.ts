// What requests of the Responses API mean, item by item, and what of other protocols' conversations is sent.

import { describe, expect, it } from 'vitest'
import type { AssistantPart, ChatRequest, Message } from '#core/chat'
import { isObject, type JsonObject } from '#core/json'
import type { Model } from '#core/provider'
import {
  foreignItems,
  openaiResponses,
  ownItems,
  readHostedState,
} from '#protocols/openai-responses/index'
import { ableModel, caught, encodeRequest, plainRequest } from '../kit/codec.ts'

const decode = (fields: JsonObject): ChatRequest =>
  openaiResponses.request.decode({ model: 'some-model', input: 'Hello', ...fields })
const messagesOf = (...input: JsonObject[]): Message[] => decode({ input }).messages

const encode = (changes: Partial<ChatRequest>, model?: Model) =>
  encodeRequest(openaiResponses, { ...plainRequest, ...changes }, model)
function sent(messages: Message[]): { input: JsonObject[]; lost: string[] } {
  const { body, lost } = encode({ messages })
  const { input } = body
  return { input: Array.isArray(input) ? input.filter(isObject) : [], lost }
}
const answered = (...content: AssistantPart[]) => sent([{ role: 'assistant', content }])

describe('a request', () => {
  it('leaves to the face what needs a store, and the rest unread', () => {
    const { unread } = decode({
      previous_response_id: 'resp_1',
      conversation: 'conv_1',
      store: true,
      background: true,
      prompt: { id: 'pmpt_1' },
      truncation: 'auto',
      include: ['file_search_call.results'],
      tool_choice: { type: 'web_search' },
      reasoning: { effort: 'low', mode: 'pro' },
    })
    expect(unread.toSorted()).toEqual([
      'background',
      'conversation',
      'include',
      'previous_response_id',
      'prompt',
      'reasoning.mode',
      'store',
      'tool_choice',
      'truncation',
    ])
  })

  it('has nothing unread where what is asked goes without saying', () => {
    const { unread } = decode({
      store: false,
      background: false,
      conversation: null,
      truncation: 'disabled',
      include: ['reasoning.encrypted_content'],
      stream_options: { include_obfuscation: false },
    })
    expect(unread).toEqual([])
  })

  it('says what it wants of stored responses', () => {
    expect(readHostedState({ previous_response_id: 'r', conversation: { id: 'c' } })).toEqual({
      previousResponseId: 'r',
      conversation: 'c',
      store: true,
      background: false,
    })
    expect(readHostedState({ conversation: 'c', store: false, background: true })).toEqual({
      conversation: 'c',
      store: false,
      background: true,
    })
    expect(caught(() => readHostedState({ conversation: 7 }))).toMatchObject({
      details: { param: 'conversation' },
    })
  })

  it('may be said by a stored response alone', () => {
    expect(decode({ input: null }).messages).toEqual([])
  })

  it.each([
    [{ input: 7 }, 'input'],
    [{ input: [{ type: 'mesage' }] }, 'input[0].type'],
    [{ input: [{}] }, 'input[0].type'],
    [{ input: [{ role: 'tool', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user', content: 7 }] }, 'input[0].content'],
    [
      { input: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
      'input[0].content[0].type',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image' }] }] },
      'input[0].content[0].image_url',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_file' }] }] },
      'input[0].content[0].file_data',
    ],
    [{ input: [{ type: 'function_call', call_id: 'c', name: 'f' }] }, 'input[0].arguments'],
    [{ input: [{ type: 'function_call_output', output: 'x' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'reasoning', summary: [{ type: 'text' }] }] }, 'input[0].summary[0].type'],
    [{ instructions: 7 }, 'instructions'],
    [{ tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ tool_choice: 'some' }, 'tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice.name'],
    [{ text: { format: { type: 'json_schema', name: 'n' } } }, 'text.format.schema'],
    [{ text: { verbosity: 'loud' } }, 'text.verbosity'],
    [{ reasoning: { effort: 'much' } }, 'reasoning.effort'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ model: '' }, 'model'],
  ])('is refused with the path at fault: %j', (fields, param) => {
    expect(caught(() => decode(fields))).toMatchObject({
      kind: 'invalid_request',
      details: { param },
    })
  })
})

describe('items', () => {
  it('of one speaker become one message, in order', () => {
    expect(
      messagesOf(
        { role: 'user', content: 'Hi' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
        { role: 'assistant', content: 'Looking' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'x' },
        { role: 'developer', content: 'Now be brief' },
      ),
    ).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          {
            type: 'reasoning',
            text: '',
            redacted: { protocol: 'openai-responses', value: 'gAAA' },
          },
          { type: 'text', text: 'Looking' },
          { type: 'tool-call', id: 'c', name: 'f', input: '{}' },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool-result', id: 'c', output: [{ type: 'text', text: 'x' }] }],
      },
      {
        role: 'system',
        content: [
          {
            type: 'text',
            text: 'Now be brief',
            extra: { 'openai-responses': { role: 'developer' } },
          },
        ],
      },
    ])
  })

  it('that only the vendor understands are kept whole, on the side of who said them', () => {
    const call = { type: 'computer_call', id: 'cu_1', call_id: 'c', status: 'completed' }
    const output = { type: 'computer_call_output', call_id: 'c', output: { type: 'x' } }
    const messages = messagesOf(call, output, { id: 'msg_9' })
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant'])
    expect(sent(messages)).toEqual({
      input: [call, output, { id: 'msg_9', type: 'item_reference' }],
      lost: [],
    })
  })

  it('that answer a custom call say so, also where the call is in the store only', () => {
    const output = { type: 'custom_tool_call_output', call_id: 'c', output: 'x' }
    expect(sent(messagesOf(output)).input).toEqual([output])
    const call = { type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'ls' }
    expect(messagesOf(call, output)[1]).toEqual({
      role: 'user',
      content: [{ type: 'tool-result', id: 'c', output: [{ type: 'text', text: 'x' }] }],
    })
    expect(sent(messagesOf(call, output)).input).toEqual([call, output])
  })

  it('keep the summaries of a thought apart and in one item', () => {
    const item = {
      type: 'reasoning',
      id: 'rs_input_0',
      summary: [
        { type: 'summary_text', text: 'One' },
        { type: 'summary_text', text: 'Two' },
      ],
      content: [{ type: 'reasoning_text', text: 'All of it' }],
      encrypted_content: 'gAAA',
    }
    const messages = messagesOf(item)
    expect(messages[0]?.content.map((part) => ('text' in part ? part.text : ''))).toEqual([
      'One',
      'Two',
      'All of it',
    ])
    expect(sent(messages)).toEqual({ input: [item], lost: [] })
  })

  it('keep the phase of an answer and the namespace of a call', () => {
    const said = { type: 'message', role: 'assistant', content: 'Wait', phase: 'commentary' }
    const call = {
      type: 'function_call',
      call_id: 'c',
      name: 'f',
      arguments: '{}',
      namespace: 'crm',
    }
    expect(sent(messagesOf(said, call)).input).toEqual([said, call])
  })

  it('of a tool may hold pictures and files', () => {
    const [message] = messagesOf({
      type: 'function_call_output',
      call_id: 'c',
      output: [
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_file', file_id: 'file-1' },
      ],
    })
    expect(message?.content).toEqual([
      {
        type: 'tool-result',
        id: 'c',
        output: [
          { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' } },
          {
            type: 'file',
            mediaType: 'application/octet-stream',
            source: { reference: 'file-1' },
          },
        ],
      },
    ])
  })
})

describe('tools', () => {
  const tools = [
    { type: 'function', name: 'f', parameters: null, strict: null, defer_loading: true },
    { type: 'web_search', search_context_size: 'low' },
    { type: 'mcp', server_label: 'a', server_url: 'https://example.com' },
    { type: 'mcp', server_label: 'b', server_url: 'https://example.com' },
  ]

  it('that may not be called need not be told of', () => {
    const { tools: kept, toolChoice } = decode({
      tools,
      tool_choice: {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'mcp', server_label: 'b' },
        ],
      },
    })
    expect(kept).toEqual([
      { type: 'function', name: 'f', extra: { 'openai-responses': { defer_loading: true } } },
      { type: 'opaque', protocol: 'openai-responses', value: tools[3] },
    ])
    expect(toolChoice).toBe('required')
  })

  it('of other protocols are reported', () => {
    const { body, lost } = encode({
      tools: [
        { type: 'opaque', protocol: 'gemini', value: { googleSearch: {} } },
        { type: 'function', name: 'f', cache: {}, extra: { gemini: { response: {} } } },
      ],
    })
    expect(body['tools']).toEqual([
      { type: 'function', name: 'f', parameters: null, strict: false },
    ])
    expect(lost).toEqual(['tools[0]', 'tools[1].cache', 'tools[1].response'])
  })
})

describe('a conversation from elsewhere', () => {
  it('keeps nothing at the vendor and asks for thoughts to take along', () => {
    expect(encode({}).body).toMatchObject({
      store: false,
      include: ['reasoning.encrypted_content'],
    })
  })

  it('is sent without the proofs of other models, and each is told', () => {
    const signature = { protocol: 'anthropic-messages', value: 'c2ln' }
    const { input, lost } = answered(
      { type: 'reasoning', text: 'Hm', signature },
      { type: 'reasoning', text: '', redacted: signature },
      { type: 'text', text: 'Yes', signature },
      { type: 'tool-call', id: 'c', name: 'f', input: '{}', signature },
    )
    expect(input).toEqual([
      { type: 'message', role: 'assistant', content: 'Yes' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ])
    expect(lost).toEqual([
      'messages[0].content[0]',
      'messages[0].content[1]',
      'messages[0].content[2].signature',
      'messages[0].content[3].signature',
    ])
  })

  it('has thoughts of this protocol with their encrypted body', () => {
    const own = { protocol: 'openai-responses', value: 'gAAA' }
    expect(answered({ type: 'reasoning', text: 'Hm', redacted: own })).toEqual({
      input: [
        {
          type: 'reasoning',
          id: 'rs_input_0',
          summary: [{ type: 'summary_text', text: 'Hm' }],
          encrypted_content: 'gAAA',
        },
      ],
      lost: [],
    })
    expect(answered({ type: 'reasoning', text: '', signature: own }).input).toEqual([
      { type: 'reasoning', id: 'rs_input_0', summary: [], encrypted_content: 'gAAA' },
    ])
  })

  it('shows pictures of tools where the tool was asked, in order', () => {
    const { input, lost } = sent([
      {
        role: 'user',
        content: [
          {
            type: 'tool-result',
            id: 'c',
            isError: true,
            output: [
              { type: 'text', text: 'See' },
              { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' } },
            ],
          },
          { type: 'text', text: 'And?' },
        ],
      },
    ])
    expect(input).toEqual([
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [
          { type: 'input_text', text: 'See' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
        ],
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And?' }] },
    ])
    expect(lost).toEqual(['messages[0].content[0].isError'])
  })

  it('shows files of an answer in the next message of the user', () => {
    const { input, lost } = sent([
      {
        role: 'assistant',
        content: [
          { type: 'file', mediaType: 'image/png', source: { url: 'https://example.com/a.png' } },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'Nice' }] },
    ])
    expect(input).toMatchObject([
      {
        role: 'user',
        content: [
          { type: 'input_text' },
          { type: 'input_image', image_url: 'https://example.com/a.png' },
          { type: 'input_text', text: 'Nice' },
        ],
      },
    ])
    expect(lost).toEqual(['messages[0].content[0]'])
  })

  it('reports what the protocol has no words for', () => {
    const { lost } = encode({
      topK: 5,
      stop: ['x'],
      seed: 1,
      presencePenalty: 1,
      frequencyPenalty: 1,
      candidates: 2,
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy' },
      image: { size: '2K' },
      messages: [
        { role: 'user', name: 'Ann', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: [{ type: 'opaque', protocol: 'gemini', value: { executableCode: {} } }],
        },
      ],
    })
    expect(lost.toSorted()).toEqual([
      'audio',
      'candidates',
      'frequencyPenalty',
      'image',
      'messages[0].name',
      'messages[1].content[0]',
      'modalities',
      'presencePenalty',
      'seed',
      'stop',
      'topK',
    ])
  })

  it('asks for what the model can do', () => {
    const model: Model = {
      ...ableModel('some-model'),
      rejects: ['temperature'],
      reasoning: ['effort'],
    }
    const { body, lost } = encode({ temperature: 1, reasoning: { effort: 'none' } }, model)
    expect(body).not.toHaveProperty('temperature')
    expect(body['reasoning']).toEqual({ effort: 'low' })
    expect(lost).toEqual(['temperature', 'reasoning.effort'])
    const plain = encode({ reasoning: { effort: 'high' } }, { ...model, can: ['tools'] })
    expect([plain.body['reasoning'], plain.lost]).toEqual([undefined, ['reasoning']])
  })

  it('turns a budget into the nearest effort', () => {
    const { body, lost } = encode({ reasoning: { budgetTokens: 8192, visible: true } })
    expect(body['reasoning']).toEqual({ effort: 'medium', summary: 'auto' })
    expect(lost).toEqual([])
    expect(encode({ reasoning: { budgetTokens: 9000 } }).lost).toEqual(['reasoning.budgetTokens'])
  })
})

describe("a caller's own body", () => {
  const lost: string[] = []
  const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' }
  const user = { role: 'user', content: 'Hi' }

  it('is the same object when all thoughts in it are the vendor’s', () => {
    const body = { model: 'm', input: [user, own] }
    expect(ownItems(body, ableModel('m'), (field) => lost.push(field))).toBe(body)
    expect(JSON.stringify(body)).not.toMatch(foreignItems)
  })

  it('is sent without what the gateway keeps in it for other models', () => {
    const { output } = openaiResponses.reply.encode(
      {
        id: 'r',
        model: 'm',
        candidates: [
          {
            content: [
              {
                type: 'reasoning',
                text: 'Hm',
                signature: { protocol: 'anthropic-messages', value: 'c2ln' },
              },
            ],
            finish: { reason: 'stop' },
          },
        ],
        usage: { inputTokens: 1, outputTokens: 1 },
      },
      plainRequest,
    )
    const foreign = Array.isArray(output) ? output : []
    const body = { model: 'm', input: [user, ...foreign, own] }
    expect(JSON.stringify(body)).toMatch(foreignItems)
    expect(ownItems(body, ableModel('m'), (field) => lost.push(field))).toEqual({
      model: 'm',
      input: [user, own],
    })
    expect(lost).toEqual(['input[1]'])
  })
})

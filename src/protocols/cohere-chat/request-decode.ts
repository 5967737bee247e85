import type { AssistantPart, ChatRequest, Message, TextPart, UserPart } from '#core/chat'
import { defined, type Json } from '#core/json'
import { Reader } from '#core/reader'
import { decodeTools } from './tools.ts'
import { id } from './vocabulary.ts'

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function decodeRequest(body: unknown): ChatRequest {
  const reader = Reader.of(body)
  const messages = reader.list('messages', decodeMessage)
  const first = messages.findIndex((message) => message.role !== 'system')
  const leading = messages.slice(0, first < 0 ? messages.length : first)
  const request = defined({
    model: reader.string('model'),
    system: leading.flatMap((lead) => (lead.role === 'system' ? lead.content : [])),
    messages: messages.slice(leading.length),
    ...decodeTools(reader),
    maxOutputTokens: reader.maybeInteger('max_tokens', 1),
    temperature: reader.maybeNumber('temperature'),
    topP: reader.maybeNumber('p'),
    topK: reader.maybeInteger('k'),
    stop: reader.maybeStrings('stop_sequences'),
    seed: reader.maybeInteger('seed'),
    presencePenalty: reader.maybeNumber('presence_penalty'),
    frequencyPenalty: reader.maybeNumber('frequency_penalty'),
    reasoning: decodeThinking(reader),
    output: decodeOutput(reader),
    stream: reader.maybeBoolean('stream') ?? false,
  })
  return { ...request, unread: reader.unread }
}

function decodeMessage(reader: Reader): Message {
  const role = reader.oneOf('role', ['system', 'user', 'assistant', 'tool'])
  switch (role) {
    case 'system':
      return { role, content: decodeContent(reader, textItem) }
    case 'user':
      return { role, content: decodeContent(reader, userItem) }
    case 'assistant':
      return { role, content: decodeAnswer(reader) }
    case 'tool':
      return { role: 'user', content: [decodeResult(reader)] }
    default:
      return role satisfies never
  }
}

/** A string, or a list of items. */
function decodeContent<Part>(
  reader: Reader,
  item: (reader: Reader, index: number) => Part,
): (Part | TextPart)[] {
  const value: Json | undefined = reader.json('content')
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  if (!Array.isArray(value)) reader.fail('content', 'a string or an array')
  return reader.list('content', item)
}

const textItem = (item: Reader): TextPart => {
  item.oneOf('type', ['text'])
  return { type: 'text', text: item.string('text') }
}

function userItem(item: Reader): UserPart {
  const type = item.oneOf('type', ['text', 'image_url'])
  if (type === 'text') return textItem(item)
  const image = item.object('image_url')
  return defined({
    type: 'file',
    mediaType: 'image/*',
    source: { url: image.string('url') },
    detail: image.maybeString('detail'),
  } as const)
}

/** Thoughts and texts, then the plan for the calls, then the calls. */
function decodeAnswer(reader: Reader): AssistantPart[] {
  const plan = reader.maybeString('tool_plan') ?? ''
  const calls = reader.maybeList('tool_calls', decodeCall) ?? []
  const said = reader.has('content') ? decodeContent(reader, answerItem) : []
  return [...said, ...(plan === '' ? [] : [{ type: 'text', text: plan } as const]), ...calls]
}

function answerItem(item: Reader): AssistantPart {
  const type = item.oneOf('type', ['text', 'thinking'])
  return type === 'text' ? textItem(item) : { type: 'reasoning', text: item.string('thinking') }
}

function decodeCall(call: Reader): AssistantPart {
  call.oneOf('type', ['function'])
  const called = call.object('function')
  return {
    type: 'tool-call',
    id: call.string('id'),
    name: called.string('name'),
    input: called.string('arguments'),
  }
}

function decodeResult(reader: Reader): UserPart {
  const output = decodeContent(reader, (item): TextPart => {
    if (item.oneOf('type', ['text', 'document']) === 'text') return textItem(item)
    const document = item.maybeRecord('document') ?? item.fail('document', 'an object')
    return { type: 'text', text: JSON.stringify(document['data']), extra: { [id]: { document } } }
  })
  return { type: 'tool-result', id: reader.string('tool_call_id'), output }
}

function decodeThinking(reader: Reader): ChatRequest['reasoning'] {
  const thinking = reader.maybeObject('thinking')
  if (thinking === undefined) return undefined
  const type = thinking.oneOf('type', ['enabled', 'disabled'])
  if (type === 'disabled') return { effort: 'none' }
  return defined({ budgetTokens: thinking.maybeInteger('token_budget', 1) })
}

function decodeOutput(reader: Reader): ChatRequest['output'] {
  const format = reader.maybeObject('response_format')
  if (format?.oneOf('type', ['text', 'json_object']) !== 'json_object') return undefined
  return defined({ schema: format.maybeRecord('json_schema') })
}

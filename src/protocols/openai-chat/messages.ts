// Reads `messages`: leading instructions apart, tool results gathered, deprecated function calls as tool calls.

import type {
  AssistantPart,
  FilePart,
  Message,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '#core/chat'
import { defined } from '#core/json'
import type { Reader } from '#core/reader'
import { decodeAnnotations } from './annotations.ts'
import { readContent, readFile, readPart, readText, readTextPart, sourceOf } from './parts.ts'
import { decodeExtras, decodeReasoning } from './reasoning.ts'
import { id as protocolId } from './vocabulary.ts'

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const

interface Conversation {
  system: TextPart[]
  messages: Message[]
}

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function readMessages(body: Reader): Conversation {
  const conversation: Conversation = { system: [], messages: [] }
  // Deprecated function calls have no ids; a result answers the call made last.
  let lastCall = 'function_call'
  body.list('messages', (message, index) => {
    const role = message.oneOf('role', roles)
    switch (role) {
      case 'system':
      case 'developer':
        return addInstructions(conversation, readInstructions(message, role))
      case 'user':
        return conversation.messages.push({
          role: 'user',
          content: readContent(message, readPart),
          ...readName(message),
        })
      case 'assistant':
        if (message.has('function_call')) lastCall = `function_call_${index}`
        return conversation.messages.push({
          role: 'assistant',
          content: readAnswer(message, lastCall),
          ...readName(message),
        })
      case 'tool':
        message.skip('name')
        return addResult(conversation.messages, readResult(message, message.string('tool_call_id')))
      case 'function':
        message.skip('name')
        return addResult(conversation.messages, readResult(message, lastCall))
      default:
        return role satisfies never
    }
  })
  return conversation
}

const readName = (message: Reader): { name?: string } =>
  defined({ name: message.maybeString('name') })

function addInstructions({ system, messages }: Conversation, parts: TextPart[]): void {
  if (messages.length === 0) system.push(...parts)
  else messages.push({ role: 'system', content: parts } satisfies SystemMessage)
}

/** `system` is what the encoder writes by itself, so only what differs is kept. */
function readInstructions(message: Reader, role: 'system' | 'developer'): TextPart[] {
  const name = message.maybeString('name')
  const kept = defined({ role: role === 'developer' ? role : undefined, name })
  const extra = Object.keys(kept).length === 0 ? {} : { extra: { [protocolId]: kept } }
  return readContent(message, readTextPart).map((part) => ({ ...part, ...extra }))
}

/** Results that follow each other belong to one turn. */
function addResult(messages: Message[], result: ToolResultPart): void {
  const last = messages.at(-1)
  const isOpen = last?.role === 'user' && last.content.every((part) => part.type === 'tool-result')
  if (isOpen) last.content.push(result)
  else messages.push({ role: 'user', content: [result] })
}

function readResult(message: Reader, callId: string): ToolResultPart {
  // `content` of a deprecated function message may be null.
  const output = message.has('content') ? readContent(message, readPart) : []
  message.skip('content')
  return { type: 'tool-result', id: callId, output }
}

function readAnswer(message: Reader, legacyId: string): AssistantPart[] {
  const thoughts = decodeReasoning(
    defined({
      reasoning_details: message.maybeValues('reasoning_details'),
      reasoning_content: message.maybeString('reasoning_content'),
      reasoning: message.maybeString('reasoning'),
    }),
  )
  const { signature, blocks } = decodeExtras(message.maybeRecord('extra_content'))
  const spoken = message.has('content') ? readContent(message, readSpoken) : []
  message.skip('content')
  const refusal = message.maybeString('refusal')
  // The SDK's `parse` adds what it made of the text.
  message.skip('parsed')
  const last = spoken.findLastIndex((part) => part.type === 'text')
  const first = spoken.findIndex((part) => part.type === 'text')
  const citations = decodeAnnotations(message.maybeValues('annotations'))
  const signed = spoken.map((part, at) => ({
    ...part,
    ...(at === last ? defined({ signature }) : {}),
    ...(at === first && citations.length > 0 ? { citations } : {}),
  }))
  return [
    ...thoughts,
    ...signed,
    ...(refusal === undefined ? [] : [{ type: 'refusal' as const, text: refusal }]),
    ...readSound(message),
    ...readImages(message),
    ...readFiles(message),
    ...(message.maybeList('tool_calls', readToolCall) ?? []),
    ...readFunctionCall(message, legacyId),
    ...blocks,
  ]
}

function readSpoken(part: Reader): AssistantPart {
  const type = part.oneOf('type', ['text', 'refusal'])
  return type === 'text' ? readText(part) : { type, text: part.string('refusal') }
}

/** An earlier spoken answer is named by its id. */
function readSound(message: Reader): FilePart[] {
  const sound = message.maybeObject('audio')
  if (sound === undefined) return []
  const reference = sound.string('id')
  // Clients send the whole object of the reply again; the id is what counts.
  sound.skip('data', 'expires_at', 'transcript')
  return [{ type: 'file', mediaType: 'audio/*', source: { reference }, id: reference }]
}

/** Images of an earlier answer, as `encodeReply` writes them. */
const readImages = (message: Reader): FilePart[] =>
  message.maybeList('images', (image) => {
    image.skip('type', 'index')
    return {
      type: 'file' as const,
      ...sourceOf(image.object('image_url').string('url'), 'image/*'),
    }
  }) ?? []

const readFiles = (message: Reader): FilePart[] =>
  message.maybeList('files', (file) => {
    file.oneOf('type', ['file'])
    return readFile(file)
  }) ?? []

function readToolCall(call: Reader): ToolCallPart {
  const type = call.maybeOneOf('type', ['function', 'custom']) ?? 'function'
  call.skip('index')
  const { signature } = decodeExtras(call.maybeRecord('extra_content'))
  const made = call.object(type)
  made.skip('parsed_arguments')
  return defined({
    type: 'tool-call' as const,
    id: call.string('id'),
    name: made.string('name'),
    input: made.string(type === 'custom' ? 'input' : 'arguments'),
    kind: type === 'custom' ? type : undefined,
    signature,
  })
}

function readFunctionCall(message: Reader, id: string): ToolCallPart[] {
  const call = message.maybeObject('function_call')
  if (call === undefined) return []
  return [{ type: 'tool-call', id, name: call.string('name'), input: call.string('arguments') }]
}

// Reads `input` and `instructions`: items of one speaker that follow each other become one message.

import type {
  AssistantPart,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { defined } from '#core/json'
import type { Reader } from '#core/reader'
import { sniffedImage } from './output.ts'
import { readContent, readPart, readTextPart } from './parts.ts'
import { addThought } from './thoughts.ts'
import { decodeAnnotations } from './annotations.ts'
import {
  callExtras,
  hostedItems,
  id as protocolId,
  isHosted,
  ownExtra,
  pick,
  pictureExtras,
} from './vocabulary.ts'

export interface Conversation {
  system: TextPart[]
  messages: Message[]
}

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function readInput(body: Reader): Conversation {
  const instructions = body.maybeString('instructions')
  const conversation: Conversation = { system: [], messages: [] }
  if (instructions !== undefined && instructions !== '')
    conversation.system.push({ type: 'text', text: instructions })
  const input = body.json('input')
  // A stored prompt or an earlier response may say it all.
  if (input === undefined || input === null) return conversation
  if (typeof input === 'string') {
    conversation.messages.push({ role: 'user', content: [{ type: 'text', text: input }] })
    return conversation
  }
  if (!Array.isArray(input)) body.fail('input', 'a string or an array of items')
  body.list('input', (item) => readItem(item, conversation))
  return conversation
}

function readItem(item: Reader, conversation: Conversation): void {
  const type = typeOf(item)
  const { messages } = conversation
  switch (type) {
    case 'message':
      return readMessage(item, conversation)
    case 'function_call':
    case 'custom_tool_call':
      answerParts(messages).push(readCall(item, type))
      return
    case 'function_call_output':
    case 'custom_tool_call_output':
      return addResult(messages, readResult(item, type, messages))
    case 'reasoning':
      return readThought(item, messages)
    case 'image_generation_call':
      return readDrawing(item, messages)
    default:
      return readHosted(item, type, messages)
  }
}

/** `type` may be left out of messages and references. */
function typeOf(item: Reader): string {
  const type = item.maybeString('type')
  if (type !== undefined) return type
  return item.has('role') ? 'message' : item.has('id') ? 'item_reference' : item.string('type')
}

/** The parts of the answer under way; a new one where somebody else spoke last. */
function answerParts(messages: Message[]): AssistantPart[] {
  const last = messages.at(-1)
  if (last?.role === 'assistant') return last.content
  const content: AssistantPart[] = []
  messages.push({ role: 'assistant', content })
  return content
}

/** Ids and states of items belong to the vendor's store; a conversation sent whole does without. */
const stored = ['id', 'status'] as const

function readMessage(item: Reader, { system, messages }: Conversation): void {
  item.skip(...stored)
  const role = item.oneOf('role', ['user', 'assistant', 'system', 'developer'])
  switch (role) {
    case 'user':
      messages.push({ role, content: readContent(item, 'content', readPart) })
      return
    case 'assistant': {
      const phase = item.maybeOneOf('phase', ['commentary', 'final_answer'])
      const own = ownExtra(defined({ phase }))
      const parts = readContent(item, 'content', readSpoken)
      answerParts(messages).push(...parts.map((part) => ({ ...part, ...own })))
      return
    }
    case 'system':
    case 'developer': {
      // `system` is what the encoder writes by itself, so only what differs is kept.
      const own = ownExtra(role === 'developer' ? { role } : {})
      const parts = readContent(item, 'content', readTextPart).map((part) => ({ ...part, ...own }))
      if (messages.length === 0) system.push(...parts)
      else messages.push({ role: 'system', content: parts })
      return
    }
    default:
      role satisfies never
  }
}

function readSpoken(part: Reader): AssistantPart {
  const type = part.oneOf('type', ['output_text', 'refusal', 'input_text'])
  // The SDK's `parse` adds what it made of the text.
  part.skip('parsed', 'logprobs')
  if (type === 'refusal') return { type, text: part.string('refusal') }
  const citations = decodeAnnotations(part.maybeValues('annotations'))
  return {
    type: 'text',
    text: part.string('text'),
    ...(citations.length === 0 ? {} : { citations }),
  }
}

function readCall(item: Reader, type: 'function_call' | 'custom_tool_call'): ToolCallPart {
  const own = pick(item.rest, callExtras)
  item.skip(...stored, ...callExtras, 'created_by', 'parsed_arguments')
  const isCustom = type === 'custom_tool_call'
  return {
    ...defined({
      type: 'tool-call' as const,
      id: item.string('call_id'),
      name: item.string('name'),
      input: item.string(isCustom ? 'input' : 'arguments'),
      kind: isCustom ? ('custom' as const) : undefined,
    }),
    ...ownExtra(own),
  }
}

function readResult(item: Reader, type: string, messages: readonly Message[]): ToolResultPart {
  const own = pick(item.rest, ['namespace', 'caller', 'name'])
  item.skip(...stored, 'namespace', 'caller', 'name', 'created_by')
  const id = item.string('call_id')
  // The call may be in the vendor's store only; then the result has to say what it answers.
  const isKnown = type !== 'custom_tool_call_output' || customCalls(messages).has(id)
  return {
    type: 'tool-result',
    id,
    output: readContent(item, 'output', readPart),
    ...ownExtra(isKnown ? own : { ...own, type }),
  }
}

/** The ids of the calls of custom tools. */
export const customCalls = (messages: readonly Message[]): Set<string> =>
  new Set(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? message.content.flatMap((part) =>
            part.type === 'tool-call' && part.kind === 'custom' ? [part.id] : [],
          )
        : [],
    ),
  )

/** Results that follow each other belong to one turn. */
function addResult(messages: Message[], result: ToolResultPart | UserPart): void {
  const last = messages.at(-1)
  const isOpen =
    last?.role === 'user' &&
    last.content.every((part) => part.type === 'tool-result' || part.type === 'opaque')
  if (isOpen) last.content.push(result)
  else messages.push({ role: 'user', content: [result] })
}

function readThought(item: Reader, messages: Message[]): void {
  item.skip(...stored)
  const said = (type: string) => (part: Reader) => {
    part.oneOf('type', [type])
    return part.string('text')
  }
  addThought(answerParts(messages), {
    summary: item.maybeList('summary', said('summary_text')) ?? [],
    content: item.maybeList('content', said('reasoning_text')) ?? [],
    encrypted: item.maybeString('encrypted_content'),
  })
}

/** A picture of an earlier answer; one without its data is known to the vendor's store only. */
function readDrawing(item: Reader, messages: Message[]): void {
  const base64 = item.maybeString('result')
  if (base64 === undefined || base64 === '')
    return readHosted(item, 'image_generation_call', messages)
  const format = item.maybeString('output_format')
  item.skip(...stored, ...pictureExtras, 'svg_usage')
  answerParts(messages).push({
    type: 'file',
    mediaType: sniffedImage(base64, format),
    source: { base64 },
  })
}

function readHosted(item: Reader, type: string, messages: Message[]): void {
  const isKnown = isHosted(type) || type === 'image_generation_call'
  if (!isKnown) item.fail('type', 'the type of an input item')
  const value = { ...item.rest, type }
  item.skip(...item.keys)
  const part = { type: 'opaque' as const, protocol: protocolId, value }
  const speaker = isHosted(type) ? hostedItems[type] : 'assistant'
  if (speaker === 'user') addResult(messages, part)
  else answerParts(messages).push(part)
}

// The conversation as the vendor takes it.

import type {
  AssistantPart,
  ChatRequest,
  FilePart,
  Message,
  PartExtras,
  TextPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import { id } from './vocabulary.ts'

/** @throws GatewayError `unsupported` for files that are not images. */
export function encodeMessages(request: ChatRequest, lose: Lose): JsonObject[] {
  const system = encodeSystem(request.system, 'system', lose)
  const messages = request.messages.flatMap((message, index) =>
    encodeMessage(message, `messages[${index}]`, lose),
  )
  return [...system, ...messages]
}

function encodeMessage(message: Message, path: string, lose: Lose): JsonObject[] {
  if (message.role !== 'system' && message.name !== undefined)
    lose(`${path}.name`, 'names of participants are not supported and were left out')
  switch (message.role) {
    case 'system':
      return encodeSystem(message.content, `${path}.content`, lose)
    case 'user':
      return encodeUser(message.content, path, lose)
    case 'assistant':
      return encodeAnswer(message.content, path, lose)
    default:
      return message satisfies never
  }
}

function encodeSystem(parts: readonly TextPart[], path: string, lose: Lose): JsonObject[] {
  const items = parts.flatMap((part, index) => {
    reportOthers(part, `${path}[${index}]`, lose)
    return part.text === '' ? [] : [{ type: 'text', text: part.text }]
  })
  return items.length === 0 ? [] : [{ role: 'system', content: shorten(items) }]
}

/** One text is written as a string. */
function shorten(items: JsonObject[]): string | JsonObject[] {
  const [only, second] = items
  return second === undefined && only !== undefined && typeof only['text'] === 'string'
    ? only['text']
    : items
}

/** Each tool result is a message; what the user says besides follows, with the pictures of the results. */
function encodeUser(parts: readonly UserPart[], path: string, lose: Lose): JsonObject[] {
  const results: JsonObject[] = []
  const said: JsonObject[] = []
  for (const [index, part] of parts.entries()) {
    const at = `${path}.content[${index}]`
    if (part.type === 'tool-result') {
      const { result, pictures } = encodeResult(part, at, lose)
      results.push(result)
      said.push(...pictures)
    } else said.push(...encodeUserPart(part, at, lose))
  }
  return said.length === 0 ? results : [...results, { role: 'user', content: shorten(said) }]
}

function encodeUserPart(
  part: Exclude<UserPart, ToolResultPart>,
  path: string,
  lose: Lose,
): JsonObject[] {
  reportOthers(part, path, lose)
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'file':
      return [encodeImage(part, path)]
    case 'opaque':
      lose(path, `a block of the protocol ${part.protocol} was left out`)
      return []
    default:
      return part satisfies never
  }
}

function encodeImage({ mediaType, source, detail }: FilePart, path: string): JsonObject {
  if (!mediaType.startsWith('image/') || 'reference' in source)
    throw new GatewayError(
      'unsupported',
      `${path}: files must be images, as base64 or behind a URL`,
      { param: path },
    )
  const url = 'url' in source ? source.url : `data:${mediaType};base64,${source.base64}`
  return { type: 'image_url', image_url: defined({ url, detail }) }
}

function encodeResult(part: ToolResultPart, path: string, lose: Lose) {
  reportOthers(part, path, lose)
  if (part.isError !== undefined)
    lose(`${path}.isError`, 'whether a tool failed cannot be said here: its output stands alone')
  const texts: JsonObject[] = []
  const pictures: JsonObject[] = []
  for (const [index, item] of part.output.entries()) {
    const at = `${path}.output[${index}]`
    const document = item.extra?.[id]?.['document']
    if (document !== undefined) texts.push({ type: 'document', document })
    else if (item.type === 'text') texts.push({ type: 'text', text: item.text })
    else {
      lose(at, 'an image in a tool result was moved to a user message')
      pictures.push(encodeImage(item, at))
    }
  }
  const content = texts.length === 0 ? '' : shorten(texts)
  return { result: { role: 'tool', tool_call_id: part.id, content }, pictures }
}

/** What is said before tools are called is the plan for them. */
function encodeAnswer(parts: readonly AssistantPart[], path: string, lose: Lose): JsonObject[] {
  const content: JsonObject[] = []
  const calls: JsonObject[] = []
  const plan: string[] = []
  const hasCalls = parts.some((part) => part.type === 'tool-call')
  for (const [index, part] of parts.entries()) {
    const at = `${path}.content[${index}]`
    if (part.type !== 'reasoning') reportOthers(part, at, lose)
    if (part.type === 'tool-call') calls.push(encodeCall(part.id, part.name, part))
    else if (part.type === 'reasoning') content.push(...encodeThought(part, at, lose))
    else {
      const said = wordsOf(part, at, lose)
      if (said === '') continue
      if (hasCalls) plan.push(said)
      else content.push({ type: 'text', text: said })
    }
  }
  if (content.length === 0 && calls.length === 0) return []
  return [
    defined({
      role: 'assistant',
      content: content.length === 0 ? undefined : shorten(content),
      tool_plan: plan.length === 0 ? undefined : plan.join(''),
      tool_calls: calls.length === 0 ? undefined : calls,
    }),
  ]
}

export const encodeCall = (
  callId: string,
  name: string,
  { input, kind }: { input: string; kind?: 'function' | 'custom' },
): JsonObject => ({
  id: callId,
  type: 'function',
  function: { name, arguments: kind === 'custom' ? JSON.stringify({ input }) : input },
})

function encodeThought(
  part: Extract<AssistantPart, { type: 'reasoning' }>,
  path: string,
  lose: Lose,
): JsonObject[] {
  if (part.signature !== undefined)
    lose(`${path}.signature`, `a signature of ${part.signature.protocol} was left out`)
  if (part.redacted !== undefined) lose(path, 'hidden reasoning cannot be given back here')
  return part.text === '' ? [] : [{ type: 'thinking', thinking: part.text }]
}

function wordsOf(
  part: Exclude<AssistantPart, { type: 'reasoning' | 'tool-call' }>,
  path: string,
  lose: Lose,
): string {
  switch (part.type) {
    case 'text':
      if (part.citations !== undefined)
        lose(`${path}.citations`, 'citations of earlier answers were left out')
      return part.text
    case 'refusal':
      lose(path, 'a refusal was sent as text')
      return part.text
    case 'file':
      lose(path, 'a file of the assistant was left out')
      return part.transcript ?? ''
    case 'opaque':
      lose(path, `a block of the protocol ${part.protocol} was left out`)
      return ''
    default:
      return part satisfies never
  }
}

/** Tells what a part carries that cannot be said here. */
function reportOthers(part: PartExtras, path: string, lose: Lose): void {
  for (const protocol of Object.keys(part.extra ?? {}))
    if (protocol !== id) lose(path, `fields of the protocol ${protocol} were left out`)
  if (part.cache !== undefined)
    lose(`${path}.cache`, 'prompts are cached without being asked here: a mark was left out')
  if (part.signature !== undefined)
    lose(`${path}.signature`, `a signature of ${part.signature.protocol} was left out`)
}

// Writes the conversation as `contents`.

import type {
  AssistantPart,
  FilePart,
  Message,
  PartExtras,
  SystemMessage,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
  UserPart,
} from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import { writeResponse } from './contents.ts'
import { writeFile } from './files.ts'
import {
  dummySignature,
  isMadeCallId,
  protocolId,
  takesResponseMedia,
  wantsSignatures,
} from './vocabulary.ts'

/** What the writer knows while it goes through the conversation. */
interface Writing extends Target {
  /** Names of the calls so far, by id, in order. */
  names: Map<string, string>
  /** Whether a call of the current step, which may be several messages, has a signature of ours. */
  isSigned: boolean
}

/** @throws GatewayError `invalid_request` for a tool result that answers no call. */
export function writeContents(messages: readonly Message[], target: Target): JsonObject[] {
  const writing: Writing = { ...target, names: new Map(), isSigned: false }
  const contents: JsonObject[] = []
  let open: { parts: JsonObject[] } | undefined
  messages.forEach((message, index) => {
    const path = `messages[${index}]`
    if (message.role !== 'assistant') writing.isSigned = false
    const parts = writeMessage(message, path, writing)
    if (parts.length === 0) {
      target.lose(path, 'a message without content was left out')
      return
    }
    // All results of a turn belong into one content, or the API misses the others.
    const isResults = hasOnlyResults(message)
    if (isResults && open !== undefined) {
      open.parts.push(...parts)
      return
    }
    contents.push({ role: message.role === 'assistant' ? 'model' : 'user', parts })
    open = isResults ? { parts } : undefined
  })
  return contents
}

const hasOnlyResults = (message: Message): boolean =>
  message.role === 'user' && message.content.every((part) => part.type === 'tool-result')

function writeMessage(message: Message, path: string, writing: Writing): JsonObject[] {
  if (message.role === 'system') return laterSystem(message, path, writing)
  if (message.name !== undefined)
    writing.lose(`${path}.name`, 'names of speakers are not supported and were left out')
  return message.role === 'user'
    ? inCallOrder(message, writing).flatMap((part, index) =>
        writeUserPart(part, `${path}.content[${index}]`, writing),
      )
    : writeAnswer(message.content, path, writing)
}

/** The API has one place for system text, before everything: later text keeps its place, marked, as the user's. */
function laterSystem(message: SystemMessage, path: string, { lose }: Target): JsonObject[] {
  lose(path, 'a system message inside the conversation became a marked user message')
  return message.content.map((part) => ({ text: `<system>\n${part.text}\n</system>` }))
}

/** Results whose ids are not sent are matched by their order. */
function inCallOrder({ content }: UserMessage, { names }: Writing): UserPart[] {
  if (!content.some((part) => part.type === 'tool-result' && isMadeCallId(part.id))) return content
  const order = [...names.keys()]
  const place = (part: UserPart): number =>
    part.type === 'tool-result' ? order.indexOf(part.id) : order.length
  return content.toSorted((left, right) => place(left) - place(right))
}

function writeUserPart(part: UserPart, path: string, writing: Writing): JsonObject[] {
  loseExtras(part, path, writing)
  switch (part.type) {
    case 'text':
      return [{ text: part.text, ...ownFields(part) }]
    case 'file':
      return [writeMedia(part, path, writing)]
    case 'tool-result':
      return writeResult(part, path, writing)
    case 'opaque':
      return writeOpaque(part, path, writing)
    default:
      return part satisfies never
  }
}

function writeMedia(part: FilePart, path: string, { lose }: Target): JsonObject {
  if (part.detail !== undefined && part.detail !== 'auto')
    lose(`${path}.detail`, 'the detail of images is not supported and was left out')
  return { ...writeFile(part), ...ownFields(part) }
}

function writeOpaque(
  part: Extract<UserPart, { type: 'opaque' }>,
  path: string,
  { lose }: Target,
): JsonObject[] {
  if (part.protocol === protocolId && isObject(part.value)) return [part.value]
  lose(path, `a part of the protocol ${part.protocol} was left out`)
  return []
}

function writeResult(part: ToolResultPart, path: string, writing: Writing): JsonObject[] {
  const name = writing.names.get(part.id)
  if (name === undefined)
    throw new GatewayError(
      'invalid_request',
      `${path} must answer an earlier tool call, but none has the id '${part.id}'`,
      { param: path },
    )
  const files = part.output.filter((output) => output.type === 'file')
  const isInside = takesResponseMedia(writing.model)
  if (files.length > 0 && !isInside)
    writing.lose(
      path,
      'media cannot be part of a tool result with this model and was put beside it',
    )
  const { response: _, ...own } = part.extra?.[protocolId] ?? {}
  const functionResponse = defined({
    id: isMadeCallId(part.id) ? undefined : part.id,
    name,
    response: writeResponse(part),
    parts: isInside && files.length > 0 ? files.map(writeFile) : undefined,
    ...own,
  })
  return [{ functionResponse }, ...(isInside ? [] : files.map(writeFile))]
}

function writeAnswer(
  content: readonly AssistantPart[],
  path: string,
  writing: Writing,
): JsonObject[] {
  const calls = content.filter((part) => part.type === 'tool-call')
  writing.isSigned ||= calls.some((call) => call.signature?.protocol === protocolId)
  // A step whose calls have no signature of ours was written by another model, or by a client that cannot keep one.
  const stranger = wantsSignatures(writing.model) && !writing.isSigned ? calls[0] : undefined
  return content.flatMap((part, index) => {
    const written = writeAnswerPart(part, `${path}.content[${index}]`, writing)
    return part === stranger
      ? written.map((one) => ({ ...one, thoughtSignature: dummySignature }))
      : written
  })
}

function writeAnswerPart(part: AssistantPart, path: string, writing: Writing): JsonObject[] {
  loseExtras(part, path, writing)
  switch (part.type) {
    case 'text':
      return [{ text: part.text, ...ownFields(part) }]
    case 'refusal':
      writing.lose(path, 'a refusal became plain text')
      return [{ text: part.text, ...ownFields(part) }]
    case 'reasoning':
      if (part.redacted !== undefined) {
        writing.lose(path, 'hidden reasoning of another vendor was left out')
        return []
      }
      return [{ text: part.text, thought: true, ...ownFields(part) }]
    case 'file':
      return [writeMedia(part, path, writing)]
    case 'tool-call':
      return [writeCall(part, path, writing)]
    case 'opaque':
      return writeOpaque(part, path, writing)
    default:
      return part satisfies never
  }
}

function writeCall(part: ToolCallPart, path: string, writing: Writing): JsonObject {
  writing.names.set(part.id, part.name)
  const id = isMadeCallId(part.id) ? undefined : part.id
  const args = argumentsOf(part)
  if (args === undefined)
    writing.lose(path, `arguments that are no JSON object became the text 'input'`)
  return {
    functionCall: defined({ id, name: part.name, args: args ?? { input: part.input } }),
    ...ownFields(part),
  }
}

function argumentsOf(part: ToolCallPart): JsonObject | undefined {
  if (part.input.trim() === '') return {}
  const value = part.kind === 'custom' ? undefined : parseJson(part.input)
  return isObject(value) ? value : undefined
}

/** The signature, byte for byte in its own part, and what else only this protocol has. */
export const ownFields = (part: PartExtras): JsonObject =>
  defined({
    thoughtSignature: part.signature?.protocol === protocolId ? part.signature.value : undefined,
    ...part.extra?.[protocolId],
  })

function loseExtras(part: UserPart | AssistantPart, path: string, { lose }: Target): void {
  if (part.cache !== undefined)
    lose(`${path}.cache`, 'cache marks are not supported and were left out')
  if (part.signature !== undefined && part.signature.protocol !== protocolId)
    lose(`${path}.signature`, 'a signature of another vendor was left out')
  if (part.type === 'text' && part.citations !== undefined)
    lose(`${path}.citations`, 'citations of earlier answers were left out')
  for (const protocol of Object.keys(part.extra ?? {}))
    if (protocol !== protocolId) lose(path, `fields of the protocol ${protocol} were left out`)
}

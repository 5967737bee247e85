// Parts of requests as content blocks.

import type {
  RedactedThinkingBlockParam,
  ThinkingBlockParam,
} from '@anthropic-ai/sdk/resources/messages'
import type {
  AssistantPart,
  Citation,
  FilePart,
  PartExtras,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { GatewayError } from '#core/error'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import { encodeCache } from './cache.ts'
import { encodeFile } from './files.ts'
import { spellId, spellName } from './names.ts'
import { present } from './present.ts'
import { id, own } from './vocabulary.ts'

export function encodeUserPart(part: UserPart, path: string, lose: Lose): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'file':
      return encodeContent(part, path, lose)
    case 'tool-result':
      return encodeResult(part, path, lose)
    case 'opaque':
      return encodeOpaque(part, path, lose)
    default:
      return part satisfies never
  }
}

export function encodeAssistantPart(
  part: Exclude<AssistantPart, FilePart>,
  path: string,
  lose: Lose,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeContent(part, path, lose)
    case 'refusal':
      lose(path, 'a refusal was sent as text')
      return encodeContent({ ...part, type: 'text' }, path, lose)
    case 'reasoning':
      return encodeReasoningPart(part, path, lose)
    case 'tool-call':
      return encodeCall(part, path, lose)
    case 'opaque':
      return encodeOpaque(part, path, lose)
    default:
      return part satisfies never
  }
}

/** Texts and files; `undefined` for an empty text, which the vendor refuses and which says nothing. */
export function encodeContent(
  part: TextPart | FilePart,
  path: string,
  lose: Lose,
): JsonObject | undefined {
  reportOthers(part, path, lose)
  const { block, ...fields } = own(part.extra)
  if (isObject(block)) return block
  const marks = { ...fields, ...encodeCache(part.cache, path, lose) }
  if (part.type === 'file') return { ...encodeFile(part, path, lose), ...marks }
  if (part.text === '') return undefined
  return {
    type: 'text',
    text: part.text,
    ...encodeCitations(part.citations, path, lose),
    ...marks,
  }
}

/** Only the vendor's own citations can be given back: others lack what it wants to see. */
function encodeCitations(
  citations: readonly Citation[] | undefined,
  path: string,
  lose: Lose,
): JsonObject {
  const mine = present((citations ?? []).map((citation) => citation.extra?.[id]))
  if (citations !== undefined && mine.length < citations.length)
    lose(`${path}.citations`, 'citations of another protocol were left out')
  return mine.length === 0 ? {} : { citations: mine }
}

function encodeResult(part: ToolResultPart, path: string, lose: Lose): JsonObject {
  reportOthers(part, path, lose)
  const output = present(
    part.output.map((item, index) => encodeContent(item, `${path}.output[${index}]`, lose)),
  )
  return {
    type: 'tool_result',
    tool_use_id: spellId(part.id),
    ...(output.length === 0 ? {} : { content: shorten(output) }),
    ...(part.isError === undefined ? {} : { is_error: part.isError }),
    ...encodeCache(part.cache, path, lose),
    ...own(part.extra),
  }
}

/** One plain text is written as a string. */
export function shorten(blocks: JsonObject[]): string | JsonObject[] {
  const [only, second] = blocks
  const isPlain =
    only !== undefined && second === undefined && Object.keys(only).join() === 'type,text'
  return isPlain && typeof only['text'] === 'string' ? only['text'] : blocks
}

/** The vendor checks that thoughts are its own: others, and unsigned ones, cannot be given back. */
function encodeReasoningPart(
  part: ReasoningPart,
  path: string,
  lose: Lose,
): JsonObject | undefined {
  if (part.redacted?.protocol === id)
    return {
      type: 'redacted_thinking',
      data: part.redacted.value,
    } satisfies RedactedThinkingBlockParam
  if (part.signature?.protocol === id)
    return {
      type: 'thinking',
      thinking: part.text,
      signature: part.signature.value,
    } satisfies ThinkingBlockParam
  lose(path, 'reasoning that was not signed by this provider was left out')
  return undefined
}

function encodeCall(part: ToolCallPart, path: string, lose: Lose): JsonObject {
  reportOthers(part, path, lose)
  return {
    type: 'tool_use',
    id: spellId(part.id),
    name: spellName(part.name),
    input: callInput(part, path),
    ...encodeCache(part.cache, path, lose),
    ...own(part.extra),
  }
}

function callInput(part: ToolCallPart, path: string): JsonObject {
  if (part.kind === 'custom') return { input: part.input }
  if (part.input === '') return {}
  const input = parseJson(part.input)
  if (isObject(input)) return input
  throw new GatewayError(
    'invalid_request',
    `The arguments of the tool call ${part.id} must be a JSON object`,
    { param: `${path}.input` },
  )
}

function encodeOpaque(
  part: Extract<UserPart, { type: 'opaque' }>,
  path: string,
  lose: Lose,
): JsonObject | undefined {
  if (part.protocol === id && isObject(part.value)) return part.value
  lose(path, `a block of the protocol ${part.protocol} was left out`)
  return undefined
}

/** Tells what a part carries for other protocols only. */
function reportOthers(part: PartExtras, path: string, lose: Lose): void {
  for (const protocol of Object.keys(part.extra ?? {}))
    if (protocol !== id) lose(path, `fields of the protocol ${protocol} were left out`)
  if (part.signature !== undefined)
    lose(`${path}.signature`, `a signature of ${part.signature.protocol} was left out`)
}

// Parts of requests as content blocks.

import type {
  AssistantPart,
  CacheMark,
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
import { spellId, spellName } from '../anthropic-messages/names.ts'
import { cacheTtls } from '../anthropic-messages/vocabulary.ts'
import { encodeFile } from './files.ts'
import { id, own } from './vocabulary.ts'

/** The blocks of a part, with the cache point it ends in; none for what says nothing. */
export function encodePart(part: UserPart | AssistantPart, path: string, lose: Lose): JsonObject[] {
  const block = encodeBlock(part, path, lose)
  return block === undefined ? [] : [block, ...encodeCache(part.cache, path, lose)]
}

function encodeBlock(
  part: UserPart | AssistantPart,
  path: string,
  lose: Lose,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return encodeText(part, path, lose)
    case 'refusal':
      lose(path, 'a refusal was sent as text')
      return encodeText({ ...part, type: 'text' }, path, lose)
    case 'file':
      reportOthers(part, path, lose)
      return encodeFile(part, path, lose)
    case 'reasoning':
      return encodeReasoning(part, path, lose)
    case 'tool-call':
      return encodeCall(part, path, lose)
    case 'tool-result':
      return encodeResult(part, path, lose)
    case 'opaque':
      if (part.protocol === id && isObject(part.value)) return part.value
      lose(path, `a block of the protocol ${part.protocol} was left out`)
      return undefined
    default:
      return part satisfies never
  }
}

/** A point after the block up to which the prompt may be cached; nothing where there is no mark. */
export function encodeCache(cache: CacheMark | undefined, path: string, lose: Lose): JsonObject[] {
  if (cache === undefined) return []
  if (cache.ttl === undefined) return [{ cachePoint: { type: 'default' } }]
  const ttl = cacheTtls[cache.ttl]
  if (ttl !== cache.ttl) lose(`${path}.cache`, `a cache life of ${cache.ttl} was mapped to ${ttl}`)
  return [{ cachePoint: { type: 'default', ttl } }]
}

/** The vendor refuses empty texts, which say nothing. */
function encodeText(part: TextPart, path: string, lose: Lose): JsonObject | undefined {
  reportOthers(part, path, lose)
  if (part.citations !== undefined)
    lose(`${path}.citations`, 'citations of earlier answers were left out')
  return part.text === '' ? undefined : { text: part.text }
}

/** Thoughts are checked: others than the vendor's own cannot be given back. */
function encodeReasoning(part: ReasoningPart, path: string, lose: Lose): JsonObject | undefined {
  if (part.redacted?.protocol === id)
    return { reasoningContent: { redactedContent: part.redacted.value } }
  if (part.signature?.protocol === id)
    return {
      reasoningContent: { reasoningText: { text: part.text, signature: part.signature.value } },
    }
  lose(path, 'reasoning that was not signed by this provider was left out')
  return undefined
}

function encodeCall(part: ToolCallPart, path: string, lose: Lose): JsonObject {
  reportOthers(part, path, lose)
  const toolUseId = spellId(part.id)
  return { toolUse: { toolUseId, name: spellName(part.name), input: inputOf(part, path) } }
}

function inputOf(part: ToolCallPart, path: string): JsonObject {
  if (part.kind === 'custom') return { input: part.input }
  const input = part.input === '' ? {} : parseJson(part.input)
  if (isObject(input)) return input
  throw new GatewayError(
    'invalid_request',
    `The arguments of the tool call ${part.id} must be a JSON object`,
    { param: `${path}.input` },
  )
}

function encodeResult(part: ToolResultPart, path: string, lose: Lose): JsonObject {
  reportOthers(part, path, lose)
  const content = part.output.flatMap((item, index) =>
    encodeOutput(item, `${path}.output[${index}]`, lose),
  )
  const status = part.isError === undefined ? {} : { status: part.isError ? 'error' : 'success' }
  return { toolResult: { toolUseId: spellId(part.id), content, ...status } }
}

function encodeOutput(item: TextPart | FilePart, path: string, lose: Lose): JsonObject[] {
  const { json } = own(item.extra)
  if (json !== undefined) return [{ json }]
  if (item.cache !== undefined)
    lose(`${path}.cache`, 'marks inside tool results are not supported and were left out')
  const { cache: _, ...unmarked } = item
  return encodePart(unmarked, path, lose)
}

/** Tells what a part carries for other protocols only. */
function reportOthers(part: PartExtras, path: string, lose: Lose): void {
  for (const protocol of Object.keys(part.extra ?? {}))
    if (protocol !== id) lose(path, `fields of the protocol ${protocol} were left out`)
  if (part.signature !== undefined)
    lose(`${path}.signature`, `a signature of ${part.signature.protocol} was left out`)
}

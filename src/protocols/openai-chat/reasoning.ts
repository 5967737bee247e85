// Thoughts and proofs of other protocols on this wire, in the shapes its users know, so that they come back equal.
// `reasoning_content` after DeepSeek, `reasoning_details` after OpenRouter, `extra_content` after Google.

import type { OpaquePart, ReasoningPart, Signature } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import {
  detailFormat,
  extraKey,
  extraProtocol,
  formatProtocol,
  id as protocolId,
  number,
  objects,
  text,
} from './vocabulary.ts'

/** The fields of a message that say these thoughts; none for none. */
export function encodeReasoning(parts: readonly ReasoningPart[]): JsonObject {
  const spoken = parts.map((part) => part.text).join('')
  const isPlain = parts.length <= 1 && parts.every((part) => !isProven(part))
  return defined({
    reasoning_content: spoken === '' ? undefined : spoken,
    reasoning_details: isPlain ? undefined : parts.flatMap(encodeDetails),
  })
}

/** Whether a thought carries what `reasoning_content` cannot. */
export const isProven = (part: ReasoningPart): boolean =>
  part.signature !== undefined ||
  part.redacted !== undefined ||
  part.extra?.[protocolId] !== undefined

/** The entries of one thought; they share its index. */
export function encodeDetails(part: ReasoningPart, index: number): JsonObject[] {
  const { signature, redacted } = part
  const own = part.extra?.[protocolId] ?? {}
  const entries: JsonObject[] = []
  if (part.text !== '' || signature !== undefined || redacted === undefined)
    entries.push({
      type: 'reasoning.text',
      text: part.text,
      ...(signature === undefined
        ? {}
        : { signature: signature.value, format: detailFormat(signature.protocol) }),
      index,
      ...own,
    })
  if (redacted !== undefined)
    entries.push({
      type: 'reasoning.encrypted',
      data: redacted.value,
      format: detailFormat(redacted.protocol),
      index,
      ...(entries.length === 0 ? own : {}),
    })
  return entries
}

/** The thoughts of a message, whichever of the known fields it has. */
export function decodeReasoning(message: JsonObject): ReasoningPart[] {
  const details = objects(message['reasoning_details'])
  if (details.length > 0) return gatherDetails(details)
  const spoken = text(message['reasoning_content']) ?? text(message['reasoning']) ?? ''
  return spoken === '' ? [] : [{ type: 'reasoning', text: spoken }]
}

function gatherDetails(details: readonly JsonObject[]): ReasoningPart[] {
  const parts: ReasoningPart[] = []
  const places = new Map<number, number>()
  for (const entry of details) {
    const index = number(entry['index'])
    const known = index === undefined ? undefined : places.get(index)
    const place = known ?? parts.length
    if (index !== undefined) places.set(index, place)
    parts[place] = joined(parts[place], readDetail(entry))
  }
  return parts
}

/** One entry of `reasoning_details`, or one fragment of it in a stream. */
export function readDetail(entry: JsonObject): ReasoningPart {
  const protocol = formatProtocol(text(entry['format']) ?? 'unknown')
  const proof = (value: string | undefined): Signature | undefined =>
    value === undefined || value === '' ? undefined : { protocol, value }
  const entryId = text(entry['id'])
  return defined({
    type: 'reasoning' as const,
    text: text(entry['text']) ?? text(entry['summary']) ?? '',
    signature: proof(text(entry['signature'])),
    redacted: proof(text(entry['data'])),
    extra: entryId === undefined ? undefined : { [protocolId]: { id: entryId } },
  })
}

const joined = (part: ReasoningPart | undefined, more: ReasoningPart): ReasoningPart =>
  part === undefined ? more : { ...part, ...more, text: part.text + more.text }

/** `extra_content`: a proof that belongs to a tool call or a text, and blocks only another protocol understands. */
export function encodeExtras(
  signature: Signature | undefined,
  blocks: readonly OpaquePart[] = [],
): JsonObject | undefined {
  const extras: { [key: string]: JsonObject } = {}
  if (signature !== undefined)
    extras[extraKey(signature.protocol)] = { thought_signature: signature.value }
  for (const block of blocks) {
    const key = extraKey(block.protocol)
    const before = extras[key] ?? {}
    const parts = Array.isArray(before['parts']) ? before['parts'] : []
    extras[key] = { ...before, parts: [...parts, block.value] }
  }
  return Object.keys(extras).length === 0 ? undefined : extras
}

export function decodeExtras(extras: Json | undefined): {
  signature?: Signature
  blocks: OpaquePart[]
} {
  const found: { signature?: Signature; blocks: OpaquePart[] } = { blocks: [] }
  if (!isObject(extras)) return found
  for (const [key, fields] of Object.entries(extras)) {
    if (!isObject(fields)) continue
    const protocol = extraProtocol(key)
    const value = text(fields['thought_signature'])
    if (value !== undefined) found.signature = { protocol, value }
    const parts = fields['parts']
    if (Array.isArray(parts))
      found.blocks.push(
        ...parts.map((part): OpaquePart => ({ type: 'opaque', protocol, value: part })),
      )
  }
  return found
}

// Writes the blocks of a stream, one after the other: this wire has one open at a time.

import type { AssistantPart, ChatEvent, PartEnd, RefusalPart } from '#core/chat'
import { grown } from '#core/events'
import type { JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import { encodeCitation, encodePart, encodeToolUse } from './reply-parts.ts'
import { packProof } from './signature.ts'

/** The part being written: streamed as it grows, or gathered until it is whole. */
interface Writing {
  index: number
  part: AssistantPart
  streamed: boolean
}

export interface BlockWriter {
  /** The hub's number of the part being written. */
  readonly index: number | undefined
  /** Refusals have no block: they are told at the end of the message. */
  readonly refusals: readonly RefusalPart[]
  begin(index: number, part: AssistantPart): SseEvent[]
  grow(event: Extract<ChatEvent, { type: 'part-delta' }>): SseEvent[]
  end(set?: PartEnd): SseEvent[]
}

/** @param hidden whether the caller does not want to see thoughts. */
export function blockWriter(hidden: boolean): BlockWriter {
  const refusals: RefusalPart[] = []
  let writing: Writing | undefined
  let block = 0

  const delta = (value: JsonObject | undefined): SseEvent[] =>
    value === undefined ? [] : [frame('content_block_delta', { index: block, delta: value })]
  const open = (start: JsonObject): SseEvent =>
    frame('content_block_start', { index: block, content_block: start })
  const close = (): SseEvent => frame('content_block_stop', { index: block++ })

  /** Opens the block and writes what there is of its text. */
  function stream(state: Writing, text: string): SseEvent[] {
    const start = startBlock(state.part)
    if (start === undefined) return []
    state.streamed = true
    return [open(start), ...delta(growth(state.part, text))]
  }

  /** Whether it shows only later what kind of block a part is: thoughts may yet turn out hidden. */
  const isLate = (part: AssistantPart): boolean =>
    part.type === 'reasoning' && (hidden || part.text === '' || part.redacted !== undefined)

  return {
    get index() {
      return writing?.index
    },
    refusals,
    begin(index, part) {
      writing = { index, part, streamed: false }
      return isLate(part) ? [] : stream(writing, startText(part))
    },
    grow(event) {
      if (writing === undefined) return []
      const { part, streamed } = writing
      if (streamed) return delta(growth(part, event.delta))
      if (part.type === 'reasoning' && !hidden && part.redacted === undefined)
        return stream(writing, event.delta)
      // An opaque part is whole from its start.
      if (part.type !== 'opaque') writing.part = grown(part, event.delta, event.transcript)
      return []
    },
    end(set = {}) {
      if (writing === undefined) return []
      const { part, streamed } = writing
      writing = undefined
      const ended: AssistantPart = { ...part, ...set }
      if (ended.type === 'refusal') refusals.push(ended)
      if (streamed) return [...closing(ended).flatMap(delta), close()]
      const whole = encodePart(ended, hidden)
      if (whole === undefined) return []
      const { start, growth } = cutWhole(ended, whole)
      return [open(start), ...delta(growth), close()]
    },
  }
}

/** What is known only at the end: signature and citations. */
function closing(part: AssistantPart): JsonObject[] {
  if (part.type === 'reasoning') {
    const signature = packProof(part)
    return signature === '' ? [] : [{ type: 'signature_delta', signature }]
  }
  if (part.type !== 'text') return []
  return (part.citations ?? []).map((citation) => ({
    type: 'citations_delta',
    citation: encodeCitation(citation),
  }))
}

/** The SDK drops events without an `event:` line. */
export const frame = (type: string, fields: JsonObject): SseEvent => ({
  event: type,
  data: JSON.stringify({ type, ...fields }),
})

/** The block as it begins, for parts that can be written as they grow. */
function startBlock(part: AssistantPart): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: '', citations: null }
    case 'reasoning':
      if (part.redacted !== undefined) return undefined
      return { type: 'thinking', thinking: '', signature: '' }
    case 'tool-call':
      return part.kind === 'custom' ? undefined : encodeToolUse(part, {})
    case 'file':
    case 'opaque':
    case 'refusal':
      return undefined
    default:
      return part satisfies never
  }
}

function startText(part: AssistantPart): string {
  if (part.type === 'tool-call') return part.input
  return part.type === 'text' || part.type === 'reasoning' ? part.text : ''
}

function growth(part: AssistantPart, text: string): JsonObject | undefined {
  if (text === '') return undefined
  if (part.type === 'tool-call') return { type: 'input_json_delta', partial_json: text }
  if (part.type === 'reasoning') return { type: 'thinking_delta', thinking: text }
  return { type: 'text_delta', text }
}

/** A whole block the way this wire tells it: what has a delta comes in one, the rest at the start. */
function cutWhole(
  part: AssistantPart,
  whole: JsonObject,
): { start: JsonObject; growth: JsonObject | undefined } {
  if (part.type === 'file')
    return {
      start: { ...whole, text: '' },
      growth: { type: 'text_delta', text: whole['text'] },
    }
  if (part.type === 'tool-call')
    return {
      start: { ...whole, input: {} },
      growth: { type: 'input_json_delta', partial_json: JSON.stringify(whole['input']) },
    }
  const { signature } = whole
  return whole['type'] === 'thinking' && signature !== ''
    ? { start: { ...whole, signature: '' }, growth: { type: 'signature_delta', signature } }
    : { start: whole, growth: undefined }
}

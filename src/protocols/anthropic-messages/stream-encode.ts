import type { AssistantPart, ChatEvent, ChatRequest, PartEnd, RefusalPart, Usage } from '#core/chat'
import { joinBase64 } from '#core/bytes'
import type { JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder } from '#core/protocol'
import { splitExtras } from './reply.ts'
import { encodeCitation, encodePart, encodeStopDetails, encodeToolUse } from './reply-parts.ts'
import { packProof } from './signature.ts'
import { encodeCounts, encodeUsage } from './usage.ts'
import { encodeFinish } from './vocabulary.ts'

type PartEvent = Extract<ChatEvent, { index: number }>

/** The part being written: streamed as it grows, or gathered until it is whole. */
interface Writing {
  index: number
  part: AssistantPart
  streamed: boolean
}

/**
 * Writes the first answer. Blocks may not interleave on this wire, so of parts that grow at the same
 * time the first is written as it comes and the others wait, in order, until it has ended.
 * Files, custom tool calls and refusals are gathered until they are whole.
 */
export function streamEncoder(request: ChatRequest): StreamEncoder {
  const hidden = request.reasoning?.visible === false
  const waiting = new Map<number, PartEvent[]>()
  const refusals: RefusalPart[] = []
  let writing: Writing | undefined
  let serviceTier: string | undefined
  let block = 0

  function push(event: ChatEvent): SseEvent[] {
    switch (event.type) {
      case 'start':
        serviceTier = event.serviceTier
        return [startMessage(event), { event: 'ping', data: '{"type":"ping"}' }]
      case 'part-start':
        if ((event.candidate ?? 0) > 0) return []
        if (writing === undefined) return begin(event)
        waiting.set(event.index, [event])
        return []
      case 'part-delta':
      case 'part-end':
        if (writing?.index === event.index) return proceed(event)
        waiting.get(event.index)?.push(event)
        return []
      case 'end':
        return [...leftovers(), ...finish(event)]
      default:
        return event satisfies never
    }
  }

  function begin({ index, part }: Extract<ChatEvent, { type: 'part-start' }>): SseEvent[] {
    writing = { index, part, streamed: false }
    return isLate(part) ? [] : stream(writing, startText(part))
  }

  /** Opens the block and writes what there is of its text. */
  function stream(state: Writing, text: string): SseEvent[] {
    const start = startBlock(state.part)
    if (start === undefined) return []
    state.streamed = true
    return [
      frame('content_block_start', { index: block, content_block: start }),
      ...delta(growth(state.part, text)),
    ]
  }

  /** One event of the part being written. */
  function proceed(event: PartEvent): SseEvent[] {
    if (writing === undefined || event.type === 'part-start') return []
    if (event.type === 'part-end') return [...endPart(writing, event.set), ...next()]
    const { part, streamed } = writing
    if (streamed) return delta(growth(part, event.delta))
    if (part.type === 'reasoning' && !hidden && part.redacted === undefined)
      return stream(writing, event.delta)
    writing.part = gathered(part, event)
    return []
  }

  /** Whether it shows only later what kind of block a part is: thoughts may yet turn out hidden. */
  const isLate = (part: AssistantPart): boolean =>
    part.type === 'reasoning' && (hidden || part.text === '' || part.redacted !== undefined)

  function endPart({ part, streamed }: Writing, set: PartEnd = {}): SseEvent[] {
    writing = undefined
    const ended: AssistantPart = { ...part, ...set }
    if (ended.type === 'refusal') refusals.push(ended)
    if (streamed) return [...closing(ended), stopBlock()]
    const whole = encodePart(ended, hidden)
    return whole === undefined ? [] : writeWhole(ended, whole)
  }

  /** What is known only at the end: signature and citations. */
  function closing(part: AssistantPart): SseEvent[] {
    if (part.type === 'reasoning') {
      const signature = packProof(part)
      return signature === '' ? [] : delta({ type: 'signature_delta', signature })
    }
    if (part.type !== 'text') return []
    return (part.citations ?? []).flatMap((citation) =>
      delta({ type: 'citations_delta', citation: encodeCitation(citation) }),
    )
  }

  function writeWhole(part: AssistantPart, whole: JsonObject): SseEvent[] {
    const { start, growth } = cutWhole(part, whole)
    return [
      frame('content_block_start', { index: block, content_block: start }),
      ...delta(growth),
      stopBlock(),
    ]
  }

  /** Takes up the parts that waited, up to the first that has not ended yet. */
  function next(): SseEvent[] {
    const wire: SseEvent[] = []
    for (const [index, events] of waiting) {
      if (writing !== undefined) break
      waiting.delete(index)
      for (const event of events)
        wire.push(...(event.type === 'part-start' ? begin(event) : proceedAlone(event)))
    }
    return wire
  }

  function proceedAlone(event: PartEvent): SseEvent[] {
    if (writing !== undefined && event.type === 'part-end') return endPart(writing, event.set)
    return proceed(event)
  }

  /** Parts that nobody ended. */
  function leftovers(): SseEvent[] {
    const wire: SseEvent[] = []
    while (writing !== undefined) wire.push(...endPart(writing), ...next())
    return wire
  }

  function finish(event: Extract<ChatEvent, { type: 'end' }>): SseEvent[] {
    const [finish] = event.finishes
    const { rest, usage } = splitExtras(event.extra)
    const refused = encodeStopDetails(refusals)
    const late = event.serviceTier !== serviceTier && event.serviceTier !== undefined
    return [
      frame('message_delta', {
        delta: {
          stop_reason: refused === undefined ? encodeFinish(finish) : 'refusal',
          stop_sequence: finish.sequence ?? null,
          stop_details: null,
          container: null,
          ...rest,
          ...(refused === undefined ? {} : { stop_details: refused }),
        },
        usage: {
          ...encodeCounts(event.usage, usage),
          ...(late ? { service_tier: event.serviceTier } : {}),
        },
      }),
      frame('message_stop', {}),
    ]
  }

  const delta = (value: JsonObject | undefined): SseEvent[] =>
    value === undefined ? [] : [frame('content_block_delta', { index: block, delta: value })]

  const stopBlock = (): SseEvent => frame('content_block_stop', { index: block++ })

  return { push }
}

/** The SDK drops events without an `event:` line. */
const frame = (type: string, fields: JsonObject): SseEvent => ({
  event: type,
  data: JSON.stringify({ type, ...fields }),
})

const startMessage = (event: Extract<ChatEvent, { type: 'start' }>): SseEvent =>
  frame('message_start', {
    message: {
      id: event.id,
      type: 'message',
      role: 'assistant',
      model: event.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: encodeUsage(promptOf(event.usage), event.serviceTier, {}),
    },
  })

/** The prompt's tokens, where they are known, and the first of the answer; `message_delta` repeats them all. */
const promptOf = (usage: Usage = { inputTokens: 0, outputTokens: 0 }): Usage => {
  const { reasoningTokens: _, ...rest } = usage
  return { ...rest, outputTokens: Math.min(usage.outputTokens, 1) }
}

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

/** A gathered part with a delta appended. */
function gathered(
  part: AssistantPart,
  { delta, transcript }: Extract<ChatEvent, { type: 'part-delta' }>,
): AssistantPart {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return { ...part, text: part.text + delta }
    case 'tool-call':
      return { ...part, input: part.input + delta }
    case 'file': {
      const said =
        transcript === undefined ? {} : { transcript: (part.transcript ?? '') + transcript }
      if (!('base64' in part.source)) return { ...part, ...said }
      return { ...part, ...said, source: { base64: joinBase64(part.source.base64, delta) } }
    }
    case 'opaque':
      return part
    default:
      return part satisfies never
  }
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

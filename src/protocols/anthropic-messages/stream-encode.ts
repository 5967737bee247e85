import type { ChatEvent, ChatRequest, Usage } from '#core/chat'
import type { SseEvent, StreamEncoder } from '#core/protocol'
import { splitExtras } from './reply.ts'
import { encodeStopDetails } from './reply-parts.ts'
import { blockWriter, frame, type BlockWriter } from './stream-block.ts'
import { encodeCounts, encodeUsage, tierOf } from './usage.ts'
import { encodeFinish } from './vocabulary.ts'

type PartEvent = Extract<ChatEvent, { index: number }>

/**
 * Writes the first answer. Blocks may not interleave on this wire, so of parts that grow at the same
 * time the first is written as it comes and the others wait, in order, until it has ended.
 * Files, custom tool calls and refusals are gathered until they are whole.
 */
export function streamEncoder(request: ChatRequest): StreamEncoder {
  const writer = blockWriter(request.reasoning?.visible === false)
  const waiting = new Map<number, PartEvent[]>()
  let serviceTier: string | undefined

  function push(event: ChatEvent): SseEvent[] {
    switch (event.type) {
      case 'start':
        serviceTier = event.serviceTier
        return [startMessage(event), { event: 'ping', data: '{"type":"ping"}' }]
      case 'part-start':
        if ((event.candidate ?? 0) > 0) return []
        if (writer.index === undefined) return write(event)
        waiting.set(event.index, [event])
        return []
      case 'part-delta':
        if (writer.index === event.index) return write(event)
        waiting.get(event.index)?.push(event)
        return []
      case 'part-end':
        if (writer.index === event.index) return [...write(event), ...next()]
        waiting.get(event.index)?.push(event)
        return []
      case 'end':
        return [...leftovers(), ...endMessage(event, writer, serviceTier)]
      default:
        return event satisfies never
    }
  }

  function write(event: PartEvent): SseEvent[] {
    switch (event.type) {
      case 'part-start':
        return writer.begin(event.index, event.part)
      case 'part-delta':
        return writer.grow(event)
      case 'part-end':
        return writer.end(event.set)
      default:
        return event satisfies never
    }
  }

  /** Takes up the parts that waited, up to the first that has not ended yet. */
  function next(): SseEvent[] {
    const wire: SseEvent[] = []
    for (const [index, events] of waiting) {
      if (writer.index !== undefined) break
      waiting.delete(index)
      wire.push(...events.flatMap(write))
    }
    return wire
  }

  /** Parts that nobody ended. */
  function leftovers(): SseEvent[] {
    const wire: SseEvent[] = []
    while (writer.index !== undefined) wire.push(...writer.end(), ...next())
    return wire
  }

  return { push }
}

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

function endMessage(
  event: Extract<ChatEvent, { type: 'end' }>,
  { refusals }: BlockWriter,
  toldTier: string | undefined,
): SseEvent[] {
  const [finish] = event.finishes
  const { rest, usage } = splitExtras(event.extra)
  const refused = encodeStopDetails(refusals)
  const tier = tierOf(event.serviceTier ?? toldTier)
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
        ...(tier === tierOf(toldTier) ? {} : { service_tier: tier }),
      },
    }),
    frame('message_stop', {}),
  ]
}

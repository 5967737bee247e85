import type { AssistantPart, ChatEvent, ChatRequest, PartEnd } from '#core/chat'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder, StreamWatch } from '#core/protocol'
import type { Usage } from '#core/chat'
import type { GatewayError } from '#core/error'
import { spellName } from '../anthropic-messages/names.ts'
import { encodeCitation } from './citations.ts'
import { streamFailure } from './error.ts'
import { encodeTier } from './reply.ts'
import { decodeUsage, encodeUsage } from './usage.ts'
import { encodeFinish, formatOf, id, own } from './vocabulary.ts'

/** Answers after the first are left out: this protocol has no room for them. */
export function streamEncoder(request: ChatRequest): StreamEncoder {
  const isHidden = request.reasoning?.visible === false
  const parts = new Map<number, { part: AssistantPart; block: number }>()
  let blocks = 0

  const delta = (block: number, content: JsonObject): SseEvent =>
    said('contentBlockDelta', { contentBlockIndex: block, delta: content })

  function begin(index: number, part: AssistantPart): SseEvent[] {
    const block = blocks++
    parts.set(index, { part, block })
    const opening = openingOf(part)
    if (opening === undefined) return []
    const started = said('contentBlockStart', { contentBlockIndex: block, start: opening })
    const made = part.type === 'file' && 'base64' in part.source ? part.source.base64 : ''
    return made === '' ? [started] : [started, ...grow(index, made)]
  }

  function grow(index: number, text: string): SseEvent[] {
    const known = parts.get(index)
    if (known === undefined || (known.part.type === 'reasoning' && isHidden)) return []
    const content = grown(known.part, text)
    return content === undefined ? [] : [delta(known.block, content)]
  }

  function close(index: number, set: PartEnd = {}): SseEvent[] {
    const known = parts.get(index)
    if (known === undefined) return []
    const { block } = known
    const late = latest(known.part, set).map((content) => delta(block, content))
    return [...late, said('contentBlockStop', { contentBlockIndex: block })]
  }

  return {
    push(event: ChatEvent) {
      switch (event.type) {
        case 'start':
          return [said('messageStart', { role: 'assistant' })]
        case 'part-start':
          return (event.candidate ?? 0) > 0 ? [] : begin(event.index, event.part)
        case 'part-delta':
          return grow(event.index, event.delta)
        case 'part-end':
          return close(event.index, event.set)
        case 'end':
          return ending(event)
        default:
          return event satisfies never
      }
    },
  }
}

function ending({ finishes, usage, serviceTier, extra }: Extract<ChatEvent, { type: 'end' }>) {
  const { additionalModelResponseFields, ...rest } = own(extra)
  const fields =
    additionalModelResponseFields === undefined ? {} : { additionalModelResponseFields }
  return [
    said('messageStop', { stopReason: encodeFinish(finishes[0]), ...fields }),
    said('metadata', {
      metrics: { latencyMs: 0 },
      ...rest,
      usage: encodeUsage(usage),
      ...encodeTier(serviceTier),
    }),
  ]
}

const said = (event: string, data: JsonObject): SseEvent => ({ event, data: JSON.stringify(data) })

/** Texts and thoughts begin with their first delta (`ContentBlockStart` of the SDK has no text). */
function openingOf(part: AssistantPart): JsonObject | undefined {
  if (part.type === 'tool-call')
    return { toolUse: { toolUseId: part.id, name: spellName(part.name) } }
  if (part.type === 'opaque')
    return part.protocol === id && isObject(part.value) ? part.value : undefined
  if (part.type !== 'file') return undefined
  const format = formatOf('image', part.mediaType)
  return format === undefined ? undefined : { image: { format } }
}

function grown(part: AssistantPart, text: string): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text }
    case 'reasoning':
      return { reasoningContent: { text } }
    case 'tool-call':
      return { toolUse: { input: text } }
    case 'file':
      return { image: { source: { bytes: text } } }
    case 'opaque':
      return undefined
    default:
      return part satisfies never
  }
}

/** What is known of a part only at its end. */
function latest(part: AssistantPart, { signature, redacted, citations = [] }: PartEnd) {
  if (part.type === 'text')
    return citations.map((citation): JsonObject => ({ citation: encodeCitation(citation) }))
  if (part.type !== 'reasoning') return []
  const proofs: JsonObject[] = []
  if (signature !== undefined) proofs.push({ reasoningContent: { signature: signature.value } })
  if (redacted !== undefined) proofs.push({ reasoningContent: { redactedContent: redacted.value } })
  return proofs
}

/** Complete with `metadata`, which is the last event. */
export function streamWatch(): StreamWatch {
  let done = false
  let usage: Usage | undefined
  let failure: GatewayError | undefined
  return {
    see(event) {
      failure ??= streamFailure(event)
      if (event.event === 'metadata') {
        const data = parseJson(event.data)
        usage = decodeUsage(isObject(data) ? data['usage'] : undefined)
      }
      done ||= event.event === 'metadata' || failure !== undefined
    },
    get done() {
      return done
    },
    get usage() {
      return usage
    },
    get failure() {
      return failure
    },
  }
}

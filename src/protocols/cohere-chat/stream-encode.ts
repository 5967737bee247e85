import type { AssistantPart, ChatEvent, Usage } from '#core/chat'
import type { GatewayError } from '#core/error'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder, StreamWatch } from '#core/protocol'
import { encodeCitation } from './citations.ts'
import { endFailure } from './error.ts'
import { encodeCall } from './messages.ts'
import { decodeUsage, encodeUsage } from './usage.ts'
import { encodeFinish, own } from './vocabulary.ts'

interface Part {
  /** The part's place among the contents, or among the calls. */
  index: number
  kind: 'text' | 'thinking' | 'call'
}

/** Answers after the first, and what is neither text, thought nor call, have no room here. */
export function streamEncoder(): StreamEncoder {
  const parts = new Map<number, Part>()
  const counts = { content: 0, call: 0 }
  let citations = 0

  function begin(at: number, part: AssistantPart): SseEvent[] {
    const kind = kindOf(part)
    if (kind === undefined) return []
    const index = kind === 'call' ? counts.call++ : counts.content++
    parts.set(at, { index, kind })
    if (part.type === 'tool-call') {
      const calls = encodeCall(part.id, part.name, part)
      return [said('tool-call-start', { index, delta: { message: { tool_calls: calls } } })]
    }
    const content = { type: kind, [kind]: '' }
    return [said('content-start', { index, delta: { message: { content } } })]
  }

  function grow(at: number, delta: string): SseEvent[] {
    const part = parts.get(at)
    if (part === undefined) return []
    const { index, kind } = part
    if (kind === 'call') {
      const calls = { function: { arguments: delta } }
      return [said('tool-call-delta', { index, delta: { message: { tool_calls: calls } } })]
    }
    return [said('content-delta', { index, delta: { message: { content: { [kind]: delta } } } })]
  }

  function close({ index: at, set }: Extract<ChatEvent, { type: 'part-end' }>): SseEvent[] {
    const part = parts.get(at)
    if (part === undefined) return []
    const { index, kind } = part
    if (kind === 'call') return [said('tool-call-end', { index })]
    const cited = (set?.citations ?? []).flatMap((citation) => {
      const number = citations++
      const message = { citations: encodeCitation(citation) }
      return [
        said('citation-start', { index: number, delta: { message } }),
        said('citation-end', { index: number }),
      ]
    })
    return [...cited, said('content-end', { index })]
  }

  return {
    push(event) {
      switch (event.type) {
        case 'start':
          return [begun(event.id)]
        case 'part-start':
          return (event.candidate ?? 0) > 0 ? [] : begin(event.index, event.part)
        case 'part-delta':
          return grow(event.index, event.delta)
        case 'part-end':
          return close(event)
        case 'end':
          return ending(event)
        default:
          return event satisfies never
      }
    },
  }
}

function kindOf({ type }: AssistantPart): Part['kind'] | undefined {
  if (type === 'text' || type === 'refusal') return 'text'
  if (type === 'reasoning') return 'thinking'
  return type === 'tool-call' ? 'call' : undefined
}

const begun = (id: string): SseEvent => {
  const message = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] }
  return said('message-start', { id, delta: { message } })
}

function ending({ finishes, usage, extra }: Extract<ChatEvent, { type: 'end' }>): SseEvent[] {
  const delta = {
    finish_reason: encodeFinish(finishes[0]),
    usage: encodeUsage(usage, own(extra)['billed_units']),
  }
  return [said('message-end', { delta }), { data: '[DONE]' }]
}

const said = (type: string, fields: JsonObject): SseEvent => ({
  event: type,
  data: JSON.stringify({ type, ...fields }),
})

/** Complete with `message-end`. */
export function streamWatch(): StreamWatch {
  let done = false
  let usage: Usage | undefined
  let failure: GatewayError | undefined
  return {
    see({ event, data }) {
      if (event !== 'message-end') return
      const body = parseJson(data)
      const delta = isObject(body) && isObject(body['delta']) ? body['delta'] : {}
      done = true
      failure ??= endFailure(delta)
      usage = decodeUsage(delta['usage'])
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

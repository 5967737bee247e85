// Reads a stream of `V2ChatStreamResponse` events.

import type { AssistantPart, ChatEvent, Citation } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type { SseEvent, StreamDecoder } from '#core/protocol'
import { decodeCitation } from './citations.ts'
import { endFailure } from './error.ts'
import { replyExtra } from './reply.ts'
import { decodeUsage } from './usage.ts'
import { decodeFinish, text } from './vocabulary.ts'

interface Open {
  key: string
  index: number
  citations: Citation[]
}

export function streamDecoder(): StreamDecoder {
  let events: ChatEvent[] = []
  /** The part that grows. It is ended by the next one: citations may come after the end of a text. */
  let open: Open | undefined
  let parts = 0
  let isStarted = false
  let isOver = false

  function close(): void {
    if (open === undefined) return
    const { index, citations } = open
    open = undefined
    events.push(
      citations.length === 0
        ? { type: 'part-end', index }
        : { type: 'part-end', index, set: { citations } },
    )
  }

  /** The part of a block, begun where it has not. */
  function partOf(key: string, part: AssistantPart): Open {
    if (open?.key === key) return open
    close()
    open = { key, index: parts++, citations: [] }
    events.push({ type: 'part-start', index: open.index, part })
    return open
  }

  function grow(key: string, part: AssistantPart, delta: string): void {
    const { index } = partOf(key, part)
    if (delta !== '') events.push({ type: 'part-delta', index, delta })
  }

  function say(index: number, content: JsonObject): void {
    const isThought = content['type'] === 'thinking' || content['thinking'] !== undefined
    const key = `content ${index}`
    if (isThought) grow(key, { type: 'reasoning', text: '' }, text(content['thinking']))
    else grow(key, { type: 'text', text: '' }, text(content['text']))
  }

  function call(index: number, wire: JsonObject): void {
    const called = isObject(wire['function']) ? wire['function'] : {}
    const [callId, name] = [text(wire['id']), text(called['name'])]
    const part = { type: 'tool-call', id: callId, name, input: '' } as const
    grow(`call ${index}`, part, text(called['arguments']))
  }

  /** Of a text that is no longer the last part, nothing can be said any more. */
  function cite(wire: JsonObject): void {
    open?.citations.push(decodeCitation(wire))
  }

  function end(delta: JsonObject): void {
    const failure = endFailure(delta)
    if (failure !== undefined) throw failure
    close()
    isOver = true
    const { usage, finish_reason: reason } = delta
    events.push({
      type: 'end',
      finishes: [decodeFinish(reason)],
      usage: decodeUsage(usage),
      ...defined({ extra: replyExtra(usage, undefined) }),
    })
  }

  function handle(data: JsonObject, name: string | undefined): void {
    const type = typeof data['type'] === 'string' ? data['type'] : name
    const index = typeof data['index'] === 'number' ? data['index'] : 0
    const delta = isObject(data['delta']) ? data['delta'] : {}
    const message = isObject(delta['message']) ? delta['message'] : {}
    const { content, tool_calls: calls, citations, tool_plan: plan } = message
    if (type === 'message-start' && !isStarted) {
      isStarted = true
      events.push({ type: 'start', id: text(data['id']), model: '' })
    }
    if ((type === 'content-start' || type === 'content-delta') && isObject(content))
      say(index, content)
    if (type === 'tool-plan-delta') grow('plan', { type: 'text', text: '' }, text(plan))
    if ((type === 'tool-call-start' || type === 'tool-call-delta') && isObject(calls))
      call(index, calls)
    if (type === 'citation-start' && isObject(citations)) cite(citations)
    if (type === 'message-end') end(delta)
  }

  return {
    push(event) {
      if (isOver || event.data === '') return []
      handle(dataOf(event), event.event)
      const made = events
      events = []
      return made
    },
    finish() {
      if (!isOver)
        throw new GatewayError(
          'upstream',
          'The provider ended the stream before the reply was complete',
        )
      return []
    },
  }
}

function dataOf({ data }: SseEvent): JsonObject {
  const value = parseJson(data)
  if (isObject(value)) return value
  throw new GatewayError('upstream', 'The provider sent an event that is no JSON object')
}

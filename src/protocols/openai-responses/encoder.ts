// Writes replies, whole (`Response` of the SDK) and as events (`ResponseStreamEvent`).

import type { ChatReply, ChatRequest } from '#core/chat'
import type { GatewayError } from '#core/error'
import { replay } from '#core/events'
import type { JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder } from '#core/protocol'
import { answer } from './answer.ts'
import { errorEvent, responseError } from './error.ts'

/** The first answer; the protocol has no place for more. */
export function encodeReply(reply: ChatReply, request: ChatRequest): JsonObject {
  const whole = answer(request, () => undefined)
  for (const event of replay(reply)) whole.push(event)
  return whole.response()
}

export function streamEncoder(request: ChatRequest): StreamEncoder {
  let sequenceNumber = 0
  let out: SseEvent[] = []

  const told = answer(request, (type, fields) => {
    const data = JSON.stringify({ type, sequence_number: sequenceNumber++, ...fields })
    out.push({ event: type, data })
  })

  function taken(): SseEvent[] {
    const made = out
    out = []
    return made
  }

  return {
    push(event) {
      told.push(event)
      return taken()
    },
    /** SDKs throw the `error` event; clients that follow states look for `response.failed`. */
    failure(error: GatewayError) {
      const data = JSON.stringify(errorEvent(error, sequenceNumber++))
      out.push({ event: 'error', data })
      told.fail(responseError(error))
      return taken()
    },
  }
}

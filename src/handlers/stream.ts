// From pieces of a reply to a response that the caller's reading pulls and the caller's leaving aborts.

import { utf8 } from '#core/bytes'
import { toGatewayError, type GatewayError } from '#core/error'
import type { SseEvent } from '#core/protocol'
import { encodeSse } from '#protocols/sse'
import type { Exchange } from './exchange.ts'

/** How events become bytes: server-sent events, or the elements of one JSON array. */
export interface Framing {
  contentType: string
  frame(event: SseEvent): string
  /** What follows the last event. */
  close(): string
}

export const sseFraming = (): Framing => ({
  contentType: 'text/event-stream; charset=utf-8',
  frame: encodeSse,
  close: () => '',
})

/** Google's framing without `alt=sse`: one JSON array, an element an event. */
export function arrayFraming(): Framing {
  let opened = false
  return {
    contentType: 'application/json; charset=utf-8',
    frame(event) {
      const lead = opened ? ',\r\n' : '['
      opened = true
      return lead + event.data
    },
    close: () => (opened ? ']' : '[]'),
  }
}

export interface PumpOptions {
  exchange: Exchange
  /** What the caller is told when the reply fails half way. */
  failure(error: GatewayError): Uint8Array | undefined
  /** Told once, when the reply has ended in whatever way. */
  settled?(error: GatewayError | undefined): void
}

/**
 * A response body over pieces of bytes. Nothing is read before it is asked for. When the caller
 * leaves, upstream is aborted first and the iterator returned after: a pending read would wait for ever.
 */
export function pump(
  pieces: AsyncIterator<Uint8Array>,
  { exchange, failure, settled }: PumpOptions,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await pieces.next()
          if (next.done !== true) {
            controller.enqueue(next.value)
            return
          }
          settled?.(undefined)
          controller.close()
        } catch (thrown) {
          const error = toGatewayError(thrown)
          settled?.(error)
          exchange.abort()
          const last = failure(error)
          if (last === undefined) {
            controller.error(error)
            return
          }
          controller.enqueue(last)
          controller.close()
        }
      },
      async cancel() {
        exchange.abort()
        settled?.(toGatewayError(new DOMException('The caller left', 'AbortError')))
        await pieces.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The bytes of some events. */
export const framed = (framing: Framing, events: readonly SseEvent[]): Uint8Array => {
  let text = ''
  for (const event of events) text += framing.frame(event)
  return utf8.encode(text)
}

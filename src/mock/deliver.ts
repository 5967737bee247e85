// How a body reaches the caller: at once, with pauses, or not to its end.

import { dice, hash } from './chance.ts'
import type { JournalEntry } from './journal.ts'
import type { MockCall } from './world.ts'

/** A pause of the call's pace, with its jitter. */
export type Pause = (milliseconds: number) => number

export function pausesOf({ pace, requestId }: MockCall): Pause {
  const roll = dice(hash(requestId))
  return (milliseconds) =>
    milliseconds === 0 ? 0 : milliseconds * (1 + pace.jitter * (roll(2001) / 1000 - 1))
}

/** The reply as the call says it shall arrive: paced, broken off, and followed by the journal. */
export function deliver(response: Response, call: MockCall, pause: Pause): Response {
  const { entry, pace, cutAfter } = call
  if (entry !== undefined) entry.status = response.status
  if (response.body === null) {
    settle(entry, 'whole')
    return response
  }
  if (entry === undefined && pace.between === 0 && cutAfter === undefined) return response
  const body = delivered(response.body, call, pause)
  const { status, headers } = response
  if (cutAfter !== undefined) headers.delete('content-length')
  return new Response(body, { status, headers })
}

function delivered(
  source: ReadableStream<Uint8Array>,
  { world, pace, cutAfter = Infinity, entry }: MockCall,
  pause: Pause,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const gone = new AbortController()
  let sent = 0
  let ahead: Uint8Array | undefined

  /** The next chunk. Where the reply breaks, one is read ahead: the last one must not go out whole. */
  async function next(): Promise<{ chunk: Uint8Array | undefined; breaks: boolean }> {
    const chunk = ahead ?? (await reader.read()).value
    if (cutAfter === Infinity) return { chunk, breaks: false }
    ahead = chunk === undefined ? undefined : (await reader.read()).value
    return { chunk, breaks: ahead === undefined || sent >= cutAfter }
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { chunk, breaks } = await next()
    if (sent > 0) await world.sleep(pause(pace.between), gone.signal)
    if (breaks) {
      const half = chunk?.subarray(0, chunk.length / 2)
      if (half !== undefined && sent < cutAfter && half.length > 0 && ahead === undefined) {
        sent = cutAfter
        controller.enqueue(half)
        return
      }
      settle(entry, 'broken')
      controller.error(new TypeError('The connection broke before the reply was complete'))
      await reader.cancel()
    } else if (chunk === undefined) {
      settle(entry, 'whole')
      controller.close()
    } else {
      sent++
      controller.enqueue(chunk)
    }
  }

  async function cancel(reason: unknown): Promise<void> {
    settle(entry, 'left')
    gone.abort()
    await reader.cancel(reason)
  }

  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}

function settle(entry: JournalEntry | undefined, delivery: JournalEntry['delivery']): void {
  if (entry?.delivery === 'open') entry.delivery = delivery
}

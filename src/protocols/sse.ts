// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), bytes to events and back.

import { concat, textOf } from '#core/bytes'
import { GatewayError } from '#core/error'
import type { SseEvent } from '#core/protocol'

const LF = 10
const CR = 13

/** The most bytes one event may have before it is taken for garbage. */
const maxEventBytes = 64 * 1024 * 1024

export interface SplitSse {
  /** The bytes of whole events only, as they came. */
  bytes: Uint8Array
  events: SseEvent[]
}

/**
 * Cuts a byte stream into whole events. What is incomplete is held back, so a character or a line
 * end cut by the network never matters, and a stream that breaks has only whole events before the break.
 */
export function sseSplitter() {
  let held: Uint8Array[] = []
  let heldBytes = 0

  const split = (bytes: Uint8Array): SplitSse => ({ bytes, events: parseEvents(textOf(bytes)) })

  return {
    /** The events that are complete with this chunk; `undefined` while none is. */
    push(chunk: Uint8Array): SplitSse | undefined {
      const last = held.at(-1)
      const boundary = lastBoundary(chunk, last)
      if (boundary === 0) {
        held.push(chunk)
        heldBytes += chunk.length
        if (heldBytes > maxEventBytes)
          throw new GatewayError('upstream', 'The provider sent an event of unreasonable size')
        return undefined
      }
      const ready = boundary === chunk.length ? chunk : chunk.subarray(0, boundary)
      const whole = held.length === 0 ? ready : concat([...held, ready])
      held = boundary === chunk.length ? [] : [chunk.subarray(boundary)]
      heldBytes = chunk.length - boundary
      return split(whole)
    },
    /** What an unterminated stream left behind: some servers omit the last blank line. */
    finish(): SplitSse | undefined {
      if (held.length === 0) return undefined
      const whole = concat(held)
      held = []
      return split(whole)
    },
  }
}

/** Where the last blank line of the chunk ends; 0 when it has none. `before` is what was held back. */
function lastBoundary(chunk: Uint8Array, before: Uint8Array | undefined): number {
  const at = (index: number): number | undefined =>
    index >= 0 ? chunk[index] : before?.[before.length + index]
  for (let index = chunk.length - 1; index >= 0; index--) {
    const byte = chunk[index]
    if (byte !== LF && byte !== CR) continue
    // The byte before this line end; CR LF is one line end.
    const previous = byte === LF && at(index - 1) === CR ? at(index - 2) : at(index - 1)
    if (previous === LF || previous === CR) return index + 1
  }
  return 0
}

/** Parses the text of whole events. */
export function parseEvents(text: string): SseEvent[] {
  const events: SseEvent[] = []
  let event: string | undefined
  let id: string | undefined
  let data: string | undefined
  const dispatch = (): void => {
    if (data !== undefined) {
      const made: SseEvent = { data }
      if (event !== undefined) made.event = event
      if (id !== undefined) made.id = id
      events.push(made)
    }
    event = undefined
    data = undefined
  }
  for (let start = 0; start < text.length;) {
    const end = lineEnd(text, start)
    if (end === start) dispatch()
    else if (text.charCodeAt(start) !== 58) {
      const colon = text.indexOf(':', start)
      const name = text.slice(start, colon < 0 || colon > end ? end : colon)
      const value = colon < 0 || colon > end ? '' : fieldValue(text, colon + 1, end)
      if (name === 'data') data = data === undefined ? value : `${data}\n${value}`
      else if (name === 'event') event = value
      else if (name === 'id' && !value.includes('\0')) id = value
    }
    start = end + (text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? 2 : 1)
  }
  dispatch()
  return events
}

const fieldValue = (text: string, start: number, end: number): string =>
  text.slice(text.charCodeAt(start) === 32 ? start + 1 : start, end)

function lineEnd(text: string, start: number): number {
  const feed = text.indexOf('\n', start)
  const stop = feed < 0 ? text.length : feed
  const carriage = text.indexOf('\r', start)
  return carriage >= 0 && carriage < stop ? carriage : stop
}

/** The wire text of one event. */
export function encodeSse(event: SseEvent): string {
  const name = event.event === undefined ? '' : `event: ${event.event}\n`
  const id = event.id === undefined ? '' : `id: ${event.id}\n`
  const data =
    event.data.includes('\n') || event.data.includes('\r')
      ? event.data
          .split(/\r\n|\r|\n/)
          .map((line) => `data: ${line}\n`)
          .join('')
      : `data: ${event.data}\n`
  return `${name}${id}${data}\n`
}

// Amazon's binary event stream (`application/vnd.amazon.eventstream`), bytes to events and back.
// The frame, as @smithy/eventstream-codec 4.5.2 reads it: length, length of the headers, their check;
// headers; payload; check of everything before it. Numbers are big-endian, checks are CRC-32.

import { concat, textOf, utf8 } from '#core/bytes'
import { checkPng as checksum } from '#core/checksum'
import { GatewayError } from '#core/error'
import { parseJson } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { EventSplitter } from './speaks.ts'

export const eventStreamType = 'application/vnd.amazon.eventstream'

const preludeBytes = 12
const checkBytes = 4
/** The most bytes one message may have before it is taken for garbage. */
const maxMessageBytes = 32 * 1024 * 1024

/**
 * Cuts a byte stream into messages. A message's event is named by its `:event-type`, or by its
 * `:exception-type` when it tells of a failure; its data is the payload.
 * `push` and `finish` throw GatewayError `upstream` for a message that is damaged, too large or cut short.
 */
export function awsEventSplitter(): EventSplitter {
  let held: Uint8Array = new Uint8Array(0)
  return {
    push(chunk) {
      held = held.length === 0 ? chunk : concat([held, chunk])
      const events: SseEvent[] = []
      let offset = 0
      for (;;) {
        const rest = held.subarray(offset)
        const length = messageLength(rest)
        if (length === undefined || length > rest.length) break
        events.push(readMessage(rest.subarray(0, length)))
        offset += length
      }
      // A copy: the network may use its buffer again.
      held = held.slice(offset)
      return events.length === 0 ? undefined : { events }
    },
    finish() {
      if (held.length > 0) throw damaged('The stream broke off within a message')
      return undefined
    },
  }
}

/** The length a message says it has; `undefined` while that has not arrived. */
function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < preludeBytes) return undefined
  const view = viewOf(bytes)
  const length = view.getUint32(0)
  if (view.getUint32(8) !== checksum(bytes.subarray(0, 8)))
    throw damaged('The start of a message does not match its checksum')
  if (length < preludeBytes + view.getUint32(4) + checkBytes || length > maxMessageBytes)
    throw damaged('A message has an impossible length')
  return length
}

function readMessage(bytes: Uint8Array): SseEvent {
  const view = viewOf(bytes)
  const end = bytes.length - checkBytes
  if (view.getUint32(end) !== checksum(bytes.subarray(0, end)))
    throw damaged('A message does not match its checksum')
  const bodyAt = preludeBytes + view.getUint32(4)
  const headers = readHeaders(bytes.subarray(preludeBytes, bodyAt))
  const data = textOf(bytes.subarray(bodyAt, end))
  const event = headers[':event-type'] ?? headers[':exception-type']
  if (event !== undefined) return { event, data }
  // A failure of the stream itself has no payload.
  const message = headers[':error-message'] ?? ''
  return { event: headers[':error-code'] ?? 'internalServerException', data: json({ message }) }
}

const json = (value: object): string => JSON.stringify(value)

/** Bytes of the value of each type of header; `undefined` for those that say their length first. */
const valueBytes: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16]
const textType = 7

/** The headers that are texts: all that a reader of events needs. */
function readHeaders(bytes: Uint8Array): { [name: string]: string | undefined } {
  const view = viewOf(bytes)
  const headers: { [name: string]: string | undefined } = {}
  let at = 0
  const taken = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw damaged('The headers of a message are cut short')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const [nameLength = 0] = taken(1)
    const name = textOf(taken(nameLength))
    const [type = 0] = taken(1)
    if (type >= valueBytes.length) throw damaged('A header has an unknown type')
    const known = valueBytes[type]
    if (known === undefined) taken(2)
    const value = taken(known ?? view.getUint16(at - 2))
    if (type === textType) headers[name] = textOf(value)
  }
  return headers
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const damaged = (message: string): GatewayError => new GatewayError('upstream', message)

/** The message of one event; one whose name ends in `Exception` tells of a failure. */
export function encodeAwsEvent({ event = '', data }: SseEvent): Uint8Array {
  const isFailure = event.endsWith('Exception')
  const headers = concat(
    [
      [isFailure ? ':exception-type' : ':event-type', event],
      [':content-type', parseJson(data) === undefined ? 'text/plain' : 'application/json'],
      [':message-type', isFailure ? 'exception' : 'event'],
    ].map(([name = '', value = '']) => encodeHeader(utf8.encode(name), utf8.encode(value))),
  )
  const payload = utf8.encode(data)
  const length = preludeBytes + headers.length + payload.length + checkBytes
  const prelude = numbers(length, headers.length)
  const begun = concat([prelude, numbers(checksum(prelude)), headers, payload])
  return concat([begun, numbers(checksum(begun))])
}

const encodeHeader = (name: Uint8Array, value: Uint8Array): Uint8Array =>
  concat([
    Uint8Array.of(name.length),
    name,
    Uint8Array.of(textType, value.length >> 8, value.length & 255),
    value,
  ])

function numbers(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = viewOf(bytes)
  values.forEach((value, index) => view.setUint32(index * 4, value))
  return bytes
}

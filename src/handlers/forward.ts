// The same protocol on both sides: bytes pass as they are, and a watcher reads along.

import type { ChatStream } from '#core/chat'
import { commit } from '#core/commit'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { isObject, parseJson } from '#core/json'
import { mapped } from '#core/mapped'
import type { Protocol, SseEvent } from '#core/protocol'
import type { Call, Forward, RawRequest } from '#core/provider'
import type { WireResponse } from '#core/transport'
import { sseSplitter, type SplitSse } from '#protocols/sse'

/** The provider's own reply: its text, or its stream in whole events with the first in hand. */
export type Forwarded =
  | { text: string }
  | { chunks: AsyncIterable<SplitSse> }
  | { events: ChatStream }

/** @throws GatewayError what the provider refused with, also when the refusal came with a status of 200. */
export async function forwarded(
  protocol: Protocol,
  forward: Forward,
  request: RawRequest,
  call: Call,
): Promise<Forwarded> {
  const response = await forward.send(request, call)
  if (request.stream && response.header('content-type')?.includes('json') !== true)
    return { chunks: await commit(watched(protocol, response), hasEvents) }
  const text = await response.text()
  const body = parseJson(text)
  if (!isObject(body))
    throw new GatewayError(
      'upstream',
      'The provider answered with something that is not a JSON object',
    )
  if (isObject(body['error'])) throw refusalInside(protocol, response, text, body)
  // A model that cannot stream answers whole; the caller gets its stream all the same.
  return request.stream ? { events: once(replay(protocol.reply.decode(body))) } : { text }
}

/** A page in place of a stream has none, and must not reach the caller as one. */
const hasEvents = ({ events }: SplitSse): boolean => events.length > 0

const refusalInside = (
  protocol: Protocol,
  response: WireResponse,
  text: string,
  json: unknown,
): GatewayError =>
  protocol.error.decode({ status: 200, header: (name) => response.header(name), text, json })

/**
 * The stream in whole events.
 * @throws GatewayError when the first events are a failure, and `upstream` when it ends before the protocol's end.
 */
function watched(protocol: Protocol, response: WireResponse): AsyncIterableIterator<SplitSse> {
  const splitter = sseSplitter()
  const watch = protocol.stream.watch()
  let first = true
  const see = (split: SplitSse): SplitSse => {
    for (const event of split.events) {
      if (!isReadable(event)) throw garbled()
      watch.see(event)
    }
    // A failure later on passes as the provider wrote it: it is in the caller's protocol already.
    if (first && watch.failure !== undefined) throw watch.failure
    first &&= split.events.length === 0
    return split
  }
  return mapped(
    response.body,
    (chunk) => {
      const split = splitter.push(chunk)
      return split === undefined ? undefined : see(split)
    },
    () => {
      const rest = splitter.finish()
      if (rest !== undefined) see(rest)
      // Half an event would spoil the event that tells of the failure.
      if (!watch.done)
        throw new GatewayError(
          'upstream',
          'The provider ended the stream before the reply was complete',
        )
      return rest
    },
  )
}

/** Whether an event is an object or the end; parsed only where its first or last character is another. */
const isReadable = ({ data }: SseEvent): boolean =>
  (data.startsWith('{') && data.endsWith('}')) ||
  data === '' ||
  data === '[DONE]' ||
  isObject(parseJson(data))

const garbled = (): GatewayError =>
  new GatewayError('upstream', 'The provider sent an event that is no JSON object')

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item
}

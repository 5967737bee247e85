// What the media protocols of OpenAI share with each other and with its chat protocol: errors and events.

import type { GatewayError } from '#core/error'
import { isObject, type Json, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { Bytes } from '#core/transport'
import { openaiChat } from './openai-chat/index.ts'
import { encodeSse, sseSplitter } from './sse.ts'

/** The failure that a body or an event carries although its status was a success; `undefined` when it carries none. */
export function failureInside(json: JsonObject): GatewayError | undefined {
  if (!isObject(json['error'])) return undefined
  const text = JSON.stringify({ error: json['error'] })
  return openaiChat.error.decode({
    status: 200,
    header: () => undefined,
    text,
    json: { error: json['error'] },
  })
}

/** The `error` object of a failure. */
export function errorObject(error: GatewayError): Json {
  const { body } = openaiChat.error.encode(error)
  return (isObject(body) ? body['error'] : undefined) ?? { message: error.message }
}

/** The frames that tell a caller, mid-stream, that the reply has failed. */
export const encodeFailure = (error: GatewayError): string =>
  openaiChat.stream.failure(error).map(encodeSse).join('')

/** The wire text of an event named only inside its data, as the audio endpoints write them. */
export const encodeDataEvent = (data: JsonObject): string =>
  encodeSse({ data: JSON.stringify(data) })

/** The events of a body, one by one. */
export async function* sseEvents(body: Bytes): AsyncGenerator<SseEvent> {
  const splitter = sseSplitter()
  for await (const chunk of body) yield* splitter.push(chunk)?.events ?? []
  yield* splitter.finish()?.events ?? []
}

/** A finite number of a provider's reply; `undefined` for anything else. */
export const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** Drops `null`, which these protocols treat as absent. */
export const withoutNulls = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

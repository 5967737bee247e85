// What the media protocols of OpenAI share with each other and with its chat protocol: errors and events.

import type { GatewayError } from '#core/error'
import { isObject, type Json, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { Bytes } from '#core/transport'
import { errorBody, errorOf } from './openai-chat/error.ts'
import { encodeSse, sseSplitter } from './sse.ts'

/** The failure that a body or an event carries although its status was a success; `undefined` when it carries none. */
export const failureInside = (json: JsonObject): GatewayError | undefined =>
  isObject(json['error']) ? errorOf(json, undefined) : undefined

/** The `error` object of a failure. */
export function errorObject(error: GatewayError): Json {
  const body = errorBody(error)
  return (isObject(body) ? body['error'] : undefined) ?? { message: error.message }
}

/** The event that tells a caller, mid-stream, that the reply has failed. */
export const encodeFailure = (error: GatewayError): string =>
  encodeSse({ event: 'error', data: JSON.stringify(errorBody(error)) })

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

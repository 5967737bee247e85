// Refusals: `{ id, message }`, and nothing but the status says what kind they are.

import { GatewayError, kindOfStatus, type ErrorKind } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { Failure } from '#core/provider'
import { text } from './vocabulary.ts'

/** Statuses that mean something else here (docs.cohere.com/reference/errors). */
const statusKinds: Record<number, ErrorKind | undefined> = {
  422: 'invalid_request',
  498: 'authentication',
  501: 'unsupported',
}

const kindOf = (status: number): ErrorKind => statusKinds[status] ?? kindOfStatus(status)

export function decodeError(failure: Failure): GatewayError {
  const { status, json } = failure
  const said = isObject(json) ? text(json['message']) : ''
  const retryAfter = Number(failure.header('retry-after') ?? Number.NaN)
  return new GatewayError(
    kindOf(status),
    said === '' ? `The provider refused the request with status ${status}` : said,
    defined({
      status,
      body: json ?? failure.text,
      requestId: isObject(json) && text(json['id']) !== '' ? text(json['id']) : undefined,
      retryAfterMs: retryAfter >= 0 ? retryAfter * 1000 : undefined,
    }),
  )
}

const statuses: Record<ErrorKind, number> = {
  invalid_request: 400,
  authentication: 401,
  permission: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 501,
  context_length: 400,
  content_policy: 400,
  rate_limited: 429,
  quota_exhausted: 402,
  overloaded: 503,
  timeout: 504,
  upstream: 500,
  cancelled: 499,
  internal: 500,
}

export function encodeError(error: GatewayError): {
  status: number
  headers: Record<string, string>
  body: Json
} {
  const { body, requestId, retryAfterMs } = error.details
  if (isObject(body) && typeof body['message'] === 'string' && kindOf(error.status) === error.kind)
    return { status: error.status, headers: {}, body }
  return {
    status: statuses[error.kind],
    headers:
      retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    body: defined({ id: requestId, message: error.message }),
  }
}

/** A stream that fails ends with the finish reason `ERROR`. */
export const failureEvents = (error: GatewayError): SseEvent[] => [
  {
    event: 'message-end',
    data: JSON.stringify({
      type: 'message-end',
      delta: { error: error.message, finish_reason: 'ERROR' },
    }),
  },
]

/** What an end with the reason `ERROR` or `TIMEOUT` means; `undefined` for any other end. */
export function endFailure(end: JsonObject): GatewayError | undefined {
  const { finish_reason: reason } = end
  if (reason !== 'ERROR' && reason !== 'TIMEOUT') return undefined
  const said = text(end['error'])
  return new GatewayError(
    reason === 'ERROR' ? 'upstream' : 'timeout',
    said === '' ? `The provider ended the reply: ${reason}` : said,
    { code: reason },
  )
}

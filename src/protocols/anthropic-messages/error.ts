import type { ErrorType } from '@anthropic-ai/sdk/resources/shared'
import { GatewayError, kindOfStatus, plainStatus, type ErrorKind } from '#core/error'
import { defined, isObject, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { Failure } from '#core/provider'

/** The vendor's word for each kind of failure, and its status where that is not the kind's own. */
const words = {
  invalid_request: { type: 'invalid_request_error' },
  authentication: { type: 'authentication_error' },
  permission: { type: 'permission_error' },
  not_found: { type: 'not_found_error' },
  conflict: { type: 'conflict_error' },
  too_large: { type: 'request_too_large' },
  rate_limited: { type: 'rate_limit_error' },
  quota_exhausted: { type: 'billing_error', status: 402 },
  overloaded: { type: 'overloaded_error', status: 529 },
  timeout: { type: 'timeout_error' },
  upstream: { type: 'api_error' },
  unsupported: { type: 'invalid_request_error' },
  context_length: { type: 'invalid_request_error' },
  content_policy: { type: 'invalid_request_error' },
  cancelled: { type: 'api_error' },
  internal: { type: 'api_error' },
} as const satisfies Record<ErrorKind, { type: WireType; status?: number }>

/** `request_too_large` is on the wire (errors page of the docs), not in the SDK's type. */
type WireType = ErrorType | 'request_too_large'

/** The first kind that has the word: the table's order decides. */
const kinds = new Map<string, ErrorKind>()
for (const kind of Object.keys(words).filter((name): name is ErrorKind => name in words))
  if (!kinds.has(words[kind].type)) kinds.set(words[kind].type, kind)

/** 429s that waiting does not cure (SDK, resources/shared). */
const spent = ['contract_spend_limit_reached', 'enforced_spend_limit_reached']

interface Said {
  kind: ErrorKind | undefined
  message: string | undefined
  code: string | undefined
  requestId: string | undefined
}

function read(body: unknown): Said {
  const whole = isObject(body) ? body : {}
  const error = isObject(whole['error']) ? whole['error'] : {}
  const details = isObject(error['details']) ? error['details'] : {}
  const type = text(error['type'])
  const code = text(details['error_code']) ?? type
  return {
    kind: code !== undefined && spent.includes(code) ? 'quota_exhausted' : kinds.get(type ?? ''),
    message: text(error['message']),
    code,
    requestId: text(whole['request_id']),
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The error a body or a stream carries inside a success: `{ type: 'error', error: { type, message } }`. */
export function errorOf(body: JsonObject): GatewayError {
  const { kind = 'upstream', message, code, requestId } = read(body)
  return new GatewayError(
    kind,
    message ?? 'The provider reported an error without a message',
    defined({ code, requestId, body }),
  )
}

const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((what) =>
  ['limit', 'remaining', 'reset'].map((value) => `anthropic-ratelimit-${what}-${value}`),
)
const passed = ['retry-after', 'x-should-retry', ...limits]

export function decodeError(failure: Failure): GatewayError {
  const { status, json } = failure
  const { kind, message, code, requestId } = read(json)
  const headers = Object.fromEntries(
    passed.flatMap((name) => {
      const value = failure.header(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return new GatewayError(
    kind ?? kindOfStatus(status),
    message ?? `The provider answered with status ${status}`,
    defined({
      status,
      code,
      requestId: failure.header('request-id') ?? requestId,
      retryAfterMs: retryAfter(failure),
      headers: Object.keys(headers).length === 0 ? undefined : headers,
      body: json ?? failure.text,
    }),
  )
}

function retryAfter(failure: Failure): number | undefined {
  const milliseconds = Number.parseFloat(failure.header('retry-after-ms') ?? '')
  if (milliseconds >= 0) return milliseconds
  const seconds = Number.parseFloat(failure.header('retry-after') ?? '')
  return seconds >= 0 ? seconds * 1000 : undefined
}

/** The vendor's own body where the failure came with one, else one in its form. */
export function encodeError(error: GatewayError): {
  status: number
  headers?: Record<string, string>
  body: JsonObject
} {
  const { retryAfterMs, headers, body } = error.details
  const retry: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  const sent = { ...retry, ...headers }
  const more = Object.keys(sent).length === 0 ? {} : { headers: sent }
  if (isObject(body) && body['type'] === 'error' && read(body).kind === error.kind)
    return { status: error.status, ...more, body }
  return { status: statusOf(error), ...more, body: errorBody(error) }
}

function statusOf(error: GatewayError): number {
  const word: { type: string; status?: number } = words[error.kind]
  return word.status ?? plainStatus(error)
}

function errorBody(error: GatewayError): JsonObject {
  const { code, requestId } = error.details
  const { type } = words[error.kind]
  return {
    type: 'error',
    error: defined({
      type,
      message: error.message,
      details: code === undefined || code === type ? undefined : { error_code: code },
    }),
    request_id: requestId ?? null,
  }
}

export const failureEvents = (error: GatewayError): SseEvent[] => [
  { event: 'error', data: JSON.stringify(encodeError(error).body) },
]

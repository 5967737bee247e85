// Error bodies `{ error: { message, type, param, code } }` (`APIError` of the SDK), both ways.

import {
  errorKinds,
  GatewayError,
  kindOfStatus,
  plainStatus,
  type ErrorDetails,
  type ErrorKind,
} from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { Failure } from '#core/provider'
import { objects, text } from './vocabulary.ts'

interface Words {
  type: string
  code: string | null
  /** The vendor's own status, where it is not the one that others use. */
  status?: number
}

/** How each kind is said; `internal` is ours and reads as any server error. */
const words: Record<ErrorKind, Words> = {
  invalid_request: { type: 'invalid_request_error', code: null },
  authentication: { type: 'invalid_request_error', code: 'invalid_api_key' },
  permission: { type: 'permission_error', code: 'permission_denied' },
  not_found: { type: 'invalid_request_error', code: 'not_found' },
  conflict: { type: 'invalid_request_error', code: 'conflict' },
  too_large: { type: 'invalid_request_error', code: 'request_too_large' },
  unsupported: { type: 'invalid_request_error', code: 'unsupported_value' },
  context_length: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  content_policy: { type: 'invalid_request_error', code: 'content_policy_violation' },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  quota_exhausted: { type: 'insufficient_quota', code: 'insufficient_quota', status: 429 },
  overloaded: { type: 'server_error', code: 'server_is_overloaded' },
  timeout: { type: 'server_error', code: 'timeout' },
  upstream: { type: 'server_error', code: 'upstream_error' },
  cancelled: { type: 'server_error', code: 'cancelled' },
  internal: { type: 'server_error', code: null },
}

/** Codes and types of the vendor and of compatible hosts that say more than the status. */
const vendorKinds: Record<string, ErrorKind | undefined> = {
  ...Object.fromEntries(
    Object.keys(words).flatMap((kind): [string, ErrorKind][] => {
      const code = isKind(kind) ? words[kind].code : null
      return isKind(kind) && code !== null ? [[code, kind]] : []
    }),
  ),
  model_not_found: 'not_found',
  not_found_error: 'not_found',
  authentication_error: 'authentication',
  permission_error: 'permission',
  billing_hard_limit_reached: 'quota_exhausted',
  billing_not_active: 'quota_exhausted',
  string_above_max_length: 'context_length',
  moderation_blocked: 'content_policy',
  content_filter: 'content_policy',
  unsupported_parameter: 'unsupported',
  unsupported_model: 'unsupported',
  rate_limit_error: 'rate_limited',
  requests: 'rate_limited',
  tokens: 'rate_limited',
  overloaded_error: 'overloaded',
  slow_down: 'overloaded',
}

function isKind(kind: string): kind is ErrorKind {
  return kind in errorKinds
}

/** Headers of a refusal that callers may use. */
const usefulHeaders = ['limit', 'remaining', 'reset'].flatMap((what) =>
  ['requests', 'tokens'].map((unit) => `x-ratelimit-${what}-${unit}`),
)

/** Reads a refusal: the structured code first, then the type, then the status; never the text. */
export function decodeError(failure: Failure): GatewayError {
  const { json } = failure
  // An error inside a success says nothing by its status.
  const status = failure.status >= 400 ? failure.status : undefined
  const body = isObject(json) ? json : undefined
  const kept = usefulHeaders.flatMap((name): [string, string][] => {
    const value = failure.header(name)
    return value === undefined ? [] : [[name, value]]
  })
  return errorOf(body ?? {}, status, {
    body: json ?? failure.text,
    requestId: failure.header('x-request-id'),
    retryAfterMs: retryAfter(failure),
    headers: kept.length === 0 ? undefined : Object.fromEntries(kept),
  })
}

/** A body that holds an error: `error` as an object or a text, or the fields beside each other. */
export function errorOf(
  body: JsonObject,
  status: number | undefined,
  details: { [K in keyof ErrorDetails]?: ErrorDetails[K] | undefined } = {},
): GatewayError {
  const error = isObject(body['error']) ? body['error'] : body
  const code = typeof error['code'] === 'number' ? String(error['code']) : text(error['code'])
  const said =
    text(error['message']) ??
    text(body['error']) ??
    text(body['detail']) ??
    faults(error['message']) ??
    faults(body)
  const message =
    said === undefined || said === ''
      ? `The provider refused the request${status === undefined ? '' : ` with status ${status}`}`
      : said
  return new GatewayError(
    kindOf(error, status),
    message,
    defined({ body, ...details, status, code, param: text(error['param']) }),
  )
}

/** What a host that checks fields one by one says of each: `{ detail: [{ loc, msg }] }`. */
function faults(value: Json | undefined): string | undefined {
  const list = isObject(value) ? objects(value['detail']) : []
  const said = list.map(({ loc, msg }) =>
    [...(Array.isArray(loc) ? [loc.map(String).join('.')] : []), text(msg) ?? 'is not valid'].join(
      ': ',
    ),
  )
  return said.length === 0 ? undefined : said.join('; ')
}

function kindOf(error: JsonObject, status: number | undefined): ErrorKind {
  const { code, type } = error
  const known =
    (typeof code === 'string' ? vendorKinds[code] : undefined) ?? vendorKinds[text(type) ?? '']
  if (known !== undefined) return known
  if (status !== undefined) return kindOfStatus(status)
  // Hosts that have nothing but a status put it in `code`, mid-stream too.
  if (typeof code === 'number' && code >= 400) return kindOfStatus(code)
  return type === 'invalid_request_error' ? 'invalid_request' : 'upstream'
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date, which is measured from the reply's own. */
function retryAfter(failure: Failure): number | undefined {
  const milliseconds = Number(failure.header('retry-after-ms') ?? Number.NaN)
  if (milliseconds >= 0) return milliseconds
  const wanted = failure.header('retry-after')
  if (wanted === undefined || wanted === '') return undefined
  const seconds = Number(wanted)
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000)
  const wait = Date.parse(wanted) - Date.parse(failure.header('date') ?? '')
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/** Status, headers and body as the vendor writes them; all four keys are always there. */
export function encodeError(error: GatewayError): {
  status: number
  headers: Record<string, string>
  body: Json
} {
  const { retryAfterMs, headers } = error.details
  return {
    status: statusOf(error),
    headers: {
      ...headers,
      ...(retryAfterMs === undefined
        ? {}
        : {
            'retry-after': String(Math.ceil(retryAfterMs / 1000)),
            'retry-after-ms': String(Math.round(retryAfterMs)),
          }),
      // The SDK would try again after a 429.
      ...(error.kind === 'quota_exhausted' ? { 'x-should-retry': 'false' } : {}),
    },
    body: errorBody(error),
  }
}

const statusOf = (error: GatewayError): number =>
  ownError(error) === undefined ? (words[error.kind].status ?? plainStatus(error)) : error.status

/** The body of an error, whole or mid-stream. */
export function errorBody(error: GatewayError): JsonObject {
  const { body, code, param } = error.details
  const own = ownError(error)
  if (own !== undefined) return { error: own }
  const said = words[error.kind]
  // A code without a body is the gateway's own; one with a body is another vendor's word.
  const chosen = body === undefined ? (code ?? said.code) : (said.code ?? code)
  return {
    error: {
      message: error.message,
      type: said.type,
      param: param ?? null,
      code: chosen ?? null,
    },
  }
}

/** The vendor's own error where it came in this protocol and still means what the error says. */
function ownError({ kind, status, details: { body } }: GatewayError): JsonObject | undefined {
  const error = isObject(body) ? body['error'] : undefined
  if (!isObject(error) || text(error['message']) === undefined || text(error['type']) === undefined)
    return undefined
  const isOurs = 'code' in error || 'param' in error
  if (!isOurs || kindOf(error, status) !== kind) return undefined
  return { ...error, param: error['param'] ?? null, code: error['code'] ?? null }
}

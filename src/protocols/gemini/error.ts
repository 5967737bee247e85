// Errors as google.rpc.Status (https://cloud.google.com/apis/design/errors) in both directions.

import {
  GatewayError,
  kindOfStatus,
  plainStatus,
  type ErrorDetails,
  type ErrorKind,
} from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { Failure } from '#core/provider'

/** What each `status` means. */
const kindsByStatus: Record<string, ErrorKind | undefined> = {
  INVALID_ARGUMENT: 'invalid_request',
  OUT_OF_RANGE: 'invalid_request',
  // The account or its country lacks something the API asks for.
  FAILED_PRECONDITION: 'permission',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not_found',
  ALREADY_EXISTS: 'conflict',
  ABORTED: 'conflict',
  RESOURCE_EXHAUSTED: 'rate_limited',
  CANCELLED: 'cancelled',
  UNKNOWN: 'upstream',
  INTERNAL: 'upstream',
  DATA_LOSS: 'upstream',
  UNIMPLEMENTED: 'unsupported',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
}

/** What each kind of ours is called; the HTTP status is the error's own. */
const statusWords = {
  invalid_request: 'INVALID_ARGUMENT',
  authentication: 'UNAUTHENTICATED',
  permission: 'PERMISSION_DENIED',
  not_found: 'NOT_FOUND',
  conflict: 'ABORTED',
  too_large: 'INVALID_ARGUMENT',
  unsupported: 'INVALID_ARGUMENT',
  context_length: 'INVALID_ARGUMENT',
  content_policy: 'INVALID_ARGUMENT',
  rate_limited: 'RESOURCE_EXHAUSTED',
  quota_exhausted: 'RESOURCE_EXHAUSTED',
  overloaded: 'UNAVAILABLE',
  timeout: 'DEADLINE_EXCEEDED',
  upstream: 'UNKNOWN',
  cancelled: 'CANCELLED',
  internal: 'INTERNAL',
} as const satisfies Record<ErrorKind, string>

/** Reasons that say more than their status: a bad key is a 400 here. */
const kindsByReason: Record<string, ErrorKind | undefined> = {
  API_KEY_INVALID: 'authentication',
  API_KEY_EXPIRED: 'authentication',
}

/** Reads a refusal of the API; whatever is no error body is read by its HTTP status. */
export function decodeError(failure: Failure): GatewayError {
  const body = errorOf(failure.json)
  const details: ErrorDetails = defined({
    status: failure.status,
    retryAfterMs: secondsOf(failure.header('retry-after')),
    body: failure.json,
  })
  if (body === undefined)
    return new GatewayError(
      kindOfStatus(failure.status),
      `The provider answered with the status ${failure.status}`,
      details,
    )
  return errorFrom(body, details)
}

/** The error in a body or a stream event, also when a list is wrapped around it. */
export function errorOf(value: unknown): JsonObject | undefined {
  const [body] = Array.isArray(value) ? value : [value]
  const error: unknown = isObject(body) ? body['error'] : undefined
  return isObject(error) ? error : undefined
}

/** The error that a stream reports after it has begun. */
export const streamError = (error: JsonObject): GatewayError =>
  errorFrom(
    error,
    defined({
      status: typeof error['code'] === 'number' ? error['code'] : undefined,
      body: { error },
    }),
  )

function errorFrom(error: JsonObject, details: ErrorDetails): GatewayError {
  const { message, status } = error
  const word = typeof status === 'string' ? status : undefined
  const reason = textIn(error, 'ErrorInfo', 'reason')
  return new GatewayError(
    kindOf(error, details.status),
    typeof message === 'string' && message !== '' ? message : 'The provider reported an error',
    defined({
      ...details,
      code: reason ?? word,
      param: paramOf(error),
      retryAfterMs: retryDelay(error) ?? details.retryAfterMs,
    }),
  )
}

function kindOf(error: JsonObject, httpStatus: number | undefined): ErrorKind {
  const reason = kindsByReason[textIn(error, 'ErrorInfo', 'reason') ?? '']
  if (reason !== undefined) return reason
  if (httpStatus === 413) return 'too_large'
  const kind = kindsByStatus[typeof error['status'] === 'string' ? error['status'] : '']
  if (kind === 'rate_limited') return isSpent(error) ? 'quota_exhausted' : 'rate_limited'
  return kind ?? kindOfStatus(httpStatus ?? 500)
}

/** A daily quota is gone for the day; one by the minute comes back at once. */
const isSpent = (error: JsonObject): boolean =>
  list(detail(error, 'QuotaFailure')?.['violations']).some(
    (violation) =>
      typeof violation['quotaId'] === 'string' && violation['quotaId'].includes('PerDay'),
  )

const list = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

const typePrefix = 'type.googleapis.com/google.rpc.'

const detail = (error: JsonObject, type: string): JsonObject | undefined =>
  list(error['details']).find((entry) => entry['@type'] === typePrefix + type)

function textIn(error: JsonObject, type: string, key: string): string | undefined {
  const value = detail(error, type)?.[key]
  return typeof value === 'string' ? value : undefined
}

function paramOf(error: JsonObject): string | undefined {
  const [violation] = list(detail(error, 'BadRequest')?.['fieldViolations'])
  const field = violation?.['field']
  return typeof field === 'string' ? field : undefined
}

const retryDelay = (error: JsonObject): number | undefined =>
  secondsOf(textIn(error, 'RetryInfo', 'retryDelay')?.replace(/s$/, ''))

/** Milliseconds of a number of seconds; `undefined` for what is none. */
function secondsOf(text: string | undefined): number | undefined {
  const seconds = text === undefined || text === '' ? Number.NaN : Number(text)
  return seconds >= 0 ? Math.round(seconds * 1000) : undefined
}

/** An error of this API leaves as it came; others in its form. */
export function encodeError(error: GatewayError): {
  status: number
  headers?: Record<string, string>
  body: JsonObject
} {
  const { retryAfterMs } = error.details
  const own = ownBody(error)
  const status = own === undefined ? plainStatus(error) : error.status
  const answer = { status, body: own ?? { error: statusOf(error, status) } }
  return retryAfterMs === undefined
    ? answer
    : { ...answer, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } }
}

/** The vendor's body, if it is of this form and still says what the error says. */
function ownBody(error: GatewayError): JsonObject | undefined {
  const { body } = error.details
  const own = errorOf(body)
  if (own === undefined || !isObject(body) || own['code'] !== error.status) return undefined
  return typeof own['status'] === 'string' && kindOf(own, error.status) === error.kind
    ? body
    : undefined
}

function statusOf(error: GatewayError, code: number): JsonObject {
  const { code: reason, param, retryAfterMs } = error.details
  const details: JsonObject[] = []
  if (reason !== undefined)
    details.push({ '@type': `${typePrefix}ErrorInfo`, reason, domain: 'googleapis.com' })
  if (param !== undefined)
    details.push({
      '@type': `${typePrefix}BadRequest`,
      fieldViolations: [{ field: param, description: error.message }],
    })
  if (retryAfterMs !== undefined)
    details.push({ '@type': `${typePrefix}RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` })
  return {
    code,
    message: error.message,
    status: statusWords[error.kind],
    ...(details.length === 0 ? {} : { details }),
  }
}

// Refusals: `{ message }`, with the exception's name in `x-amzn-errortype`; mid-stream it is the event's name.

import { GatewayError, kindOfStatus, type ErrorKind } from '#core/error'
import { defined, isObject, parseJson, type Json } from '#core/json'
import type { SseEvent } from '#core/protocol'
import type { Failure } from '#core/provider'
import { id } from './vocabulary.ts'

interface Words {
  type: string
  status: number
}

/** How each kind is said (`errors.d.ts` of the SDK; the common errors of AWS APIs for the rest). */
const words: Record<ErrorKind, Words> = {
  invalid_request: { type: 'ValidationException', status: 400 },
  authentication: { type: 'UnrecognizedClientException', status: 403 },
  permission: { type: 'AccessDeniedException', status: 403 },
  not_found: { type: 'ResourceNotFoundException', status: 404 },
  conflict: { type: 'ConflictException', status: 400 },
  too_large: { type: 'RequestEntityTooLargeException', status: 413 },
  unsupported: { type: 'ValidationException', status: 400 },
  context_length: { type: 'ValidationException', status: 400 },
  content_policy: { type: 'ValidationException', status: 400 },
  rate_limited: { type: 'ThrottlingException', status: 429 },
  quota_exhausted: { type: 'ServiceQuotaExceededException', status: 400 },
  overloaded: { type: 'ServiceUnavailableException', status: 503 },
  timeout: { type: 'ModelTimeoutException', status: 408 },
  upstream: { type: 'InternalServerException', status: 500 },
  cancelled: { type: 'InternalServerException', status: 500 },
  internal: { type: 'InternalServerException', status: 500 },
}

const kinds: Record<string, ErrorKind | undefined> = {
  ValidationException: 'invalid_request',
  UnrecognizedClientException: 'authentication',
  InvalidSignatureException: 'authentication',
  IncompleteSignatureException: 'authentication',
  MissingAuthenticationTokenException: 'authentication',
  ExpiredTokenException: 'authentication',
  AccessDeniedException: 'permission',
  ResourceNotFoundException: 'not_found',
  ConflictException: 'conflict',
  RequestEntityTooLargeException: 'too_large',
  ThrottlingException: 'rate_limited',
  ServiceQuotaExceededException: 'quota_exhausted',
  ServiceUnavailableException: 'overloaded',
  ModelNotReadyException: 'overloaded',
  ModelTimeoutException: 'timeout',
  InternalServerException: 'upstream',
  ModelErrorException: 'upstream',
  ModelStreamErrorException: 'upstream',
}

export function decodeError(failure: Failure): GatewayError {
  const { status, json } = failure
  const body = isObject(json) ? json : {}
  // `ValidationException:http://internal.amazon.com/...`, or a name with its namespace in the body.
  const named = failure.header('x-amzn-errortype') ?? body['__type']
  const [code] = typeof named === 'string' ? (/\w+Exception/.exec(named) ?? []) : []
  const said = body['message'] ?? body['Message']
  return new GatewayError(
    (code === undefined ? undefined : kinds[code]) ?? kindOfStatus(status),
    typeof said === 'string' && said !== ''
      ? said
      : `The provider refused the request with status ${status}`,
    defined({
      status,
      code,
      body: json ?? failure.text,
      requestId: failure.header('x-amzn-requestid'),
    }),
  )
}

/** Status, headers and body as the vendor writes them. */
export function encodeError(error: GatewayError): {
  status: number
  headers: Record<string, string>
  body: Json
} {
  const { body, code } = error.details
  if (isObject(body) && code !== undefined && kinds[code] === error.kind)
    return { status: error.status, headers: { 'x-amzn-errortype': code }, body }
  const { type, status } = words[error.kind]
  return { status, headers: { 'x-amzn-errortype': type }, body: { message: error.message } }
}

/** Exceptions of a stream begin with a small letter: `throttlingException`. */
export function failureEvents(error: GatewayError): SseEvent[] {
  const { type } = words[error.kind]
  const event = type.charAt(0).toLowerCase() + type.slice(1)
  return [{ event, data: JSON.stringify({ message: error.message }) }]
}

/** The failure an event tells of; `undefined` for any other event. */
export function streamFailure({ event, data }: SseEvent): GatewayError | undefined {
  if (event?.endsWith('Exception') !== true) return undefined
  const code = event.charAt(0).toUpperCase() + event.slice(1)
  const body = parseJson(data)
  const said = isObject(body) ? body['message'] : undefined
  const message = typeof said === 'string' && said !== '' ? said : `The stream failed: ${code}`
  return new GatewayError(kinds[code] ?? 'upstream', message, { code, body: { [id]: data } })
}

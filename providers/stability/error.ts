import { defined, GatewayError, isObject, kindOfStatus, type ErrorKind, type Failure } from '#kit'

/** `name` of an error body, where it says more than the status. */
const kinds: Record<string, ErrorKind | undefined> = {
  content_moderation: 'content_policy',
  bad_request: 'invalid_request',
  invalid_language: 'invalid_request',
  payload_too_large: 'too_large',
  rate_limit_exceeded: 'rate_limited',
}

/** Past 150 requests in ten seconds, Stability answers nothing for this long. */
const timeoutMs = 60_000

/** Reads `{ id, name, errors: [...] }`; the v1 endpoints have `message` instead of `errors`. */
export function readError(failure: Failure): GatewayError {
  const { status, json } = failure
  const body = isObject(json) ? json : {}
  const name = typeof body['name'] === 'string' ? body['name'] : undefined
  const kind = (name === undefined ? undefined : kinds[name]) ?? kindOfStatus(status)
  const faults = Array.isArray(body['errors']) ? body['errors'] : [body['message']]
  const message = faults.filter((fault) => typeof fault === 'string').join('; ')
  const seconds = Number(failure.header('retry-after') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : timeoutMs
  return new GatewayError(
    kind,
    message === '' ? `Stability AI answered with status ${status}` : message,
    defined({
      status: kind === 'invalid_request' ? status : undefined,
      code: name,
      requestId:
        failure.header('x-request-id') ?? (typeof body['id'] === 'string' ? body['id'] : undefined),
      retryAfterMs: kind === 'rate_limited' ? retryAfterMs : undefined,
      body: json,
    }),
  )
}

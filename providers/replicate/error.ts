import { defined, GatewayError, isObject, kindOfStatus, type Failure } from '#kit'

/** Reads `{ detail, title?, status?, invalid_fields? }`. */
export function readError(failure: Failure): GatewayError {
  const { status, json } = failure
  const body = isObject(json) ? json : {}
  const [detail, title] = [body['detail'], body['title']]
  const message =
    typeof detail === 'string' && detail !== ''
      ? detail.trim()
      : typeof title === 'string'
        ? title
        : `Replicate answered with status ${status}`
  const kind = kindOfStatus(status)
  const seconds = Number(failure.header('retry-after') ?? Number.NaN)
  return new GatewayError(
    kind,
    message,
    defined({
      status: kind === 'invalid_request' ? status : undefined,
      param: faultyField(body['invalid_fields']),
      requestId: failure.header('x-request-id'),
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
      body: json,
    }),
  )
}

/** `input.prompt` of the prediction is `prompt` of the caller. */
function faultyField(fields: unknown): string | undefined {
  const [first]: unknown[] = Array.isArray(fields) ? fields : []
  if (!isObject(first) || typeof first['field'] !== 'string') return undefined
  return first['field'].replace(/^input\./, '')
}

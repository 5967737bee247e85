import type { MockDialect, MockFailure } from '#kit'

/** The largest request body: 10 MiB. */
export const maxBytes = 10 * 1024 * 1024

type Refusal = [status: number, name: string, error: string]

/** Refusals as the v2beta reference shows them: `{ id, name, errors }`. */
export const dialect: MockDialect = {
  keyOf(request) {
    const [, key] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    return key
  },
  refuse(failure, requestId) {
    const [status, name, error] = refusal(failure)
    const headers: Record<string, string> = { 'x-request-id': requestId }
    if (failure.kind === 'rate-limited') headers['retry-after'] = String(failure.retryAfterSeconds)
    return Response.json({ id: requestId, name, errors: [error] }, { status, headers })
  },
  headers: (requestId) => ({ 'x-request-id': requestId }),
}

function refusal(failure: MockFailure): Refusal {
  switch (failure.kind) {
    case 'no-key':
      return [401, 'unauthorized', 'authorization: is required']
    case 'bad-key':
      return [401, 'unauthorized', 'authorization: invalid or missing API key']
    case 'forbidden':
      return [403, 'permission_denied', 'This key may not use this endpoint']
    case 'quota':
      return [402, 'payment_required', 'There are not enough credits left for this request']
    case 'rate-limited':
      return [
        429,
        'rate_limit_exceeded',
        'More than 150 requests within 10 seconds: no requests are answered for 60 seconds',
      ]
    case 'overloaded':
      return [503, 'service_unavailable', 'The service is busy, please try again later']
    case 'server-error':
      return [500, 'internal_error', 'An unexpected server error has occurred']
    case 'timeout':
      return [504, 'gateway_timeout', 'The request took too long']
    case 'not-found':
      return [404, 'not_found', `${failure.what}: not found`]
    case 'too-large':
      return [413, 'payload_too_large', 'body: payload cannot be larger than 10MiB in size']
    case 'moderated':
      return [403, 'content_moderation', 'The request was flagged by the moderation system']
    case 'context-length':
      return [400, 'bad_request', 'prompt: cannot be longer than 10000 characters']
    case 'bad-request': {
      const { message, param } = failure
      return [400, 'bad_request', param === undefined ? message : `${param}: ${message}`]
    }
    default:
      return failure satisfies never
  }
}

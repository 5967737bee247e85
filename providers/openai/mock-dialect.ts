import { defined, MockRefusal, type MockDialect, type MockFailure } from '#kit'

/** `param` and `code` are always present, `null` when there is none. */
export interface ErrorBody {
  message: string
  type: string
  param?: string | undefined
  code?: string
}

type Refusal = [status: number, error: ErrorBody]

/** The vendor's error reply. */
export function errorReply(
  status: number,
  { message, type, param, code }: ErrorBody,
  requestId: string,
): Response {
  const error = { message, type, param: param ?? null, code: code ?? null }
  return Response.json({ error }, { status, headers: ownHeaders(requestId) })
}

const ownHeaders = (requestId: string): Record<string, string> => ({
  'x-request-id': `req_${requestId}`,
  'openai-organization': 'org-mock',
  'openai-processing-ms': '12',
  'openai-version': '2020-10-01',
})

const invalid = 'invalid_request_error'

/** Thrown by routes that refuse a field. */
export const badRequest = (param: string, message: string): MockRefusal =>
  new MockRefusal({ kind: 'bad-request', message, param })

/** Refusals and headers of `api.openai.com` (developers.openai.com/api/docs/guides/error-codes). */
export const dialect: MockDialect = {
  keyOf(request) {
    const [, key] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    return key
  },
  refuse(failure, requestId) {
    const [status, error] = refusal(failure)
    const response = errorReply(status, error, requestId)
    if (failure.kind === 'rate-limited') {
      const seconds = failure.retryAfterSeconds
      const hints = { ...rateLimits(0), 'x-ratelimit-reset-requests': `${seconds}s` }
      for (const [name, value] of Object.entries(hints)) response.headers.set(name, value)
      response.headers.set('retry-after', String(seconds))
      response.headers.set('retry-after-ms', String(seconds * 1000))
    }
    return response
  },
  headers: (requestId) => ({ ...ownHeaders(requestId), ...rateLimits(9_999) }),
}

const rateLimits = (remaining: number): Record<string, string> => ({
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': '6ms',
  'x-ratelimit-limit-tokens': '2000000',
  'x-ratelimit-remaining-tokens': '1999000',
  'x-ratelimit-reset-tokens': '30ms',
})

function refusal(failure: MockFailure): Refusal {
  switch (failure.kind) {
    case 'no-key':
      return [
        401,
        { type: invalid, message: 'No API key was provided in the Authorization header' },
      ]
    case 'bad-key':
      return [
        401,
        { type: invalid, code: 'invalid_api_key', message: 'Incorrect API key provided' },
      ]
    case 'forbidden':
      return [403, { type: 'permission_error', message: 'This key may not do that' }]
    case 'quota':
      return [
        429,
        {
          type: 'insufficient_quota',
          code: 'insufficient_quota',
          message: 'The quota of this account is used up',
        },
      ]
    case 'rate-limited':
      return [
        429,
        {
          type: 'requests',
          code: 'rate_limit_exceeded',
          message: 'Rate limit reached for requests',
        },
      ]
    case 'overloaded':
      return [503, { type: 'server_error', message: 'The engine is currently overloaded' }]
    case 'server-error':
      return [500, { type: 'server_error', message: 'The server had an error on this request' }]
    case 'timeout':
      return [504, { type: 'server_error', message: 'The request took too long' }]
    case 'not-found':
      return [404, notFound(failure.what)]
    case 'too-large':
      return [413, { type: invalid, message: 'The request is too large' }]
    case 'moderated':
      return [
        400,
        {
          type: invalid,
          code: 'content_policy_violation',
          message: 'The request was rejected by the safety system',
        },
      ]
    case 'context-length':
      return [
        400,
        {
          type: invalid,
          param: 'messages',
          code: 'context_length_exceeded',
          message: 'The input is longer than the context of this model',
        },
      ]
    case 'bad-request':
      return [400, defined({ type: invalid, message: failure.message, param: failure.param })]
    default:
      return failure satisfies never
  }
}

/** A path nobody serves, or a model nobody has. */
const notFound = (what: string): ErrorBody =>
  what.startsWith('/')
    ? { type: invalid, message: `Invalid URL (${what})` }
    : {
        type: invalid,
        code: 'model_not_found',
        message: `The model '${what}' does not exist or you do not have access to it`,
      }

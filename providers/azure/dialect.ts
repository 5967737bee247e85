import type { MockDialect, MockFailure } from '#kit'

/** Refusals of an Azure resource: OpenAI's shape, with Azure's own codes, and status numbers as codes. */
export const dialect: MockDialect = {
  keyOf({ headers }) {
    const [, bearer] = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '') ?? []
    return headers.get('api-key') ?? bearer ?? undefined
  },
  refuse(failure, requestId) {
    const { status, ...error } = refusal(failure)
    const response = Response.json({ error }, { status, headers: ownHeaders(requestId) })
    if (failure.kind === 'rate-limited') {
      response.headers.set('retry-after', String(failure.retryAfterSeconds))
      response.headers.set('retry-after-ms', String(failure.retryAfterSeconds * 1000))
    }
    return response
  },
  headers: (requestId) => ({
    ...ownHeaders(requestId),
    'x-ratelimit-remaining-requests': '999',
    'x-ratelimit-remaining-tokens': '999000',
  }),
}

const ownHeaders = (requestId: string): Record<string, string> => ({
  'apim-request-id': requestId,
  'x-request-id': requestId,
  'x-ms-region': 'Sweden Central',
})

interface Refusal {
  status: number
  code: string | null
  message: string
  type?: string
  param?: string | null
  innererror?: object
}

function refusal(failure: MockFailure): Refusal {
  switch (failure.kind) {
    case 'no-key':
      return { status: 401, code: '401', message: 'The subscription key is missing' }
    case 'bad-key':
      return { status: 401, code: '401', message: 'The subscription key or the endpoint is wrong' }
    case 'forbidden':
      return { status: 403, code: '403', message: 'This resource refuses the caller' }
    case 'quota':
      return { status: 429, code: 'insufficient_quota', message: 'The quota is used up' }
    case 'rate-limited':
      return { status: 429, code: '429', message: 'The rate limit of this deployment is reached' }
    case 'overloaded':
      return { status: 503, code: '503', message: 'The service is busy' }
    case 'server-error':
      return { status: 500, code: '500', message: 'The service has failed' }
    case 'timeout':
      return { status: 408, code: '408', message: 'The operation took too long' }
    case 'not-found':
      return failure.what.startsWith('/')
        ? { status: 404, code: '404', message: 'There is no such resource' }
        : {
            status: 404,
            code: 'DeploymentNotFound',
            message: `The deployment ${failure.what} does not exist in this resource`,
          }
    case 'too-large':
      return { status: 413, code: '413', message: 'The request is too large' }
    case 'moderated':
      return {
        status: 400,
        code: 'content_filter',
        type: 'invalid_request_error',
        param: 'prompt',
        message: 'The prompt was stopped by the content management policy',
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { violence: { filtered: true, severity: 'high' } },
        },
      }
    case 'context-length':
      return {
        status: 400,
        code: 'context_length_exceeded',
        type: 'invalid_request_error',
        param: 'messages',
        message: 'The messages are longer than the context of this model',
      }
    case 'bad-request':
      return {
        status: 400,
        code: null,
        type: 'invalid_request_error',
        param: failure.param ?? null,
        message: failure.message,
      }
    default:
      return failure satisfies never
  }
}

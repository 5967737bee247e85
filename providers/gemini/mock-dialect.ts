import type { JsonObject, MockDialect, MockFailure } from '#kit'

type Refusal = [code: number, status: string, message: string, details?: JsonObject[] | undefined]

const rpc = (type: string, fields: JsonObject): JsonObject => ({
  '@type': `type.googleapis.com/google.rpc.${type}`,
  ...fields,
})

const quota = (period: 'Minute' | 'Day'): JsonObject =>
  rpc('QuotaFailure', {
    violations: [
      {
        quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
        quotaId: `GenerateRequestsPer${period}PerProjectPerModel-FreeTier`,
        quotaValue: '10',
      },
    ],
  })

/** Refusals and headers of `generativelanguage.googleapis.com` (ai.google.dev/gemini-api/docs/troubleshooting). */
export const dialect: MockDialect = {
  keyOf(request) {
    const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    const inQuery = new URL(request.url).searchParams.get('key')
    return request.headers.get('x-goog-api-key') ?? inQuery ?? bearer
  },
  refuse(failure) {
    const [code, status, message, details] = refusal(failure)
    const error = { code, message, status, ...(details === undefined ? {} : { details }) }
    const response = Response.json({ error }, { status: code, headers: headers() })
    response.headers.set('content-type', 'application/json; charset=UTF-8')
    return response
  },
  headers,
}

/** The vendor tells neither limits nor an id of the request. */
function headers(): Record<string, string> {
  return {
    vary: 'Origin, X-Origin, Referer',
    server: 'scaffolding on HTTPServer2',
    'x-content-type-options': 'nosniff',
  }
}

function refusal(failure: MockFailure): Refusal {
  switch (failure.kind) {
    case 'no-key':
      return [
        403,
        'PERMISSION_DENIED',
        "Method doesn't allow unregistered callers. Please use an API key to call this API.",
      ]
    case 'bad-key':
      return [
        400,
        'INVALID_ARGUMENT',
        'API key not valid. Please pass a valid API key.',
        [
          rpc('ErrorInfo', {
            reason: 'API_KEY_INVALID',
            domain: 'googleapis.com',
            metadata: { service: 'generativelanguage.googleapis.com' },
          }),
        ],
      ]
    case 'forbidden':
      return [403, 'PERMISSION_DENIED', 'The caller does not have permission']
    case 'quota':
      return [429, 'RESOURCE_EXHAUSTED', 'The daily quota is exceeded', [quota('Day')]]
    case 'rate-limited': {
      const retryDelay = `${failure.retryAfterSeconds}s`
      const details = [quota('Minute'), rpc('RetryInfo', { retryDelay })]
      return [429, 'RESOURCE_EXHAUSTED', 'The quota of this minute is exceeded', details]
    }
    case 'overloaded':
      return [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.']
    case 'server-error':
      return [500, 'INTERNAL', 'An internal error has occurred']
    case 'timeout':
      return [504, 'DEADLINE_EXCEEDED', 'The deadline expired before the operation could complete']
    case 'not-found':
      return [404, 'NOT_FOUND', notFound(failure.what)]
    case 'too-large':
      return [413, 'INVALID_ARGUMENT', 'The request payload is larger than the limit']
    case 'moderated':
      return [400, 'INVALID_ARGUMENT', 'The request was refused by the safety filters']
    case 'context-length':
      return [400, 'INVALID_ARGUMENT', 'The input token count exceeds the maximum allowed']
    case 'bad-request':
      return [400, 'INVALID_ARGUMENT', failure.message, violation(failure)]
    default:
      return failure satisfies never
  }
}

const violation = ({ message, param }: { message: string; param?: string }) =>
  param === undefined
    ? undefined
    : [rpc('BadRequest', { fieldViolations: [{ field: param, description: message }] })]

/** A path nobody serves, or a model nobody has. */
const notFound = (what: string): string =>
  what.startsWith('/')
    ? `The path ${what} is not served`
    : `models/${what} is not found for API version v1beta, or is not supported for this method. Call ListModels to see the available models.`

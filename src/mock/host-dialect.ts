// The dialect of a host with an API like OpenAI's: refusals in its own shape, with common words where none are known.

import { defined, type Json } from '#core/json'
import type { MockDialect, MockFailure } from './dialect.ts'

/** A refusal in OpenAI's words, to be said in the host's shape. */
export interface HostRefusal {
  kind: MockFailure['kind']
  status: number
  message: string
  type: string
  code: string | null
  param: string | null
  requestId: string
}

export interface HostFacts {
  /** The body of a refusal; OpenAI's own shape when absent. */
  error?: (refusal: HostRefusal) => Json
  /** Statuses that are not the usual ones. */
  statuses?: { readonly [kind in MockFailure['kind']]?: number }
  /** Headers of every reply, besides the request id. */
  headers?: (remaining: number) => Record<string, string>
  /** The name of the header with the request id; `x-request-id` when absent. */
  idHeader?: string
  /** Whether a caller without a key is served. */
  keyless?: boolean
}

const words = {
  'no-key': [401, 'No API key was provided', 'invalid_request_error', 'missing_api_key'],
  'bad-key': [401, 'The API key is not valid', 'invalid_request_error', 'invalid_api_key'],
  forbidden: [403, 'This key may not do that', 'permission_error', 'permission_denied'],
  quota: [402, 'The credit of this account is used up', 'insufficient_quota', 'insufficient_quota'],
  'rate-limited': [429, 'Too many requests', 'rate_limit_error', 'rate_limit_exceeded'],
  overloaded: [503, 'The service is overloaded', 'server_error', null],
  'server-error': [500, 'The server had an error', 'server_error', null],
  timeout: [504, 'The request took too long', 'server_error', null],
  'not-found': [404, '', 'invalid_request_error', 'model_not_found'],
  'too-large': [413, 'The request is too large', 'invalid_request_error', null],
  moderated: [
    400,
    'The request was refused by the content policy',
    'invalid_request_error',
    'content_policy_violation',
  ],
  'context-length': [
    400,
    'The prompt is longer than the model can read',
    'invalid_request_error',
    'context_length_exceeded',
  ],
  'bad-request': [400, '', 'invalid_request_error', null],
} as const satisfies Record<
  MockFailure['kind'],
  readonly [status: number, message: string, type: string, code: string | null]
>

const openaiShape = ({ message, type, code, param }: HostRefusal): Json => ({
  error: { message, type, param, code },
})

/** The key comes as `Authorization: Bearer`. */
export function hostDialect(facts: HostFacts = {}): MockDialect {
  const { error = openaiShape, statuses = {}, headers, idHeader = 'x-request-id' } = facts
  const own = (requestId: string, remaining: number): Record<string, string> => ({
    [idHeader]: requestId,
    ...headers?.(remaining),
  })
  return {
    keyOf(request) {
      const [, key] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
      return key ?? (facts.keyless === true ? 'mock' : undefined)
    },
    refuse(failure, requestId) {
      const refusal = refusalOf(failure, requestId)
      const status = statuses[failure.kind] ?? refusal.status
      return Response.json(error({ ...refusal, status }), {
        status,
        headers: {
          ...own(requestId, failure.kind === 'rate-limited' ? 0 : 99),
          ...defined({
            'retry-after':
              failure.kind === 'rate-limited' ? String(failure.retryAfterSeconds) : undefined,
          }),
        },
      })
    },
    headers: (requestId) => own(requestId, 99),
  }
}

function refusalOf(failure: MockFailure, requestId: string): HostRefusal {
  const [status, message, type, code] = words[failure.kind]
  const refusal = { kind: failure.kind, status, message, type, code, param: null, requestId }
  if (failure.kind === 'not-found')
    return { ...refusal, message: `'${failure.what}' does not exist` }
  if (failure.kind !== 'bad-request') return refusal
  return { ...refusal, message: failure.message, param: failure.param ?? null }
}

// The dialect of a vendor that only resembles a protocol: refusals as the protocol's own codec writes them.

import { GatewayError, type ErrorKind } from '#core/error'
import type { Protocol } from '#core/protocol'
import type { MockDialect, MockFailure } from './dialect.ts'

/**
 * A dialect for providers that speak `protocol` and document nothing of their own. The key comes as
 * `Authorization: Bearer`, `x-api-key` or `x-goog-api-key`.
 */
export const protocolDialect = (protocol: Protocol): MockDialect => ({
  keyOf({ headers }) {
    const [, bearer] = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '') ?? []
    return bearer ?? headers.get('x-api-key') ?? headers.get('x-goog-api-key') ?? undefined
  },
  refuse(failure, requestId) {
    const { status, headers, body } = protocol.error.encode(errorOf(failure))
    return Response.json(body, { status, headers: { 'x-request-id': requestId, ...headers } })
  },
  headers: (requestId) => ({ 'x-request-id': requestId }),
})

const kinds = {
  'no-key': ['authentication', 'No API key was provided'],
  'bad-key': ['authentication', 'The API key is not valid'],
  forbidden: ['permission', 'This key may not do that'],
  quota: ['quota_exhausted', 'The quota of this account is used up'],
  'rate-limited': ['rate_limited', 'Too many requests'],
  overloaded: ['overloaded', 'The service is overloaded'],
  'server-error': ['upstream', 'The server had an error'],
  timeout: ['timeout', 'The request took too long'],
  'too-large': ['too_large', 'The request is too large'],
  moderated: ['content_policy', 'The request was refused by the content policy'],
  'context-length': ['context_length', 'The prompt is longer than the model can read'],
} as const satisfies Record<
  Exclude<MockFailure['kind'], 'not-found' | 'bad-request'>,
  readonly [ErrorKind, string]
>

function errorOf(failure: MockFailure): GatewayError {
  switch (failure.kind) {
    case 'not-found':
      return new GatewayError('not_found', `'${failure.what}' does not exist`, {
        code: 'model_not_found',
      })
    case 'bad-request':
      return new GatewayError(
        'invalid_request',
        failure.message,
        failure.param === undefined ? {} : { param: failure.param },
      )
    case 'rate-limited': {
      const [kind, message] = kinds[failure.kind]
      return new GatewayError(kind, message, { retryAfterMs: failure.retryAfterSeconds * 1000 })
    }
    default: {
      const [kind, message] = kinds[failure.kind]
      return new GatewayError(kind, message)
    }
  }
}

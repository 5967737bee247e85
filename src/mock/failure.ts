import { GatewayError } from '#core/error'
import { defined } from '#core/json'
import type { MockFailure } from './dialect.ts'

/** Thrown by a route to have the vendor refuse; `mockApp` writes it in the vendor's words. */
export class MockRefusal extends Error {
  override readonly name = 'MockRefusal'
  readonly failure: MockFailure

  constructor(failure: MockFailure) {
    super(`The mock refuses: ${failure.kind}`)
    this.failure = failure
  }
}

/** What the vendor calls an error of ours. @throws the error itself when it is a fault of the mock. */
export function failureOf(error: unknown): MockFailure {
  if (error instanceof MockRefusal) return error.failure
  if (!(error instanceof GatewayError)) throw error
  const { param, retryAfterMs } = error.details
  switch (error.kind) {
    case 'not_found':
      return { kind: 'not-found', what: error.message }
    case 'too_large':
      return { kind: 'too-large' }
    case 'context_length':
      return { kind: 'context-length' }
    case 'content_policy':
      return { kind: 'moderated' }
    case 'authentication':
      return { kind: 'bad-key' }
    case 'permission':
      return { kind: 'forbidden' }
    case 'quota_exhausted':
      return { kind: 'quota' }
    case 'rate_limited':
      return { kind: 'rate-limited', retryAfterSeconds: Math.ceil((retryAfterMs ?? 1000) / 1000) }
    case 'overloaded':
      return { kind: 'overloaded' }
    case 'timeout':
      return { kind: 'timeout' }
    case 'upstream':
      return { kind: 'server-error' }
    case 'invalid_request':
    case 'unsupported':
    case 'conflict':
      return { kind: 'bad-request', message: error.message, ...defined({ param }) }
    case 'cancelled':
    case 'internal':
      throw error
    default:
      return error.kind satisfies never
  }
}

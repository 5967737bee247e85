// What a provider's mock says about its vendor; everything else about mocks is written once.

/** Failures every vendor has, each with its own status, body and headers. */
export type MockFailure =
  | { kind: 'no-key' }
  | { kind: 'bad-key' }
  | { kind: 'forbidden' }
  | { kind: 'quota' }
  | { kind: 'rate-limited'; retryAfterSeconds: number }
  | { kind: 'overloaded' }
  | { kind: 'server-error' }
  | { kind: 'timeout' }
  | { kind: 'not-found'; what: string }
  | { kind: 'too-large' }
  | { kind: 'moderated' }
  | { kind: 'context-length' }
  | { kind: 'bad-request'; message: string; param?: string }

export interface MockDialect {
  /** The key the caller presented, in any way the vendor accepts; `undefined` when none. */
  keyOf(request: Request): string | undefined
  /** The vendor's own refusal: status, headers and body as documented. */
  refuse(failure: MockFailure, requestId: string): Response
  /** Headers of every successful reply: request id, rate limits. */
  headers(requestId: string): Record<string, string>
}

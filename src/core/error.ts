import { defined } from './json.ts'

/**
 * What each kind of failure means. `status` is the HTTP status the caller sees unless the error
 * carries its own; `elsewhere` says whether another target may be tried.
 * Retrying the same target is decided by `retryAfterMs` and by whether anything was sent.
 */
export const errorKinds = {
  invalid_request: { status: 400, elsewhere: false },
  authentication: { status: 401, elsewhere: false },
  permission: { status: 403, elsewhere: false },
  not_found: { status: 404, elsewhere: false },
  conflict: { status: 409, elsewhere: false },
  too_large: { status: 413, elsewhere: false },
  unsupported: { status: 400, elsewhere: true },
  context_length: { status: 400, elsewhere: true },
  content_policy: { status: 400, elsewhere: false },
  rate_limited: { status: 429, elsewhere: true },
  quota_exhausted: { status: 429, elsewhere: true },
  overloaded: { status: 503, elsewhere: true },
  timeout: { status: 504, elsewhere: true },
  upstream: { status: 502, elsewhere: true },
  cancelled: { status: 499, elsewhere: false },
  internal: { status: 500, elsewhere: false },
} as const satisfies Record<string, { status: number; elsewhere: boolean }>

export type ErrorKind = keyof typeof errorKinds

export interface ErrorDetails {
  /** The HTTP status for the caller; the kind's own when absent. */
  status?: number
  /** The request field at fault, as a path in the caller's body: `messages[2].content`. */
  param?: string
  /** A machine-readable reason, in the vendor's spelling when a vendor gave one. */
  code?: string
  /** The id of the provider that failed. */
  provider?: string
  /** The provider's own id for the failed request. */
  requestId?: string
  retryAfterMs?: number
  /** Headers of the failed reply that the caller may use: rate limits, `retry-after`. */
  headers?: Record<string, string>
  /** The provider's error body, for the log and for callers who speak the same protocol. */
  body?: unknown
  cause?: unknown
}

/** The one error type. Faces render it in their own protocol; routing reads its kind. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly kind: ErrorKind
  readonly status: number
  readonly details: Omit<ErrorDetails, 'status' | 'cause'>

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    const { status, cause, ...rest } = details
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.status = status ?? errorKinds[kind].status
    this.details = rest
  }
}

/** The same failure with more known about it; the original is kept as `cause`. */
export const enrich = (error: GatewayError, details: ErrorDetails): GatewayError =>
  new GatewayError(
    error.kind,
    error.message,
    defined({ status: error.status, ...error.details, ...details, cause: error }),
  )

/** Finds the `GatewayError` in a chain of causes (SDK wrappers keep it there), or makes an `internal` one. */
export function toGatewayError(thrown: unknown): GatewayError {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; depth++) {
    if (error instanceof GatewayError) return error
    if (error.name === 'AbortError')
      return new GatewayError('cancelled', 'The request was cancelled', { cause: thrown })
    error = error.cause
  }
  return new GatewayError('internal', 'The gateway failed to handle this request', {
    cause: thrown,
  })
}

/** The kind an HTTP status stands for where a vendor's error says nothing more precise. */
export function kindOfStatus(status: number): ErrorKind {
  const exact = statusKinds[status]
  if (exact !== undefined) return exact
  return status >= 400 && status < 500 ? 'invalid_request' : 'upstream'
}

/**
 * The status of a provider's refusal for a caller of another protocol: the provider's where it says
 * what the kind says, else the kind's own. A status past 511 (RFC 6585) is some vendor's invention.
 */
export function plainStatus({ kind, status, details }: GatewayError): number {
  const isClear = details.body === undefined || (status <= 511 && kindOfStatus(status) === kind)
  return isClear ? status : errorKinds[kind].status
}

const statusKinds: Record<number, ErrorKind | undefined> = {
  401: 'authentication',
  402: 'quota_exhausted',
  403: 'permission',
  404: 'not_found',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  429: 'rate_limited',
  499: 'cancelled',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
}

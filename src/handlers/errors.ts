// Turns whatever was thrown into the caller's own protocol.

import { defined, type Json } from '#core/json'
import { enrich, toGatewayError, type GatewayError } from '#core/error'
import type { Ctx } from './context.ts'

export type EncodeError = (error: GatewayError) => {
  status: number
  headers?: Record<string, string>
  body: Json
}

/** The reply to a caller whose request failed. */
export function renderError(c: Ctx, thrown: unknown, encode: EncodeError): Response {
  const error = toGatewayError(thrown)
  const { status, headers, body } = encode(identified(error, c))
  const { provider, requestId, retryAfterMs } = error.details
  const target = provider === undefined ? undefined : c.get('gateway').registry.provider(provider)
  log(c, error, status)
  return new Response(JSON.stringify(body), {
    status,
    headers: defined({
      'content-type': 'application/json',
      'x-request-id': requestId ?? c.get('requestId'),
      'request-id': requestId ?? c.get('requestId'),
      'retry-after':
        retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs / 1000)),
      ...headers,
      ...error.details.headers,
      'x-mimus-request-id': c.get('requestId'),
      'x-mimus-mock': target?.mocked === true ? '1' : undefined,
    }),
  })
}

/** The error with the id of the request it belongs to: the provider's, or the gateway's own. */
export const identified = (error: GatewayError, c: Ctx): GatewayError =>
  error.details.requestId === undefined ? enrich(error, { requestId: c.get('requestId') }) : error

function log(c: Ctx, error: GatewayError, status: number): void {
  if (status < 500 || error.kind === 'cancelled') return
  c.get('gateway').platform.log({
    level: error.kind === 'internal' ? 'error' : 'warn',
    event: 'request-failed',
    path: c.req.path,
    status,
    kind: error.kind,
    message: error.message,
    provider: error.details.provider,
    requestId: c.get('requestId'),
    // The stack of an internal fault; the message of a provider may hold what a caller wrote.
    ...(error.kind === 'internal' ? { stack: stackOf(error) } : {}),
  })
}

const stackOf = (error: GatewayError): string | undefined =>
  error.cause instanceof Error ? error.cause.stack : error.stack

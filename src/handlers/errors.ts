// Turns whatever was thrown into the caller's own protocol.

import { defined, type Json } from '#core/json'
import { toGatewayError, type GatewayError } from '#core/error'
import type { Ctx } from './context.ts'

export type EncodeError = (error: GatewayError) => {
  status: number
  headers?: Record<string, string>
  body: Json
}

export const renderError = (encode: EncodeError) => (thrown: Error, c: Ctx) => {
  const error = toGatewayError(thrown)
  const { status, headers, body } = encode(error)
  const { provider, requestId, retryAfterMs } = error.details
  const target = provider === undefined ? undefined : c.var.gateway.registry.provider(provider)
  log(c, error, status)
  return new Response(JSON.stringify(body), {
    status,
    headers: defined({
      'content-type': 'application/json',
      'x-request-id': requestId ?? c.var.requestId,
      'request-id': requestId,
      'retry-after':
        retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs / 1000)),
      ...headers,
      ...error.details.headers,
      'x-mimus-request-id': c.var.requestId,
      'x-mimus-mock': target?.mocked === true ? '1' : undefined,
    }),
  })
}

function log(c: Ctx, error: GatewayError, status: number): void {
  if (status < 500 || error.kind === 'cancelled') return
  c.var.gateway.platform.log({
    level: error.kind === 'internal' ? 'error' : 'warn',
    event: 'request-failed',
    path: c.req.path,
    status,
    kind: error.kind,
    message: error.message,
    provider: error.details.provider,
    requestId: c.var.requestId,
    // The stack of an internal fault; the message of a provider may hold what a caller wrote.
    ...(error.kind === 'internal' ? { stack: stackOf(error) } : {}),
  })
}

const stackOf = (error: GatewayError): string | undefined =>
  error.cause instanceof Error ? error.cause.stack : error.stack

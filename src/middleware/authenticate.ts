import { GatewayError } from '#core/error'
import { isOneOf } from '#core/secret'
import type { MiddlewareHandler } from 'hono'
import { openProblem } from '../boot.ts'
import type { Ctx, Env } from '../handlers/context.ts'

/**
 * Lets callers in who show a gateway key, in whichever header their SDK sends it. Without configured
 * keys the gateway is open where that is safe (see `openProblem`).
 */
export const authenticate = (): MiddlewareHandler<Env> =>
  async function authenticate(c, next) {
    const { keys } = c.var.gateway
    const presented = presentedKey(c)
    c.set('presentedKey', presented)
    if (keys.length === 0) assertMayBeOpen(c)
    else if (presented === undefined)
      throw new GatewayError(
        'authentication',
        'A gateway key is missing: send it as Authorization: Bearer, x-api-key or x-goog-api-key',
      )
    else if (!isOneOf(presented, keys))
      throw new GatewayError('authentication', 'The gateway key is not valid', {
        code: 'invalid_api_key',
      })
    await next()
  }

function presentedKey(c: Ctx): string | undefined {
  const bearer = c.req.header('authorization')
  if (bearer !== undefined && /^bearer /i.test(bearer)) return bearer.slice(7).trim()
  return c.req.header('x-api-key') ?? c.req.header('x-goog-api-key') ?? c.req.query('key')
}

function assertMayBeOpen(c: Ctx): void {
  const problem = openProblem(c.var.gateway, c.var.gateway.platform.isLocal(c.req.url))
  if (problem === undefined) return
  throw new GatewayError('authentication', problem, { status: 503, code: 'gateway_not_configured' })
}

import { GatewayError } from '#core/error'
import { isOneOf } from '#core/secret'
import { openProblem } from '../boot.ts'
import type { Ctx } from '../handlers/context.ts'
import { presentedKey } from '../handlers/presented-key.ts'

/**
 * Lets callers in who show a gateway key, in whichever header their SDK sends it. Without configured
 * keys the gateway is open where that is safe (see `openProblem`).
 * @throws GatewayError `authentication`.
 */
export function authenticate(c: Ctx): void {
  const { keys } = c.get('gateway')
  if (keys.length === 0) assertMayBeOpen(c)
  else assertKey(presentedKey(c), keys)
}

function assertKey(presented: string | undefined, keys: readonly string[]): void {
  if (presented === undefined)
    throw new GatewayError(
      'authentication',
      'A gateway key is missing: send it as Authorization: Bearer, x-api-key or x-goog-api-key',
    )
  if (!isOneOf(presented, keys))
    throw new GatewayError('authentication', 'The gateway key is not valid', {
      code: 'invalid_api_key',
    })
}

function assertMayBeOpen(c: Ctx): void {
  if (c.get('gateway').open) return
  const problem = openProblem(c.get('gateway'), c.get('gateway').platform.isLocal(c.req.url))
  if (problem === undefined) return
  throw new GatewayError('authentication', problem, { status: 503, code: 'gateway_not_configured' })
}

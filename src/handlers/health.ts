import { accessOf } from '../boot.ts'
import type { Ctx } from './context.ts'

/** `GET /health`: that the gateway runs, and how each provider is reached. Never keys. */
export function health(c: Ctx): Response {
  const gateway = c.get('gateway')
  const states = gateway.providers.map(({ id }) => [id, accessOf(gateway, id)])
  return c.json({ status: 'ok', providers: Object.fromEntries(states) })
}

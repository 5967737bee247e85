import type { MiddlewareHandler } from 'hono'
import type { Env } from '../handlers/context.ts'

/** Names the request; replies carry the name as `x-mimus-request-id`. */
export const requestId = (): MiddlewareHandler<Env> =>
  async function requestId(c, next) {
    c.set('requestId', `req_${crypto.randomUUID().replaceAll('-', '')}`)
    await next()
  }

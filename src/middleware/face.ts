// What stands around every handler: the request's id, the caller's key, and errors in the caller's language.
// One function instead of a chain of middleware: Hono calls a route's only handler directly.

import { renderError, type EncodeError } from '../handlers/errors.ts'
import type { Ctx } from '../handlers/context.ts'
import type { Gateway } from '../gateway.ts'
import { authenticate } from './authenticate.ts'

export type Handler = (c: Ctx) => Response | Promise<Response>

export interface FaceOptions {
  gateway: Gateway
  /** How errors are told, by the protocol of whoever asks. */
  encodeError(c: Ctx): EncodeError
}

/** A guard for handlers of one face. `open` handlers are for everyone. */
export const face =
  ({ gateway, encodeError }: FaceOptions, access: 'keys' | 'open' = 'keys') =>
  (handler: Handler) =>
    async function answer(c: Ctx): Promise<Response> {
      c.set('gateway', gateway)
      c.set('requestId', `req_${crypto.randomUUID().replaceAll('-', '')}`)
      try {
        if (access === 'keys') authenticate(c)
        return await handler(c)
      } catch (thrown) {
        return renderError(c, thrown, encodeError(c))
      }
    }

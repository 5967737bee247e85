import type { Context } from 'hono'
import type { Gateway } from '../gateway.ts'

/** What middleware leaves for handlers. */
export interface Env {
  Variables: {
    gateway: Gateway
    requestId: string
    /** The key the caller showed, in whichever header its SDK uses. */
    presentedKey: string | undefined
  }
}
export type Ctx = Context<Env>

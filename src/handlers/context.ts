import type { Context } from 'hono'
import type { Gateway } from '../gateway.ts'

/** What middleware leaves for handlers. */
export interface Env {
  Variables: {
    gateway: Gateway
    requestId: string
  }
}
export type Ctx = Context<Env>

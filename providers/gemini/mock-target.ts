import type { Context } from 'hono'
import type { MockEnv } from '#kit'

export type MockContext = Context<MockEnv>

/** Model and method of the path: `models/<model>:<method>`. */
export function target(c: MockContext): { model: string; method: string } {
  const [, model = '', method = ''] = /^(.*):([^:]*)$/.exec(c.req.param('target') ?? '') ?? []
  return { model, method }
}

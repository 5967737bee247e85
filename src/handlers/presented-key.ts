import type { Ctx } from './context.ts'

/** The key the caller showed, in whichever header its SDK uses. */
export function presentedKey(c: Ctx): string | undefined {
  const bearer = c.req.header('authorization')
  if (bearer !== undefined && /^bearer /i.test(bearer)) return bearer.slice(7).trim()
  return c.req.header('x-api-key') ?? c.req.header('x-goog-api-key') ?? c.req.query('key')
}

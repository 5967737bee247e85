import type { Ctx } from './context.ts'

/** `/v1beta/models/<model>:<method>`; a model of another provider has a slash in its name. */
export function pathOf(c: Ctx): { model: string; method: string } {
  const path = decodeURIComponent(c.req.path)
  const name = path.slice(path.indexOf('/models/') + '/models/'.length)
  const colon = name.lastIndexOf(':')
  return colon < 0
    ? { model: name, method: '' }
    : { model: name.slice(0, colon), method: name.slice(colon + 1) }
}

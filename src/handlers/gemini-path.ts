import type { Ctx } from './context.ts'

/** What follows `/models/` in the path; as it is, where it is no percent-encoding. */
export function modelNameOf(c: Ctx): string {
  const { path } = c.req
  const name = path.slice(path.indexOf('/models/') + '/models/'.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** `/v1beta/models/<model>:<method>`; a model of another provider has a slash in its name. */
export function pathOf(c: Ctx): { model: string; method: string } {
  const name = modelNameOf(c)
  const colon = name.lastIndexOf(':')
  return colon < 0
    ? { model: name, method: '' }
    : { model: name.slice(0, colon), method: name.slice(colon + 1) }
}

import type { Context } from 'hono'
import { GatewayError, type MockEnv } from '#kit'
import { maxBytes } from './dialect.ts'

const longestPrompt = 10_000

/** A multipart form as the vendor reads it; every fault is refused as `<field>: <fault>`. */
export interface Form {
  text(name: string): string | undefined
  number(name: string, least: number, most: number): number | undefined
  oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined
  file(name: string): Uint8Array | undefined
  need(name: string): void
  /** Refuses fields that have no meaning in this mode. */
  refuse(names: readonly string[], mode: string): void
  fail(fault: string): never
  /** A number that follows from everything in the form. */
  fingerprint: number
}

/** @param wanted Names of fields that must be there. */
export async function readForm(c: Context<MockEnv>, wanted: readonly string[]): Promise<Form> {
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('multipart/form-data')) fail('content-type: must be multipart/form-data')
  if (Number(c.req.header('content-length') ?? 0) > maxBytes)
    throw new GatewayError('too_large', 'The form is too large')
  const fields = new Map<string, string | Uint8Array>()
  let size = 0
  let fingerprint = 7
  for (const [name, value] of await c.req.formData()) {
    const content =
      typeof value === 'string' ? value : new Uint8Array(await new Blob([value]).arrayBuffer())
    size += content.length
    for (const character of `${name}=${typeof content === 'string' ? content : content.length}`)
      fingerprint = (fingerprint * 31 + (character.codePointAt(0) ?? 0)) % 4_294_967_291
    fields.set(name, content)
  }
  if (size > maxBytes) throw new GatewayError('too_large', 'The form is too large')
  const form = formOf(fields, fingerprint)
  for (const name of wanted) form.need(name)
  if ((form.text('prompt') ?? '').length > longestPrompt)
    fail(`prompt: cannot be longer than ${longestPrompt} characters`)
  return form
}

function formOf(fields: Map<string, string | Uint8Array>, fingerprint: number): Form {
  const text = (name: string): string | undefined => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    text,
    number(name, least, most) {
      const value = text(name)
      if (value === undefined) return undefined
      const number = Number(value)
      if (value === '' || !(number >= least && number <= most))
        fail(`${name}: must be a number from ${least} to ${most}`)
      return number
    },
    oneOf(name, values) {
      const value = text(name)
      if (value === undefined) return undefined
      const known = values.find((candidate) => candidate === value)
      return known ?? fail(`${name}: must be one of ${values.join(', ')}`)
    },
    file(name) {
      const value = fields.get(name)
      return value instanceof Uint8Array ? value : undefined
    },
    need(name) {
      const value = fields.get(name)
      if (value === undefined) fail(`${name}: is required`)
      if (value.length === 0) fail(`${name}: cannot be empty`)
    },
    refuse(names, mode) {
      for (const name of names)
        if (fields.has(name)) fail(`${name}: is not allowed when mode is ${mode}`)
    },
    fail,
    fingerprint,
  }
}

function fail(fault: string): never {
  throw new GatewayError('invalid_request', fault)
}

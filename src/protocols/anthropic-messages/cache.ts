import type { CacheControlEphemeral } from '@anthropic-ai/sdk/resources/messages'
import type { CacheMark } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { cacheTtls } from './vocabulary.ts'

/** The most marks of one request (prompt caching page of the docs). */
const mostMarks = 4

export function decodeCache(reader: Reader): CacheMark | undefined {
  const control = reader.maybeObject('cache_control')
  if (control === undefined) return undefined
  control.oneOf('type', ['ephemeral'])
  return defined({ ttl: control.maybeOneOf('ttl', ['5m', '1h']) })
}

/** As a part's field: `{ cache_control }`, or nothing. */
export function encodeCache(cache: CacheMark | undefined, path: string, lose: Lose): JsonObject {
  if (cache === undefined) return {}
  const { ttl } = cache
  const control: CacheControlEphemeral = { type: 'ephemeral' }
  if (ttl !== undefined) {
    control.ttl = cacheTtls[ttl]
    if (control.ttl !== ttl)
      lose(`${path}.cache`, `a cache life of ${ttl} was mapped to ${control.ttl}`)
  }
  return { cache_control: { ...control } }
}

/** Keeps the last marks, which cover the longest prefixes, when there are more than the vendor takes. */
export function limitMarks(body: JsonObject, lose: Lose): JsonObject {
  const total = ['tools', 'system', 'messages'].reduce((sum, key) => sum + marksIn(body[key]), 0)
  let surplus = total - mostMarks
  if (surplus <= 0) return body
  lose('cache', `only ${mostMarks} cache marks are supported: the first ${surplus} were left out`)

  function trimmed(value: Json): Json {
    if (surplus <= 0) return value
    if (Array.isArray(value)) return value.map(trimmed)
    if (!isObject(value)) return value
    const content = Array.isArray(value['content']) ? { content: trimmed(value['content']) } : {}
    if (value['cache_control'] === undefined || surplus <= 0) return { ...value, ...content }
    surplus--
    const { cache_control: _, ...rest } = value
    return { ...rest, ...content }
  }
  const { tools, system, messages } = body
  return {
    ...body,
    ...defined({ tools: trim(tools), system: trim(system), messages: trim(messages) }),
  }

  function trim(value: Json | undefined): Json | undefined {
    return value === undefined ? undefined : trimmed(value)
  }
}

function marksIn(value: Json | undefined): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + marksIn(item), 0)
  if (!isObject(value)) return 0
  return marksIn(value['content']) + (value['cache_control'] === undefined ? 0 : 1)
}

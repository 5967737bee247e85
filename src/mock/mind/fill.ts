// Makes a value that fits a JSON Schema, out of what a text names where it can.

import { isObject, type Json, type JsonObject } from '#core/json'
import { accepts } from './accepts.ts'
import { factsOf, type Facts } from './facts.ts'
import { isFree, type Filling } from './filling.ts'
import { fillNumber } from './number.ts'
import {
  listOf,
  mapOf,
  merged,
  numberOf,
  resolved,
  stringsOf,
  typesOf,
  type Schema,
} from './schema.ts'
import { spares } from './spare.ts'
import { fillString } from './string.ts'

/** Past it optional things are left out and the shortest branch is taken. */
const deep = 4
/** Past it a schema is taken to have no end. */
const deepest = 40
const attempts = 12
/** How many of the attempts heed the text, which may name what the schema forbids. */
const heeded = 3
const nothing = factsOf('')

/** A value of the schema. Where chance misses (`not`, `oneOf`), it is tried again. */
export function fill(schema: Json | undefined, filling: Filling): Json {
  let value: Json = null
  for (let attempt = 0; attempt < attempts; attempt++) {
    const used = new Set(filling.used)
    const facts = attempt < heeded ? filling.facts : nothing
    value = made(schema, { ...filling, facts, used }, '', attempt < attempts / 2 ? 0 : deep + 1)
    if (accepts(schema, value, filling)) {
      for (const taken of used) filling.used.add(taken)
      return value
    }
  }
  return value
}

function made(schema: Json | undefined, filling: Filling, key: string, depth: number): Json {
  const whole = branched(resolved(schema, filling), filling, depth)
  if (whole.const !== undefined) return whole.const
  const fixed = filling.fixed?.[key]
  if (fixed !== undefined && accepts(whole, fixed, filling)) return fixed
  if (Array.isArray(whole.enum) && whole.enum.length > 0)
    return chosen(whole, whole.enum, key, filling)
  switch (typeOf(whole, depth)) {
    case 'null':
      return null
    case 'boolean': {
      const yes = !/\b(no|not|never|without|don't|false)\b/i.test(filling.facts.text)
      return [yes, !yes].find((value) => isFree(whole, value, filling)) ?? yes
    }
    case 'integer':
      return fillNumber(whole, key, true, filling)
    case 'number':
      return fillNumber(whole, key, false, filling)
    case 'array':
      return fillArray(whole, filling, key, depth)
    case 'object':
      return fillObject(whole, filling, depth)
    default:
      return fillString(whole, key, filling)
  }
}

/** A nullable place is filled while the value may still be deep. */
function typeOf(schema: Schema, depth: number): string {
  const types = typesOf(schema)
  const real = types.find((type) => type !== 'null')
  if (types.includes('null') && (real === undefined || depth > deep)) return 'null'
  return real ?? 'string'
}

/** One branch of `anyOf`, `oneOf` and `if`, folded in. */
function branched(schema: Schema, filling: Filling, depth: number, hops = 0): Schema {
  const { anyOf, oneOf, if: condition, then, else: _, ...rest } = schema
  let whole: Schema = rest
  for (const branches of [anyOf, oneOf]) {
    if (!Array.isArray(branches) || branches.length === 0) continue
    whole = merged(whole, pick(branches, filling, depth))
  }
  if (isObject(condition)) whole = merged(merged(whole, condition), isObject(then) ? then : {})
  const nested = whole.anyOf ?? whole.oneOf ?? whole.$ref ?? whole.allOf
  return nested === undefined || hops > 8
    ? whole
    : branched(resolved(whole, filling), filling, depth, hops + 1)
}

function pick(branches: Json[], filling: Filling, depth: number): Schema {
  const schemas = branches.map((branch) => resolved(branch, filling))
  const ranked =
    depth > deep
      ? schemas.toSorted((one, other) => weight(one) - weight(other))
      : schemas.filter(
          (schema) => !typesOf(schema).every((type) => type === 'null') || isUntyped(schema),
        )
  const likely = ranked.length === 0 ? schemas : ranked
  const named = depth > deep ? undefined : likely.find((schema) => isNamed(schema, filling))
  return named ?? likely[depth > deep ? 0 : filling.roll(likely.length)] ?? {}
}

const isUntyped = (schema: Schema): boolean => typesOf(schema).length === 0

/** Whether a branch holds a constant that the text names: `{ kind: { const: 'email' } }`. */
const isNamed = (schema: Schema, { facts }: Filling): boolean =>
  Object.values(mapOf(schema.properties)).some(
    (part) =>
      isObject(part) && typeof part.const === 'string' && facts.words.has(part.const.toLowerCase()),
  )

/** How far a branch is likely to go on. */
function weight(schema: Schema): number {
  if (schema.const !== undefined || schema.enum !== undefined) return 0
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) return 20
  const [type = 'object'] = typesOf(schema)
  if (type === 'array') return numberOf(schema.minItems) === undefined ? 2 : 10
  if (type !== 'object') return 1
  return 3 + listOf(schema.required).length
}

/** The allowed value the text names, or any. */
function chosen(schema: Schema, allowed: Json[], key: string, filling: Filling): Json {
  const { facts, roll, used } = filling
  const fitting = allowed.filter((value) => isFree(schema, value, filling))
  const values = fitting.length === 0 ? allowed : fitting
  const said = values.filter((value) => isSaid(value, facts))
  const value =
    said.find((one) => !used.has(`${key}=${JSON.stringify(one)}`)) ??
    said[0] ??
    values[roll(values.length)] ??
    null
  used.add(`${key}=${JSON.stringify(value)}`)
  return value
}

/** Whether the text names a value: as a word, or as it is written. */
function isSaid(value: Json | undefined, { words, text }: Facts): boolean {
  if (typeof value !== 'string' || value === '') return false
  const lower = value.toLowerCase()
  return /^[\p{L}\p{N}]+$/u.test(value) ? words.has(lower) : text.toLowerCase().includes(lower)
}

function fillArray(schema: Schema, filling: Filling, key: string, depth: number): Json[] {
  const first = listOf(schema.prefixItems)
  const least = numberOf(schema.minItems) ?? 0
  const most = numberOf(schema.maxItems) ?? Infinity
  const wanted =
    depth > deep ? least : Math.max(least, Math.min(most, Math.max(1, first.length), 3))
  const count = depth > deepest ? 0 : Math.min(most, Math.max(wanted, named(schema, filling, most)))
  const items: Json[] = []
  const seen = new Set<string>()
  for (let attempt = 0; items.length < count && attempt < count * 4 + 8; attempt++) {
    const part =
      first[items.length] ?? (contains(schema, items, count) ? schema.contains : schema.items)
    const taken = schema.uniqueItems === true ? { taken: seen } : {}
    const item = made(part, { ...filling, ...taken }, key, depth + 1)
    const text = JSON.stringify(item)
    if (schema.uniqueItems === true && seen.has(text)) continue
    seen.add(text)
    items.push(item)
  }
  return items
}

/** The last item is the one an array must contain. */
const contains = (schema: Schema, items: Json[], count: number): boolean =>
  schema.contains !== undefined && items.length === count - 1

/** How many items the text names for a list of texts or numbers: all of them are wanted. */
function named(schema: Schema, filling: Filling, most: number): number {
  const { facts } = filling
  const [type] = typesOf(resolved(schema.items, filling))
  if (type === 'number' || type === 'integer') return Math.min(most, facts.numbers.length)
  if (type !== 'string') return 0
  return Math.min(most, Math.max(facts.places.length, facts.quoted.length))
}

function fillObject(schema: Schema, filling: Filling, depth: number): JsonObject {
  const properties = mapOf(schema.properties)
  const required = stringsOf(schema.required)
  const optional = depth > 1 ? [] : Object.keys(properties).filter((key) => !required.includes(key))
  const value: JsonObject = {}
  if (depth > deepest) return value
  const whole = (key: string): Schema => branched(resolved(properties[key], filling), filling, 0)
  const hasSpare = spares(optional.length === 0 ? [] : required.map(whole), filling)
  const isWanted = (key: string): boolean =>
    isMeant(whole(key), key, filling) || hasSpare(whole(key), key)
  const keys = Object.keys(properties).filter(
    (key) => required.includes(key) || (optional.includes(key) && isWanted(key)),
  )
  for (const key of new Set([...keys, ...required])) {
    const part = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    value[key] = made(isObject(part) ? part : {}, filling, key, depth + 1)
  }
  const least = numberOf(schema.minProperties) ?? 0
  const spare = Object.keys(properties).filter((key) => !Object.hasOwn(value, key))
  for (let extra = 0; Object.keys(value).length < least && extra < 64; extra++) {
    const key = spare.shift() ?? `key${extra + 1}`
    value[key] = made(properties[key] ?? schema.additionalProperties ?? {}, filling, key, depth + 1)
  }
  return value
}

/** Whether the text speaks of an optional property. */
function isMeant(part: Schema, key: string, filling: Filling): boolean {
  const { facts } = filling
  if (Array.isArray(part.enum)) return part.enum.some((value) => isSaid(value, facts))
  if (filling.fixed?.[key] !== undefined) return true
  return key
    .split(/[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])/)
    .some((word) => word.length > 2 && facts.words.has(word.toLowerCase()))
}

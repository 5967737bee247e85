// What a JSON Schema means: references, merged branches, and whether a value fits.

import { isObject, type Json, type JsonObject } from '#core/json'

/** A schema with its branches folded in: what is left are plain keywords, `anyOf` among them. */
export type Schema = JsonObject

/** A schema and the document its references point into. */
export interface Scope {
  root: Schema
}

/** The schema a value of this place must fit, references followed and `allOf` folded. */
export function resolved(schema: Json | undefined, scope: Scope, hops = 0): Schema {
  if (!isObject(schema)) return schema === false ? { not: {} } : {}
  const { $ref, allOf, ...rest } = schema
  let whole: Schema = rest
  if (typeof $ref === 'string' && hops < 16)
    whole = merged(resolved(pointed(scope.root, $ref), scope, hops + 1), whole)
  if (Array.isArray(allOf))
    for (const part of allOf) whole = merged(whole, resolved(part, scope, hops + 1))
  return whole
}

/** Both at once, as far as keywords can be joined. */
export function merged(one: Schema, other: Schema): Schema {
  const joined: Schema = { ...one, ...other }
  for (const [key, join] of Object.entries(joins)) {
    const left = one[key]
    const right = other[key]
    if (left !== undefined && right !== undefined) joined[key] = join(left, right)
  }
  return joined
}

const most = (left: Json, right: Json): Json => Math.max(Number(left), Number(right))
const least = (left: Json, right: Json): Json => Math.min(Number(left), Number(right))

function together(left: Json, right: Json): Json {
  if (Array.isArray(left) && Array.isArray(right)) return [...new Set([...left, ...right])]
  return isObject(left) && isObject(right) ? merged(left, right) : right
}

function shared(left: Json, right: Json): Json {
  const lefts = Array.isArray(left) ? left : [left]
  const rights = Array.isArray(right) ? right : [right]
  return lefts.filter((value) => rights.some((other) => same(value, other)))
}

const joins: { [keyword: string]: (left: Json, right: Json) => Json } = {
  properties: (left, right) => {
    if (!isObject(left) || !isObject(right)) return right
    const all: JsonObject = { ...left, ...right }
    for (const key of Object.keys(left))
      if (right[key] !== undefined && left[key] !== undefined)
        all[key] = { allOf: [left[key], right[key]] }
    return all
  },
  required: together,
  additionalProperties: (left, right) => (left === false || right === false ? false : right),
  items: together,
  $defs: together,
  definitions: together,
  enum: shared,
  type: shared,
  minimum: most,
  minLength: most,
  minItems: most,
  minProperties: most,
  maximum: least,
  maxLength: least,
  maxItems: least,
  maxProperties: least,
}

/** What a reference within the document points to. */
export function pointed(root: Schema, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined
  let place: Json | undefined = root
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(place)) place = place[Number(key)]
    else place = isObject(place) ? place[key] : undefined
  }
  return place
}

export const same = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** The types a schema allows; Gemini writes them in capitals and has `nullable`. */
export function typesOf(schema: Schema): string[] {
  const given = Array.isArray(schema.type) ? schema.type : [schema.type]
  const types = given.flatMap((type) => (typeof type === 'string' ? [type.toLowerCase()] : []))
  if (types.length === 0) types.push(...implied(schema))
  return schema.nullable === true ? [...types, 'null'] : types
}

function implied(schema: Schema): string[] {
  for (const [type, keywords] of Object.entries(signs))
    if (keywords.some((keyword) => schema[keyword] !== undefined)) return [type]
  return []
}

const signs: { [type: string]: readonly string[] } = {
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'patternProperties'],
  array: ['items', 'prefixItems', 'minItems', 'contains'],
  string: ['pattern', 'format', 'minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
}

export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

export const mapOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

export const stringsOf = (value: Json | undefined): string[] =>
  listOf(value).flatMap((item) => (typeof item === 'string' ? [item] : []))

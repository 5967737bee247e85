// Whether a value fits a schema: the keywords that models are asked for.

import { isObject, type Json, type JsonObject } from '#core/json'
import {
  listOf,
  stringsOf,
  mapOf,
  numberOf,
  pointed,
  same,
  typesOf,
  type Schema,
  type Scope,
} from './schema.ts'

/** True when the value fits; keywords nobody asks models for are taken as met. */
export function accepts(schema: Json | undefined, value: Json, scope: Scope, depth = 0): boolean {
  if (depth > 64) return true
  if (!isObject(schema)) return schema !== false
  const whole = schema
  const inner = (part: Json | undefined): boolean => accepts(part, value, scope, depth + 1)
  if (typeof whole.$ref === 'string' && !inner(pointed(scope.root, whole.$ref))) return false
  if (Array.isArray(whole.allOf) && !whole.allOf.every(inner)) return false
  if (whole.const !== undefined && !same(whole.const, value)) return false
  if (Array.isArray(whole.enum) && !whole.enum.some((allowed) => same(allowed, value))) return false
  if (Array.isArray(whole.anyOf) && !whole.anyOf.some(inner)) return false
  if (Array.isArray(whole.oneOf) && whole.oneOf.filter(inner).length !== 1) return false
  if (whole.not !== undefined && inner(whole.not)) return false
  if (whole.if !== undefined && !inner((inner(whole.if) ? whole.then : whole.else) ?? true))
    return false
  return typeFits(whole, value) && contentFits(whole, value, scope, depth)
}

function typeFits(schema: Schema, value: Json): boolean {
  if (schema.type === undefined) return true
  return typesOf(schema).some((type) => isOfType[type]?.(value) === true)
}

const isOfType: { [type: string]: ((value: Json) => boolean) | undefined } = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: isObject,
}

function contentFits(schema: Schema, value: Json, scope: Scope, depth: number): boolean {
  if (typeof value === 'string') return stringFits(schema, value)
  if (typeof value === 'number') return numberFits(schema, value)
  if (Array.isArray(value)) return arrayFits(schema, value, scope, depth)
  return !isObject(value) || objectFits(schema, value, scope, depth)
}

function stringFits(schema: Schema, value: string): boolean {
  const { length } = Array.from(value)
  return (
    within(length, schema.minLength, schema.maxLength) &&
    (typeof schema.pattern !== 'string' || patternOf(schema.pattern)?.test(value) !== false)
  )
}

function patternOf(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}

const within = (size: number, least: Json | undefined, most: Json | undefined): boolean =>
  size >= (numberOf(least) ?? 0) && size <= (numberOf(most) ?? Infinity)

function numberFits(schema: Schema, value: number): boolean {
  const [least, most] = [numberOf(schema.minimum), numberOf(schema.maximum)]
  const above = schema.exclusiveMinimum === true ? least : numberOf(schema.exclusiveMinimum)
  const below = schema.exclusiveMaximum === true ? most : numberOf(schema.exclusiveMaximum)
  const step = numberOf(schema.multipleOf)
  return (
    value >= (least ?? -Infinity) &&
    value <= (most ?? Infinity) &&
    value > (above ?? -Infinity) &&
    value < (below ?? Infinity) &&
    (step === undefined || Number.isInteger(value / step))
  )
}

function arrayFits(schema: Schema, value: Json[], scope: Scope, depth: number): boolean {
  const first = listOf(schema.prefixItems)
  const rest = schema.items
  const fits = (part: Json | undefined) => (item: Json) => accepts(part, item, scope, depth + 1)
  return (
    within(value.length, schema.minItems, schema.maxItems) &&
    first.every((part, index) => {
      const item = value[index]
      return item === undefined || fits(part)(item)
    }) &&
    (rest === undefined || value.slice(first.length).every(fits(rest))) &&
    (schema.contains === undefined || value.some(fits(schema.contains))) &&
    (schema.uniqueItems !== true ||
      new Set(value.map((item) => JSON.stringify(item))).size === value.length)
  )
}

function objectFits(schema: Schema, value: JsonObject, scope: Scope, depth: number): boolean {
  const properties = mapOf(schema.properties)
  const patterns = Object.entries(mapOf(schema.patternProperties))
  const keys = Object.keys(value)
  return (
    within(keys.length, schema.minProperties, schema.maxProperties) &&
    stringsOf(schema.required).every((key) => keys.includes(key)) &&
    keys.every((key) => {
      const item = value[key] ?? null
      const parts = patterns.flatMap(([pattern, part]) =>
        patternOf(pattern)?.test(key) === true ? [part] : [],
      )
      if (Object.hasOwn(properties, key)) parts.push(properties[key])
      if (parts.length === 0) parts.push(schema.additionalProperties ?? true)
      return parts.every((part) => accepts(part, item, scope, depth + 1))
    })
  )
}

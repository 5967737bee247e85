// Schemas in the two forms the API takes: JSON Schema, and the subset of OpenAPI 3.0 it began with
// (`Schema` in @google/genai: upper-case types, no references, no composition but `anyOf`).

import type { JsonSchema } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'

/**
 * Any JSON Schema as the OpenAPI subset. References are put in place of their names; one that leads
 * back into itself becomes a bare type. What the subset cannot say is left out, so it never gets
 * stricter. Lowering a lowered schema changes nothing.
 */
export const lowerSchema = (schema: JsonSchema): JsonObject => lower(schema, schema, [])

/** Keywords that mean the same in both, as they are. */
const sharedKeywords = [
  'title',
  'description',
  'default',
  'example',
  'pattern',
  'minimum',
  'maximum',
  'required',
  'propertyOrdering',
  'nullable',
]
/** 64-bit integers, which this API writes as text. */
const longKeywords = [
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]
/** The formats the API knows; it refuses others. */
const formats = ['enum', 'date-time', 'int32', 'int64', 'float', 'double']

function lower(value: Json, root: JsonSchema, path: readonly string[]): JsonObject {
  if (!isObject(value)) return {}
  const reference = value['$ref']
  if (typeof reference === 'string') return lowerReference(value, reference, root, path)
  const schema = withoutAllOf(value, root, path)
  const made: JsonObject = {}
  for (const key of sharedKeywords) if (schema[key] !== undefined) made[key] = schema[key]
  for (const key of longKeywords) {
    const length = schema[key]
    if (typeof length === 'number' || typeof length === 'string') made[key] = String(length)
  }
  const { format } = schema
  if (typeof format === 'string' && formats.includes(format)) made['format'] = format
  lowerBounds(schema, made)
  lowerType(schema, made, root, path)
  lowerValues(schema, made)
  lowerChildren(schema, made, root, path)
  return made
}

function lowerReference(
  schema: JsonObject,
  reference: string,
  root: JsonSchema,
  path: readonly string[],
): JsonObject {
  const target = pointed(root, reference)
  if (path.includes(reference) || target === undefined)
    return lower({ type: bareType(target), ...described(schema) }, root, path)
  return { ...lower(target, root, [...path, reference]), ...described(schema) }
}

const described = (schema: JsonObject): JsonObject =>
  typeof schema['description'] === 'string' ? { description: schema['description'] } : {}

const bareType = (target: Json | undefined): string =>
  isObject(target) && typeof target['type'] === 'string' ? target['type'].toUpperCase() : 'OBJECT'

/** What a JSON pointer (`#/$defs/node`) names. */
function pointed(root: JsonSchema, reference: string): Json | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined
  let value: Json | undefined = root
  for (const step of reference.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    value = isObject(value) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined
  }
  return value
}

/** `allOf` merged into its owner: properties and requirements add up, other keywords override. */
function withoutAllOf(schema: JsonObject, root: JsonSchema, path: readonly string[]): JsonObject {
  const { allOf, ...own } = schema
  if (!Array.isArray(allOf)) return schema
  return [...allOf.map((part) => lower(part, root, path)), own].reduce<JsonObject>(merged, {})
}

function merged(left: JsonObject, right: JsonObject): JsonObject {
  const both: JsonObject = { ...left, ...right }
  if (isObject(left['properties']) && isObject(right['properties']))
    both['properties'] = { ...left['properties'], ...right['properties'] }
  if (Array.isArray(left['required']) && Array.isArray(right['required']))
    both['required'] = [...new Set([...left['required'], ...right['required']])]
  return both
}

function lowerBounds(schema: JsonObject, made: JsonObject): void {
  const step = schema['type'] === 'integer' ? 1 : 0
  const { exclusiveMinimum, exclusiveMaximum } = schema
  if (typeof exclusiveMinimum === 'number') made['minimum'] ??= exclusiveMinimum + step
  if (typeof exclusiveMaximum === 'number') made['maximum'] ??= exclusiveMaximum - step
}

const typesOf = (schema: JsonObject): string[] => {
  const { type } = schema
  const types = Array.isArray(type) ? type : [type]
  return types.filter((one) => typeof one === 'string').map((one) => one.toUpperCase())
}

function lowerType(
  schema: JsonObject,
  made: JsonObject,
  root: JsonSchema,
  path: readonly string[],
): void {
  const types = typesOf(schema)
  const others = types.filter((type) => type !== 'NULL')
  if (others.length < types.length) made['nullable'] = true
  const [only] = others
  if (others.length > 1)
    made['anyOf'] = others.map((type) => lower({ ...withoutShape(schema), type }, root, path))
  else if (only !== undefined) made['type'] = only
  else if (isObject(schema['properties'])) made['type'] = 'OBJECT'
  else if (schema['items'] !== undefined || schema['prefixItems'] !== undefined)
    made['type'] = 'ARRAY'
}

/** A schema of several types is one schema for each; what describes the whole stays outside. */
function withoutShape(schema: JsonObject): JsonObject {
  const { anyOf: _, oneOf: __, description: ___, title: ____, default: _____, ...rest } = schema
  return rest
}

/** Only texts can be enumerated; other constants keep their type and are named in the description. */
function lowerValues(schema: JsonObject, made: JsonObject): void {
  const constant = schema['const']
  const values = constant === undefined ? schema['enum'] : [constant]
  if (!Array.isArray(values)) return
  const present = values.filter((value) => value !== null)
  if (present.length < values.length) made['nullable'] = true
  const texts = present.filter((value) => typeof value === 'string')
  const [first] = present
  if (first === undefined) return
  if (texts.length === present.length) {
    made['type'] ??= 'STRING'
    made['enum'] = texts
    return
  }
  made['type'] ??= typeof first === 'boolean' ? 'BOOLEAN' : 'NUMBER'
  const allowed = `One of ${present.map((value) => JSON.stringify(value)).join(', ')}`
  const said = made['description']
  made['description'] = typeof said === 'string' ? `${said} (${allowed})` : allowed
}

function lowerChildren(
  schema: JsonObject,
  made: JsonObject,
  root: JsonSchema,
  path: readonly string[],
): void {
  const { properties, items, prefixItems } = schema
  if (isObject(properties))
    made['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, lower(child ?? {}, root, path)]),
    )
  const tuple = prefixItems ?? items
  if (Array.isArray(tuple) && tuple.length > 0)
    made['items'] = { anyOf: tuple.map((item) => lower(item, root, path)) }
  else if (isObject(items)) made['items'] = lower(items, root, path)
  else if (made['type'] === 'ARRAY') made['items'] = { type: 'STRING' }
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) lowerChoices(choices, made, root, path)
}

function lowerChoices(
  choices: Json[],
  made: JsonObject,
  root: JsonSchema,
  path: readonly string[],
): void {
  const present = choices.filter((choice) => !isObject(choice) || typesOf(choice).join() !== 'NULL')
  if (present.length < choices.length) made['nullable'] = true
  const lowered = present.map((choice) => lower(choice, root, path))
  const [only] = lowered
  if (lowered.length === 1 && only !== undefined) Object.assign(made, { ...only, ...made })
  else made['anyOf'] = lowered
}

/** A schema of the OpenAPI subset as JSON Schema. */
export function raiseSchema(schema: JsonObject): JsonSchema {
  const made: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) raiseKeyword(key, value, made)
  return schema['nullable'] === true ? orNull(made) : made
}

function raiseKeyword(key: string, value: Json | undefined, made: JsonObject): void {
  if (key === 'type') {
    if (typeof value === 'string' && value !== 'TYPE_UNSPECIFIED')
      made['type'] = value.toLowerCase()
  } else if (longKeywords.includes(key)) made[key] = Number(value)
  else if (key === 'items' && isObject(value)) made['items'] = raiseSchema(value)
  else if (key === 'anyOf' && Array.isArray(value))
    made['anyOf'] = value.map((choice) => (isObject(choice) ? raiseSchema(choice) : choice))
  else if (key === 'properties' && isObject(value))
    made['properties'] = Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        name,
        isObject(child) ? raiseSchema(child) : child,
      ]),
    )
  else if (key === 'example') made['examples'] = value === undefined ? [] : [value]
  else if (key !== 'nullable' && key !== 'propertyOrdering') made[key] = value
}

function orNull(schema: JsonObject): JsonSchema {
  const { type, anyOf } = schema
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] }
  return Array.isArray(anyOf) ? { ...schema, anyOf: [...anyOf, { type: 'null' }] } : schema
}

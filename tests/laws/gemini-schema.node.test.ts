import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '#core/json'
import { lowerSchema, raiseSchema } from '../../src/protocols/gemini/schema.ts'

const leaf: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  { type: 'string', format: 'email', minLength: 2 },
  { type: ['integer', 'null'], exclusiveMinimum: 0 },
  { enum: ['a', 'b', null] },
  { const: 3 },
  { type: 'boolean', description: 'yes or no' },
  { $ref: '#/$defs/node' },
  { $ref: '#' },
  { type: 'array' },
  {},
)
const schema = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ type: fc.constant('array'), items: tie('schema'), maxItems: fc.constant(5) }),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
    fc
      .dictionary(fc.constantFrom('a', 'b'), tie('schema'), { noNullPrototype: true })
      .map((properties) => ({ type: 'object', properties, additionalProperties: false })),
  ),
})).schema
const rooted = schema.map((root) => ({
  ...root,
  $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
}))

/** The keywords of `Schema` in @google/genai 3.3. */
const known = new Set(
  'anyOf default description enum example format items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum nullable pattern properties propertyOrdering required title type'.split(
    ' ',
  ),
)

function unknownKeys(value: unknown, isSchema: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unknownKeys(item, isSchema))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(isSchema && !known.has(key) ? [key] : []),
    ...(key === 'properties' ? unknownKeys(inner, false) : []),
    ...(['items', 'anyOf'].includes(key) || !isSchema ? unknownKeys(inner, true) : []),
  ])
}

describe('lowering a schema', () => {
  it('leaves only what the subset has, and is the same when done again', () => {
    fc.assert(
      fc.property(rooted, (root) => {
        const before = JSON.stringify(root)
        const lowered = lowerSchema(root)
        expect(unknownKeys(lowered, true)).toEqual([])
        expect(lowerSchema(lowered)).toEqual(lowered)
        expect(JSON.stringify(root)).toBe(before)
      }),
    )
  })

  it('never refuses what the schema allows', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const root: JsonObject = {
      type: 'object',
      allOf: [{ $ref: '#/$defs/named' }, { properties: { age: { type: ['integer', 'null'] } } }],
      properties: {
        kind: { const: 'tree' },
        child: { $ref: '#' },
        size: { oneOf: [{ type: 'number' }, { type: 'null' }] },
      },
      required: ['kind'],
      $defs: {
        named: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    }
    const allowed = {
      kind: 'tree',
      name: 'oak',
      age: null,
      size: null,
      child: { kind: 'tree', name: 'acorn' },
    }
    expect(ajv.validate(root, allowed)).toBe(true)
    expect(ajv.validate(raiseSchema(lowerSchema(root)), allowed)).toBe(true)
    expect(ajv.validate(raiseSchema(lowerSchema(root)), { name: 1 })).toBe(false)
  })

  it('puts definitions in place, and cuts those that lead back into themselves', () => {
    expect(
      lowerSchema({
        $ref: '#/$defs/node',
        $defs: {
          node: {
            type: 'object',
            properties: { value: { type: 'string' }, next: { $ref: '#/$defs/node' } },
            required: ['value'],
            additionalProperties: false,
          },
        },
      }),
    ).toEqual({
      type: 'OBJECT',
      properties: { value: { type: 'STRING' }, next: { type: 'OBJECT' } },
      required: ['value'],
    })
  })

  it('says null, constants and choices in the subset\u2019s words', () => {
    expect(
      lowerSchema({
        type: 'object',
        properties: {
          maybe: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          either: { type: ['string', 'integer'] },
          kind: { const: 'circle' },
          level: { enum: [1, 2] },
          at: { type: 'string', format: 'date-time', minLength: 3 },
        },
      }),
    ).toEqual({
      type: 'OBJECT',
      properties: {
        maybe: { type: 'STRING', nullable: true },
        either: { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] },
        kind: { type: 'STRING', enum: ['circle'] },
        level: { type: 'NUMBER', description: 'One of 1, 2' },
        at: { type: 'STRING', format: 'date-time', minLength: '3' },
      },
    })
  })
})

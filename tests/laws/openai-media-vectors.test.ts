import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defined, parseJson } from '#core/json'
import type { EmbeddingRequest, ModerationRequest } from '#core/media'
import {
  decodeEmbeddingReply,
  decodeEmbeddingRequest,
  encodeEmbeddingReply,
  encodeEmbeddingRequest,
} from '#protocols/openai-embeddings'
import {
  decodeModerationReply,
  decodeModerationRequest,
  encodeModerationReply,
  encodeModerationRequest,
  moderationCategories,
} from '#protocols/openai-moderations'
import documented from '../wire/openai-media/documented.json' with { type: 'json' }

const across = (value: unknown): unknown => parseJson(JSON.stringify(value))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const text = fc.string({ minLength: 1 })
const tokens = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 4 })

const embedding = fc
  .record({
    model: text,
    inputs: fc.array(fc.oneof(text, tokens), { minLength: 1, maxLength: 4 }),
    optional: fc.record({
      dimensions: maybe(fc.integer({ min: 1, max: 3072 })),
      user: maybe(text),
    }),
    fields: fc.constantFrom({}, { priority: 1 }),
  })
  .map(({ model, inputs, optional, fields }): EmbeddingRequest => ({
    model,
    inputs,
    ...defined(optional),
    extra: { protocol: 'openai-embeddings', fields },
  }))

describe('a request for embeddings', () => {
  it('survives JSON and asks for base64', () =>
    fc.assert(
      fc.property(embedding, (request) => {
        const order = decodeEmbeddingRequest(across(encodeEmbeddingRequest(request, request.model)))
        expect(order).toEqual({ request, encoding: 'base64', strict: false })
      }),
    ))

  it('may be one text or one list of tokens', () => {
    const inputs = (input: unknown) => decodeEmbeddingRequest({ model: 'm', input }).request.inputs
    expect(inputs('a')).toEqual(['a'])
    expect(inputs([1, 2])).toEqual([[1, 2]])
    expect(inputs(['a', 'b'])).toEqual(['a', 'b'])
    expect(decodeEmbeddingRequest({ model: 'm', input: 'a' }).encoding).toBe('float')
  })

  it('is refused by the name of the field', () => {
    for (const [body, param] of [
      [{ input: 'a' }, 'model'],
      [{ model: 'm' }, 'input'],
      [{ model: 'm', input: '' }, 'input'],
      [{ model: 'm', input: [] }, 'input'],
      [{ model: 'm', input: ['a', ''] }, 'input[1]'],
      [{ model: 'm', input: [[1], []] }, 'input[1]'],
      [{ model: 'm', input: [1, -1] }, 'input[0]'],
      [{ model: 'm', input: 'a', dimensions: 0 }, 'dimensions'],
      [{ model: 'm', input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    ] as const)
      expect(() => decodeEmbeddingRequest(body), JSON.stringify(body)).toThrow(
        expect.objectContaining({ kind: 'invalid_request', details: { param } }),
      )
  })
})

describe('embeddings', () => {
  const vector = fc.array(
    fc.float({ noNaN: true }).map((value) => value + 0),
    { minLength: 1 },
  )
  it('are the same as numbers and as base64', () =>
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 4 }), (vectors) => {
        const result = { vectors, model: 'm', usage: { inputTokens: 8 } }
        for (const encoding of ['float', 'base64'] as const) {
          const finite = encoding === 'base64' || vectors.flat().every(Number.isFinite)
          if (!finite) continue
          const read = decodeEmbeddingReply(across(encodeEmbeddingReply(result, encoding)))
          expect(read.vectors.map((each) => [...each])).toEqual(vectors)
          expect(read).toMatchObject({ model: 'm', usage: { inputTokens: 8 } })
        }
      }),
    ))

  it('are little-endian 32-bit floats in base64', () => {
    const result = { vectors: [[1, -2]], model: 'm', usage: {} }
    expect(encodeEmbeddingReply(result, 'base64')).toMatchObject({
      data: [{ object: 'embedding', index: 0, embedding: 'AACAPwAAAMA=' }],
    })
  })

  it('come in the order of their inputs', () => {
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ]
    expect(decodeEmbeddingReply({ data }).vectors).toEqual([[1], [2]])
  })

  it('fail as what they carry when they carry an error, and as garbage otherwise', () => {
    const error = { message: 'no', type: 'x', code: 'context_length_exceeded', param: null }
    expect(() => decodeEmbeddingReply({ error })).toThrow(
      expect.objectContaining({ kind: 'context_length' }),
    )
    for (const wire of [undefined, {}, { data: [] }, { data: [{ embedding: null }] }])
      expect(() => decodeEmbeddingReply(wire)).toThrow(
        expect.objectContaining({ kind: 'upstream' }),
      )
  })
})

const part = fc.oneof(
  text.map((value) => ({ type: 'text' as const, text: value })),
  fc.constant({ type: 'image' as const, url: 'https://example.com/a.png' }),
)
const moderation = fc
  .oneof(
    fc.record({ inputs: fc.array(part, { minLength: 1 }), together: fc.constant(true) }),
    fc.record({
      inputs: fc
        .array(text, { minLength: 1 })
        .map((texts) => texts.map((value) => ({ type: 'text' as const, text: value }))),
      together: fc.constant(false),
    }),
  )
  .map((input): ModerationRequest => ({
    model: 'omni-moderation-latest',
    ...input,
    extra: { protocol: 'openai-moderations', fields: {} },
  }))

describe('a request for moderation', () => {
  it('survives JSON', () =>
    fc.assert(
      fc.property(moderation, (request) => {
        const wire = across(encodeModerationRequest(request, request.model))
        expect(decodeModerationRequest(wire)).toEqual({ request, strict: false })
      }),
    ))

  it('is refused by the name of the field', () => {
    for (const [body, param] of [
      [{ model: 'm' }, 'input'],
      [{ model: 'm', input: [] }, 'input'],
      [{ model: 'm', input: ['a', 1] }, 'input[0]'],
      [{ model: 'm', input: [{ type: 'audio' }] }, 'input[0].type'],
      [{ model: 'm', input: [{ type: 'image_url', image_url: {} }] }, 'input[0].image_url.url'],
      [{ input: 'a' }, 'model'],
    ] as const)
      expect(() => decodeModerationRequest(body), JSON.stringify(body)).toThrow(
        expect.objectContaining({ kind: 'invalid_request', details: { param } }),
      )
    expect(decodeModerationRequest({ input: 'a' }, 'fallback').request.model).toBe('fallback')
  })
})

describe('a moderation', () => {
  it('is written again as the reference shows it', () => {
    expect(encodeModerationReply(decodeModerationReply(documented.moderation))).toEqual(
      documented.moderation,
    )
  })

  it('has every category, also of models that judge fewer', () => {
    const old = { results: [{ flagged: false, categories: { hate: false, illicit: null } }] }
    const wire = encodeModerationReply(decodeModerationReply(old))
    const names = Object.keys(moderationCategories)
    expect(names).toHaveLength(13)
    expect(wire).toMatchObject({
      results: [{ categories: Object.fromEntries(names.map((name) => [name, false])) }],
    })
  })
})

// The OpenAI embeddings protocol (`/v1/embeddings`), in three directions.

import { fromBase64, toBase64 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { EmbeddingRequest, EmbeddingResult } from '#core/media'
import { Reader } from '#core/reader'
import { failureInside, numberIn, withoutNulls } from './openai-media.ts'

/** The id under which fields of this protocol travel in `extra`. */
export const embeddingProtocol = 'openai-embeddings'

export interface EmbeddingOrder {
  request: EmbeddingRequest
  /** `encoding_format`: numbers, or base64 of little-endian 32-bit floats. */
  encoding: 'float' | 'base64'
  /** Refuse instead of approximating. */
  strict: boolean
}

/** @throws GatewayError `invalid_request` naming the field. */
export function decodeEmbeddingRequest(body: unknown): EmbeddingOrder {
  const reader = Reader.of(body)
  const encoding = reader.maybeOneOf('encoding_format', ['float', 'base64']) ?? 'float'
  const strict = reader.maybeBoolean('strict') ?? false
  const request: EmbeddingRequest = {
    model: reader.string('model'),
    inputs: decodeInputs(reader),
    ...defined({
      dimensions: reader.maybeInteger('dimensions', 1),
      user: reader.maybeString('user'),
    }),
    extra: { protocol: embeddingProtocol, fields: {} },
  }
  request.extra.fields = withoutNulls(reader.rest)
  return { request, encoding, strict }
}

function decodeInputs(reader: Reader): (string | number[])[] {
  const input = reader.json('input')
  if (typeof input === 'string') {
    if (input === '') reader.fail('input', 'a text that is not empty')
    return [input]
  }
  if (!Array.isArray(input) || input.length === 0)
    reader.fail('input', 'a text, a list of texts, tokens, or a list of tokens')
  if (input.every(isToken)) return [input]
  return input.map((item, index) => {
    const isFull = typeof item === 'string' ? item !== '' : isTokens(item)
    if (isFull && (typeof item === 'string' || isTokens(item))) return item
    const path = `input[${index}]`
    throw new GatewayError('invalid_request', `${path} must be a text or tokens, not empty`, {
      param: path,
    })
  })
}

const isToken = (value: Json): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
const isTokens = (value: Json): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isToken)

/** Asks for base64, a quarter of the size of the numbers. */
export function encodeEmbeddingRequest(request: EmbeddingRequest, model: string): JsonObject {
  const { extra } = request
  return defined({
    model,
    input: request.inputs,
    dimensions: request.dimensions,
    encoding_format: 'base64',
    user: request.user,
    ...(extra.protocol === embeddingProtocol ? extra.fields : {}),
  })
}

/**
 * Reads both encodings, in the order of the inputs.
 * @throws GatewayError `upstream` for a body that holds no vectors; the error's own kind when it carries an error.
 */
export function decodeEmbeddingReply(wire: unknown): EmbeddingResult {
  if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent no embeddings')
  const failure = failureInside(wire)
  if (failure !== undefined) throw failure
  const data = Array.isArray(wire['data']) ? wire['data'] : []
  if (data.length === 0) throw new GatewayError('upstream', 'The provider sent no embeddings')
  const placed = data.map((item, place) => {
    if (!isObject(item)) throw new GatewayError('upstream', 'The provider sent a garbled embedding')
    return { index: numberIn(item['index']) ?? place, vector: decodeVector(item['embedding']) }
  })
  placed.sort((left, right) => left.index - right.index)
  const usage = isObject(wire['usage']) ? wire['usage'] : {}
  return {
    vectors: placed.map(({ vector }) => vector),
    model: typeof wire['model'] === 'string' ? wire['model'] : '',
    usage: defined({ inputTokens: numberIn(usage['prompt_tokens']) }),
  }
}

const isNumber = (value: Json): value is number => typeof value === 'number'

function decodeVector(value: Json | undefined): number[] | Float32Array {
  if (typeof value === 'string') return decodeFloats(fromBase64(value))
  if (Array.isArray(value) && value.every(isNumber)) return value
  throw new GatewayError('upstream', 'The provider sent a garbled embedding')
}

function decodeFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getFloat32(index * 4, true),
  )
}

function encodeFloats(vector: number[] | Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4)
  const view = new DataView(bytes.buffer)
  vector.forEach((value, index) => view.setFloat32(index * 4, value, true))
  return bytes
}

export function encodeEmbeddingReply(
  result: EmbeddingResult,
  encoding: EmbeddingOrder['encoding'],
): JsonObject {
  const tokens = result.usage.inputTokens ?? 0
  return {
    object: 'list',
    data: result.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'base64' ? toBase64(encodeFloats(vector)) : [...vector],
    })),
    model: result.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

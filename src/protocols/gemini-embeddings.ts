// Gemini's `:embedContent` and `:batchEmbedContents` (@google/genai 3.3, `EmbedContentParameters`).

import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { EmbeddingRequest, EmbeddingResult } from '#core/media'
import { Reader } from '#core/reader'

/** The id under which requests of this protocol travel in `extra`. */
export const geminiEmbeddingProtocol = 'gemini-embeddings'

interface Item {
  /** `undefined` when the content is more than text. */
  text: string | undefined
  task: string | undefined
  title: string | undefined
  dimensions: number | undefined
  hasMore: boolean
}

/**
 * Reads one request or a batch. What the common request cannot say (media, settings that differ
 * between the items) stays as it came in `extra.fields.requests`, for targets that speak this protocol.
 * @throws GatewayError `invalid_request` naming the field.
 */
export function decodeGeminiEmbeddings(
  body: unknown,
  model: string,
  batch: boolean,
): EmbeddingRequest {
  const reader = Reader.of(body)
  const raw: Json[] = batch
    ? (reader.maybeValues('requests') ?? reader.fail('requests', 'an array'))
    : [rawOf(body)]
  const items = batch ? reader.list('requests', decodeItem) : [decodeItem(reader)]
  const [first] = items
  if (first === undefined) return reader.fail('requests', 'an array that is not empty')
  const plain = items.every((item) => isLike(item, first))
  return {
    model,
    inputs: items.map(({ text }) => text ?? ''),
    ...defined({ dimensions: first.dimensions, task: first.task, title: first.title }),
    extra: { protocol: geminiEmbeddingProtocol, fields: plain ? {} : { requests: raw } },
  }
}

const rawOf = (body: unknown): JsonObject => (isObject(body) ? body : {})

const isLike = (item: Item, first: Item): boolean =>
  item.text !== undefined &&
  !item.hasMore &&
  item.task === first.task &&
  item.title === first.title &&
  item.dimensions === first.dimensions

function decodeItem(reader: Reader): Item {
  reader.skip('model')
  const texts = contentTexts(reader)
  const config = reader.maybeObject('embedContentConfig') ?? reader
  const item = {
    text: texts.every((text) => text !== undefined) ? texts.join('\n') : undefined,
    task: config.maybeString('taskType') ?? config.maybeString('task_type'),
    title: config.maybeString('title'),
    dimensions:
      config.maybeInteger('outputDimensionality', 1) ??
      config.maybeInteger('output_dimensionality', 1),
  }
  return { ...item, hasMore: reader.unread.length > 0 }
}

function contentTexts(reader: Reader): (string | undefined)[] {
  const content = reader.object('content')
  content.skip('role')
  const texts = content.list('parts', (part) => part.maybeString('text'))
  if (texts.length === 0) content.fail('parts', 'an array that is not empty')
  return texts
}

/** The batch request for a vendor of this protocol. @throws GatewayError `unsupported` for token lists. */
export function encodeGeminiEmbeddings(request: EmbeddingRequest, model: string): JsonObject {
  const { protocol, fields } = request.extra
  const raw = protocol === geminiEmbeddingProtocol ? fields['requests'] : undefined
  if (Array.isArray(raw))
    return {
      requests: raw.map((item) => (isObject(item) ? { ...item, model: `models/${model}` } : item)),
    }
  return {
    requests: request.inputs.map((input) => {
      if (typeof input !== 'string')
        throw new GatewayError('unsupported', `${model} takes texts, not lists of tokens`, {
          param: 'input',
        })
      return defined({
        model: `models/${model}`,
        content: { parts: [{ text: input }] },
        taskType: request.task,
        title: request.title,
        outputDimensionality: request.dimensions,
      })
    }),
  }
}

/** @throws GatewayError `upstream` for a body that holds no vectors. */
export function decodeGeminiVectors(body: unknown, model: string): EmbeddingResult {
  const embeddings = isObject(body) ? body['embeddings'] : undefined
  if (!isObject(body) || !Array.isArray(embeddings))
    throw new GatewayError('upstream', 'The provider sent no embeddings')
  const usage = body['usageMetadata']
  const tokens = isObject(usage) ? usage['promptTokenCount'] : undefined
  return {
    model,
    vectors: embeddings.map((embedding) =>
      numbersOf(isObject(embedding) ? embedding['values'] : undefined),
    ),
    usage: typeof tokens === 'number' ? { inputTokens: tokens } : {},
  }
}

function numbersOf(values: Json | undefined): number[] {
  if (!Array.isArray(values))
    throw new GatewayError('upstream', 'The provider sent an embedding without values')
  return values.map((value) => {
    if (typeof value !== 'number')
      throw new GatewayError('upstream', 'The provider sent a vector that is not of numbers')
    return value
  })
}

export function encodeGeminiVectors(result: EmbeddingResult, batch: boolean): JsonObject {
  const embeddings = result.vectors.map((vector) => ({ values: [...vector] }))
  const { inputTokens } = result.usage
  const usage =
    inputTokens === undefined ? {} : { usageMetadata: { promptTokenCount: inputTokens } }
  const [first] = embeddings
  return batch ? { embeddings, ...usage } : { embedding: first ?? { values: [] }, ...usage }
}

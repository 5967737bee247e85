import {
  defined,
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type EmbeddingRequest,
  type Immediate,
  type Json,
  type JsonObject,
} from '#kit'
import { pathOf } from './paths.ts'

/** `:predict` takes so many texts at once; Gemini's models take one (cloud.google.com, text embeddings API). */
const batchOf = (id: string): number => (id.startsWith('gemini-') ? 1 : 250)

export const embeddings: Immediate<'embedding'> = {
  async run(request, call) {
    if (request.user !== undefined)
      call.lose('user', 'user is not supported by this model and was left out')
    const texts = request.inputs.map(textOf)
    const vectors: number[][] = []
    let inputTokens = 0
    const size = batchOf(call.model.id)
    for (let at = 0; at < texts.length; at += size)
      for (const one of await predicted(texts.slice(at, at + size), request, call)) {
        vectors.push(one.vector)
        inputTokens += one.tokens
      }
    return { vectors, model: call.model.id, usage: { inputTokens } }
  },
}

function textOf(input: string | number[]): string {
  if (typeof input === 'string') return input
  throw new GatewayError('unsupported', 'This model embeds texts, not tokens', { param: 'input' })
}

async function predicted(texts: string[], request: EmbeddingRequest, call: Call) {
  const { task, title, dimensions } = request
  const body: JsonObject = {
    instances: texts.map((content) => defined({ content, task_type: task, title })),
    ...(dimensions === undefined ? {} : { parameters: { outputDimensionality: dimensions } }),
  }
  const response = await call.send({
    method: 'POST',
    url: call.origin + pathOf(call.settings, 'google', `${call.model.id}:predict`),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const reply = parseJson(await response.text())
  const predictions = isObject(reply) ? reply['predictions'] : undefined
  if (!Array.isArray(predictions) || predictions.length !== texts.length)
    throw new GatewayError('upstream', 'The provider answered without a vector for each text')
  return predictions.map(vectorOf)
}

function vectorOf(prediction: Json): { vector: number[]; tokens: number } {
  const embedding = isObject(prediction) ? prediction['embeddings'] : undefined
  const values = isObject(embedding) ? embedding['values'] : undefined
  if (!isObject(embedding) || !Array.isArray(values))
    throw new GatewayError('upstream', 'The provider answered with something that is no vector')
  const { statistics } = embedding
  const tokens = isObject(statistics) ? statistics['token_count'] : undefined
  return {
    vector: values.filter((value) => typeof value === 'number'),
    tokens: typeof tokens === 'number' ? tokens : 0,
  }
}

import {
  defined,
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type EmbeddingRequest,
  type Immediate,
} from '#kit'

/** The most texts of one call (docs.cohere.com/reference/embed). */
const mostTexts = 96

/** Gemini's words for what vectors are for, as Cohere says them; a document when nobody says. */
const inputTypes: Record<string, string | undefined> = {
  RETRIEVAL_QUERY: 'search_query',
  QUESTION_ANSWERING: 'search_query',
  FACT_VERIFICATION: 'search_query',
  CODE_RETRIEVAL_QUERY: 'search_query',
  RETRIEVAL_DOCUMENT: 'search_document',
  CLASSIFICATION: 'classification',
  CLUSTERING: 'clustering',
  SEMANTIC_SIMILARITY: 'clustering',
}

/** `/v2/embed`. */
export const embeddings: Immediate<'embedding'> = {
  async run(request, call) {
    for (const field of ['title', 'user'] as const)
      if (request[field] !== undefined)
        call.lose(field, `${field} is not supported by this model and was left out`)
    const texts = request.inputs.map(textOf)
    const wanted = wantedOf(request, call)
    const vectors: number[][] = []
    let inputTokens = 0
    for (let at = 0; at < texts.length; at += mostTexts) {
      const part = await embedded(texts.slice(at, at + mostTexts), wanted, call)
      vectors.push(...part.vectors)
      inputTokens += part.tokens
    }
    return { vectors, model: call.model.id, usage: { inputTokens } }
  },
}

const sizes = [256, 512, 1024, 1536]

interface Wanted {
  input_type: string
  output_dimension?: number
}

function wantedOf({ task, dimensions }: EmbeddingRequest, { model, lose }: Call): Wanted {
  const known = task === undefined ? 'search_document' : inputTypes[task]
  if (known === undefined) lose('task', `the task ${task} was mapped to search_document`)
  const type = { input_type: known ?? 'search_document' }
  if (dimensions === undefined || dimensions === model.embedding?.dimensions) return type
  if (model.embedding?.reducible !== true) {
    lose('dimensions', 'dimensions are fixed for this model and were left out')
    return type
  }
  const nearest = sizes.find((size) => size >= dimensions) ?? 1536
  if (nearest !== dimensions)
    lose('dimensions', `vectors of ${dimensions} are not made by this model: they have ${nearest}`)
  return { ...type, output_dimension: nearest }
}

function textOf(input: string | number[]): string {
  if (typeof input === 'string') return input
  throw new GatewayError('unsupported', 'This model embeds texts, not tokens', { param: 'input' })
}

async function embedded(texts: string[], wanted: Wanted, call: Call) {
  const body = defined({ model: call.model.id, texts, embedding_types: ['float'], ...wanted })
  const response = await call.send({
    method: 'POST',
    url: `${call.origin}/v2/embed`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const reply = parseJson(await response.text())
  const embeddings = isObject(reply) ? reply['embeddings'] : undefined
  const floats = isObject(embeddings) ? embeddings['float'] : undefined
  if (!isObject(reply) || !Array.isArray(floats) || floats.length !== texts.length)
    throw new GatewayError('upstream', 'The provider answered without a vector for each text')
  const meta = isObject(reply['meta']) ? reply['meta'] : {}
  const billed = isObject(meta['billed_units']) ? meta['billed_units'] : {}
  const { input_tokens: tokens } = billed
  return {
    vectors: floats.map((vector) =>
      Array.isArray(vector) ? vector.filter((value) => typeof value === 'number') : [],
    ),
    tokens: typeof tokens === 'number' ? tokens : 0,
  }
}

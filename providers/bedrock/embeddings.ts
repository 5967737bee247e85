import {
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type EmbeddingRequest,
  type Immediate,
  type JsonObject,
} from '#kit'

/** Titan Text Embeddings V2, one text a call (docs.aws.amazon.com/bedrock, Titan embeddings). */
export const embeddings: Immediate<'embedding'> = {
  async run(request, call) {
    for (const field of ['task', 'title', 'user'] as const)
      if (request[field] !== undefined)
        call.lose(field, `${field} is not supported by this model and was left out`)
    const dimensions = dimensionsOf(request, call)
    const vectors: number[][] = []
    let inputTokens = 0
    // In turn: a Worker may have six connections at once, and the order is kept.
    for (const input of request.inputs) {
      const made = await embedOne(textOf(input), dimensions, call)
      vectors.push(made.vector)
      inputTokens += made.tokens
    }
    return { vectors, model: call.model.id, usage: { inputTokens } }
  },
}

const sizes = [256, 512, 1024]

/** The least size that is not smaller than the one wanted. */
function dimensionsOf({ dimensions }: EmbeddingRequest, { lose }: Call): number | undefined {
  if (dimensions === undefined || sizes.includes(dimensions)) return dimensions
  const nearest = sizes.find((size) => size >= dimensions) ?? 1024
  lose('dimensions', `vectors of ${dimensions} are not made by this model: they have ${nearest}`)
  return nearest
}

function textOf(input: string | number[]): string {
  if (typeof input === 'string') return input
  throw new GatewayError('unsupported', 'This model embeds texts, not tokens', { param: 'input' })
}

async function embedOne(inputText: string, dimensions: number | undefined, call: Call) {
  const body: JsonObject = dimensions === undefined ? { inputText } : { inputText, dimensions }
  const response = await call.send({
    method: 'POST',
    url: `${call.origin}/model/${encodeURIComponent(call.model.id)}/invoke`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const reply = parseJson(await response.text())
  const vector = isObject(reply) ? reply['embedding'] : undefined
  if (!isObject(reply) || !Array.isArray(vector))
    throw new GatewayError('upstream', 'The provider answered with something that is no vector')
  const { inputTextTokenCount: tokens } = reply
  return {
    vector: vector.filter((value) => typeof value === 'number'),
    tokens: typeof tokens === 'number' ? tokens : 0,
  }
}

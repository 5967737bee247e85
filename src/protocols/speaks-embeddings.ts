// Builds the embedding adapter of a provider that speaks OpenAI's embeddings.

import { parseJson } from '#core/json'
import type { Call, Immediate, Settings } from '#core/provider'
import {
  decodeEmbeddingReply,
  embeddingProtocol,
  encodeEmbeddingRequest,
} from './openai-embeddings.ts'

/** @param path The path after the provider's origin. */
export const speaksEmbeddings = (
  path: string | ((settings: Settings) => string),
): Immediate<'embedding'> => ({
  carries: (protocol) => protocol === embeddingProtocol,
  async run(request, call) {
    for (const field of ['task', 'title'] as const)
      if (request[field] !== undefined)
        call.lose(field, `${field} is not supported by this model and was left out`)
    const { dimensions, ...fixed } = request
    const body = encodeEmbeddingRequest(
      takesDimensions(dimensions, call) ? request : fixed,
      call.model.id,
    )
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}${typeof path === 'string' ? path : path(call.settings)}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return decodeEmbeddingReply(parseJson(await response.text()))
  },
})

function takesDimensions(dimensions: number | undefined, { model, lose }: Call): boolean {
  if (dimensions === undefined || model.embedding?.reducible === true) return true
  if (dimensions !== model.embedding?.dimensions)
    lose('dimensions', 'dimensions are fixed for this model and were left out')
  return false
}

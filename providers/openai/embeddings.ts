import {
  decodeEmbeddingReply,
  embeddingProtocol,
  encodeEmbeddingRequest,
  parseJson,
  type Immediate,
} from '#kit'

/** `/v1/embeddings`. */
export const embeddings: Immediate<'embedding'> = {
  carries: (protocol) => protocol === embeddingProtocol,
  async run(request, call) {
    for (const field of ['task', 'title'] as const)
      if (request[field] !== undefined)
        call.lose(field, `${field} is not supported by this model and was left out`)
    const { dimensions, ...fixed } = request
    const isFixed = dimensions !== undefined && call.model.embedding?.reducible !== true
    if (isFixed && dimensions !== call.model.embedding?.dimensions)
      call.lose('dimensions', 'dimensions are fixed for this model and were left out')
    const body = encodeEmbeddingRequest(isFixed ? fixed : request, call.model.id)
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/embeddings`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return decodeEmbeddingReply(parseJson(await response.text()))
  },
}

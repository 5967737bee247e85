import { decodeEmbeddingRequest, encodeEmbeddingReply } from '#protocols/openai-embeddings'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { beginWhole, perform } from './exchange.ts'
import { reportExtra, run } from './media.ts'

export async function embeddings(c: Ctx): Promise<Response> {
  const { request, encoding, strict } = decodeEmbeddingRequest((await readJson(c)).body)
  const { value, headers } = await perform(
    c,
    { modality: 'embedding', model: request.model, exchange: beginWhole(c), strict },
    (target, call, lose) => {
      reportExtra(request, 'embedding', target, lose)
      return run(c, 'embedding', target, request, call)
    },
  )
  return c.json(encodeEmbeddingReply(value, encoding), { headers })
}

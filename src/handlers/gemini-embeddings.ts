import { GatewayError } from '#core/error'
import { decodeGeminiEmbeddings, encodeGeminiVectors } from '#protocols/gemini-embeddings'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { beginWhole, perform } from './exchange.ts'
import { pathOf } from './gemini-path.ts'
import { run } from './media.ts'

export const embedContent = (c: Ctx): Promise<Response> => embed(c, false)
export const batchEmbedContents = (c: Ctx): Promise<Response> => embed(c, true)

async function embed(c: Ctx, batch: boolean): Promise<Response> {
  const request = decodeGeminiEmbeddings((await readJson(c)).body, pathOf(c).model, batch)
  const { value, headers } = await perform(
    c,
    { modality: 'embedding', model: request.model, exchange: beginWhole(c) },
    (target, call) => {
      const { protocol, fields } = request.extra
      const carries = target.provider.adapters.embedding?.carries
      // A picture that cannot be carried would leave nothing to embed.
      if ('requests' in fields && carries?.(protocol, 'requests') !== true)
        throw new GatewayError(
          'unsupported',
          `${target.name} embeds texts with common settings only`,
          {
            param: 'content.parts',
          },
        )
      return run(c, 'embedding', target, request, call)
    },
  )
  return c.json(encodeGeminiVectors(value, batch), { headers })
}

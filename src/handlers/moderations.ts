import { decodeModerationRequest, encodeModerationReply } from '#protocols/openai-moderations'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { beginWhole, perform } from './exchange.ts'
import { reportExtra, run } from './media.ts'

/** The model the API uses when a request names none. */
const fallbackModel = 'omni-moderation-latest'

export async function moderations(c: Ctx): Promise<Response> {
  const { request, strict } = decodeModerationRequest((await readJson(c)).body, fallbackModel)
  const { value, headers } = await perform(
    c,
    { modality: 'moderation', model: request.model, exchange: beginWhole(c), strict },
    (target, call, lose) => {
      reportExtra(request, 'moderation', target, lose)
      return run(c, 'moderation', target, request, call)
    },
  )
  return c.json(encodeModerationReply(value), { headers })
}

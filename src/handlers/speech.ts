// Speech from text: sound as it comes, or events.

import { encodeTexts } from '#core/bytes'
import { commit } from '#core/commit'
import { fitSpeech } from '#core/fit'
import { decodeSpeechRequest, encodeSpeechStream } from '#protocols/openai-audio/index'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { begin, perform } from './exchange.ts'
import { reportExtra, run } from './media.ts'
import { pump } from './stream.ts'

export async function speech(c: Ctx): Promise<Response> {
  const { request, sse, strict } = decodeSpeechRequest((await readJson(c)).body)
  const exchange = begin(c)
  const { value, headers } = await perform(
    c,
    { modality: 'speech', model: request.model, exchange, strict },
    async (target, call, lose) => {
      reportExtra(request, 'speech', target, lose)
      const result = await run(c, 'speech', target, fitSpeech(request, call.model, lose), call)
      return { ...result, audio: await commit(result.audio) }
    },
  )
  const pieces = sse ? encodeTexts(encodeSpeechStream(value)) : value.audio
  const contentType = sse ? 'text/event-stream; charset=utf-8' : value.mediaType
  return new Response(
    pump(pieces[Symbol.asyncIterator](), { exchange, failure: () => undefined }),
    {
      headers: { ...headers, 'content-type': contentType },
    },
  )
}

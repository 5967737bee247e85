// Text from speech, in the speaker's language or in English.

import { encodeTexts } from '#core/bytes'
import { commit } from '#core/commit'
import { GatewayError } from '#core/error'
import type { Transcript, TranscriptionRequest, TranscriptStream } from '#core/media'
import type { Model } from '#core/provider'
import {
  decodeTranscriptionForm,
  encodeTranscript,
  encodeTranscriptStream,
} from '#protocols/openai-audio/index'
import { readForm } from './body.ts'
import type { Ctx } from './context.ts'
import { begin, perform } from './exchange.ts'
import { reportExtra, run } from './media.ts'
import { pump } from './stream.ts'

export const transcription = (task: TranscriptionRequest['task']) =>
  async function transcription(c: Ctx): Promise<Response> {
    const { request, strict } = await decodeTranscriptionForm(await readForm(c), task)
    const exchange = begin(c)
    const { value, headers } = await perform(
      c,
      { modality: 'transcription', model: request.model, exchange, strict },
      async (target, call, lose) => {
        assertServed(request, call.model)
        reportExtra(request, 'transcription', target, lose)
        return commit(await run(c, 'transcription', target, request, call))
      },
    )
    if (request.stream)
      return new Response(
        pump(encodeTexts(encodeTranscriptStream(value)), { exchange, failure: () => undefined }),
        { headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8' } },
      )
    const { contentType, body } = encodeTranscript(await whole(value), request)
    return new Response(body, { headers: { ...headers, 'content-type': contentType } })
  }

/** Formats with times need a model that tells times: no transcript is made up. */
function assertServed(request: TranscriptionRequest, model: Model): void {
  const limits = model.transcription
  if (limits === undefined)
    throw new GatewayError('unsupported', `${model.id} does not transcribe`, { param: 'model' })
  if (!limits.formats.includes(request.format))
    throw new GatewayError(
      'unsupported',
      `${model.id} does not give response_format '${request.format}'; it gives ${limits.formats.join(', ')}`,
      { param: 'response_format' },
    )
  if (request.task === 'translate' && limits.translates !== true)
    throw new GatewayError('unsupported', `${model.id} does not translate`, { param: 'model' })
}

async function whole(stream: TranscriptStream): Promise<Transcript> {
  for await (const event of stream) if (event.type === 'end') return event.transcript
  throw new GatewayError('upstream', 'The transcript ended before it was complete')
}

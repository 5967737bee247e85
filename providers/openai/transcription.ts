import {
  audioProtocol,
  decodeTranscript,
  decodeTranscriptStream,
  encodeTranscriptionForm,
  type Immediate,
  type Model,
  type TranscriptFormat,
  type TranscriptStream,
  type WireResponse,
} from '#kit'

/** `/v1/audio/transcriptions` and `/translations`. */
export const transcription: Immediate<'transcription'> = {
  carries: (protocol) => protocol === audioProtocol,
  async run(request, call) {
    const { model } = call
    const isTranslation = request.task === 'translate'
    const format = richest(request.format, model)
    const stream = request.stream && model.transcription?.streams === true && !isTranslation
    const timestamps = format === 'verbose_json' && !isTranslation ? request.timestamps : []
    const form = encodeTranscriptionForm({ ...request, format, stream, timestamps }, model.id)
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/audio/${isTranslation ? 'translations' : 'transcriptions'}`,
      headers: {},
      body: form,
    })
    const isStream = response.header('content-type')?.includes('event-stream') === true
    return isStream ? decodeTranscriptStream(response.body) : whole(response, format)
  },
}

async function* whole(response: WireResponse, format: TranscriptFormat): TranscriptStream {
  yield { type: 'end', transcript: decodeTranscript(await response.text(), format) }
}

/** Plain text and captions do not tell what they cost: the same is asked for as JSON, which does. */
const richer: { [format in TranscriptFormat]: TranscriptFormat } = {
  json: 'json',
  text: 'json',
  srt: 'verbose_json',
  vtt: 'verbose_json',
  verbose_json: 'verbose_json',
  diarized_json: 'diarized_json',
}

const richest = (format: TranscriptFormat, model: Model): TranscriptFormat =>
  model.transcription?.formats.includes(richer[format]) === false ? format : richer[format]

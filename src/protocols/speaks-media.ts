// Builds the media adapters of vendors with OpenAI's endpoints.

import { GatewayError } from '#core/error'
import { parseJson } from '#core/json'
import type {
  Asset,
  ImageRequest,
  SpeechRequest,
  TranscriptFormat,
  TranscriptStream,
} from '#core/media'
import type { Call, Immediate, Model } from '#core/provider'
import type { Bytes, WireResponse } from '#core/transport'
import {
  audioProtocol,
  decodeSpeechStream,
  decodeTranscript,
  decodeTranscriptStream,
  encodeSpeechRequest,
  encodeTranscriptionForm,
  speechContentTypes,
} from './openai-audio/index.ts'
import {
  decodeEmbeddingReply,
  embeddingProtocol,
  encodeEmbeddingRequest,
} from './openai-embeddings.ts'
import {
  decodeImageReply,
  decodeImageStream,
  encodeImageRequest,
  imageProtocol,
  type EncodedImageRequest,
} from './openai-images/index.ts'

const json = { 'content-type': 'application/json' }

const isEvents = (response: WireResponse): boolean =>
  response.header('content-type')?.includes('event-stream') === true

/**
 * @param path `/v1/embeddings`
 * @param lacks fields of the body that the vendor does not know.
 */
export const speaksEmbeddings = (
  path: string,
  lacks: readonly string[] = [],
): Immediate<'embedding'> => ({
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
    for (const field of lacks) {
      if (body[field] !== undefined && field !== 'encoding_format')
        call.lose(field, `${field} is not taken here and was left out`)
      delete body[field]
    }
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}${path}`,
      headers: json,
      body: JSON.stringify(body),
    })
    return decodeEmbeddingReply(parseJson(await response.text()))
  },
})

/**
 * `<base>/generations`, and `<base>/edits` where there are input images.
 * @param fitted what only some models or one of the two endpoints take, put right and told.
 */
export const speaksImages = (
  base: string,
  fitted: (request: ImageRequest, call: Call) => ImageRequest,
): Immediate<'image'> => ({
  carries: (protocol) => protocol === imageProtocol,
  async run(request, call) {
    const path = request.images.length === 0 ? 'generations' : 'edits'
    const encoded = await encodeImageRequest(fitted(request, call), call.model.id, (asset) =>
      load(asset, call),
    )
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}${base}/${path}`,
      ...bodyOf(encoded),
    })
    return isEvents(response)
      ? decodeImageStream(response.body, request.count)
      : decodeImageReply(response.body, `image/${request.format ?? 'png'}`)
  },
})

const bodyOf = (encoded: EncodedImageRequest) =>
  'form' in encoded
    ? { headers: {}, body: encoded.form }
    : { headers: json, body: JSON.stringify(encoded.json) }

async function load(asset: Asset, call: Call) {
  if ('bytes' in asset.body) return { mediaType: asset.mediaType, bytes: asset.body.bytes }
  const fetched = await call.fetchAsset(asset)
  return { mediaType: fetched.mediaType, bytes: await fetched.bytes() }
}

export interface SpeaksSpeechOptions {
  /** `/v1/audio/speech` */
  path: string
  /** The voices there are; one that a model does not speak with becomes that model's first. */
  voices: readonly string[]
  /** Models that can tell the sound in events, and with it the tokens they used; none when absent. */
  inEvents?: (model: Model) => boolean
}

/** Models that can are asked for events: only their end shows that the sound is whole. */
export const speaksSpeech = (options: SpeaksSpeechOptions): Immediate<'speech'> => ({
  carries: (protocol) => protocol === audioProtocol,
  async run(request, call) {
    const sse = options.inEvents?.(call.model) === true
    const spoken = withVoice(request, options.voices, call)
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}${options.path}`,
      headers: json,
      body: JSON.stringify(encodeSpeechRequest(spoken, call.model.id, { sse })),
    })
    const mediaType = speechContentTypes[request.format]
    const characters = request.text.length
    if (!isEvents(response))
      return { mediaType, audio: sound(response), usage: () => ({ characters }) }
    const { audio, usage } = decodeSpeechStream(response.body)
    return { mediaType, audio, usage: () => ({ ...usage(), characters }) }
  },
})

/** A voice that nobody knows is the vendor's to judge. */
function withVoice(
  request: SpeechRequest,
  voices: readonly string[],
  { model, lose }: Call,
): SpeechRequest {
  const spoken = model.speech?.voices ?? []
  const [usual] = spoken
  const isKnown = voices.includes(request.voice)
  if (usual === undefined || !isKnown || spoken.includes(request.voice)) return request
  lose('voice', `voice ${request.voice} became ${usual}: this model does not have it`)
  return { ...request, voice: usual }
}

/** The sound itself. @throws GatewayError `upstream` for a page or an empty body, which are no sound. */
async function* sound(response: WireResponse): Bytes {
  const type = response.header('content-type') ?? ''
  let isEmpty = true
  for await (const chunk of response.body) {
    if (type.startsWith('text/') || type.includes('json')) break
    isEmpty = isEmpty && chunk.length === 0
    yield chunk
  }
  if (isEmpty)
    throw new GatewayError('upstream', 'The provider answered with something that is no sound')
}

/**
 * `<base>/transcriptions`, and `<base>/translations` for the same in English.
 * @param lacks fields of the form that the vendor does not know.
 */
export const speaksTranscription = (
  base: string,
  lacks: readonly string[] = [],
): Immediate<'transcription'> => ({
  carries: (protocol) => protocol === audioProtocol,
  async run(request, call) {
    const { model } = call
    const isTranslation = request.task === 'translate'
    const format = richest(request.format, model)
    const stream = request.stream && model.transcription?.streams === true && !isTranslation
    const timestamps = format === 'verbose_json' && !isTranslation ? request.timestamps : []
    const form = encodeTranscriptionForm({ ...request, format, stream, timestamps }, model.id)
    for (const field of lacks) form.delete(field)
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}${base}/${isTranslation ? 'translations' : 'transcriptions'}`,
      headers: {},
      body: form,
    })
    return isEvents(response) ? decodeTranscriptStream(response.body) : whole(response, format)
  },
})

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

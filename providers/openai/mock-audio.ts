import type { Hono } from 'hono'
import {
  countTokens,
  decodeSpeechRequest,
  decodeTranscriptionForm,
  defined,
  encodeSpeechStream,
  encodeTranscript,
  encodeTranscriptStream,
  hear,
  probe,
  speechContentTypes,
  speechSeconds,
  toReadable,
  utf8,
  voice,
  type MediaUsage,
  type MockCall,
  type MockEnv,
  type SpeechRequest,
  type Transcript,
  type TranscriptionRequest,
  type TranscriptStream,
} from '#kit'
import { modelFor, readForm, readJson, unknownField, type MockContext } from './mock-body.ts'
import { badRequest, errorReply } from './mock-dialect.ts'
import { speaksInEvents } from './models-media.ts'

/** openai 7.57, `SpeechCreateParams`. */
const speechFields = [
  'model',
  'input',
  'voice',
  'instructions',
  'response_format',
  'speed',
  'stream_format',
]
/** openai 7.57, `TranscriptionCreateParams` and `TranslationCreateParams`. */
const translationFields = ['file', 'model', 'prompt', 'response_format', 'temperature']
const transcriptionFields = [
  ...translationFields,
  'language',
  'languages',
  'keywords',
  'timestamp_granularities',
  'include',
  'chunking_strategy',
  'known_speaker_names',
  'known_speaker_references',
  'stream',
]
const longestInput = 4096
const audioTokensPerSecond = { heard: 10, spoken: 20 }

/** `/v1/audio/speech`, `/v1/audio/transcriptions` and `/v1/audio/translations`. */
export function mockAudio(mock: Hono<MockEnv>): void {
  mock.post('/v1/audio/speech', async (c) => {
    const body = await readJson(c)
    return unknownField(c, Object.keys(body), speechFields) ?? speak(c, body)
  })
  mock.post('/v1/audio/transcriptions', async (c) => {
    const form = await readForm(c)
    const refused = unknownField(c, form.keys(), transcriptionFields)
    return refused ?? transcribe(c, (await decodeTranscriptionForm(form, 'transcribe')).request)
  })
  mock.post('/v1/audio/translations', async (c) => {
    const form = await readForm(c)
    const refused = unknownField(c, form.keys(), translationFields)
    return refused ?? transcribe(c, (await decodeTranscriptionForm(form, 'translate')).request)
  })
}

function speak(c: MockContext, body: object): Response {
  const { request, sse } = decodeSpeechRequest(body)
  const model = modelFor('speech', request.model)
  const isCustom = request.extra.fields['voice'] !== undefined
  if (!isCustom && model.speech?.voices.includes(request.voice) === false)
    throw badRequest('voice', `The voice must be one of ${model.speech.voices.join(', ')}`)
  if (request.text.length > longestInput) return tooLong(c)
  if (sse && !speaksInEvents(model.id))
    throw badRequest('stream_format', `'sse' is not supported by ${model.id}`)
  const seconds = speechSeconds(request.text, request.speed)
  const audio = voice(c.var.call, {
    text: `${request.voice}: ${request.text}`,
    seconds,
    format: request.format,
  })
  if (!sse)
    return new Response(audio, { headers: { 'content-type': speechContentTypes[request.format] } })
  return events(encodeSpeechStream({ audio, usage: () => spokenUsage(request, seconds) }))
}

const tooLong = (c: MockContext): Response =>
  errorReply(
    400,
    {
      message: `The input is longer than ${longestInput} characters`,
      type: 'invalid_request_error',
      param: 'input',
      code: 'string_above_max_length',
    },
    c.var.call.requestId,
  )

const spokenUsage = (request: SpeechRequest, seconds: number): MediaUsage => ({
  inputTokens: countTokens(request.text) + countTokens(request.instructions ?? ''),
  outputTokens: Math.ceil(seconds * audioTokensPerSecond.spoken),
})

const events = (texts: AsyncIterable<string>): Response =>
  new Response(toReadable(encoded(texts)), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  })

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield utf8.encode(text)
}

function transcribe(c: MockContext, request: TranscriptionRequest): Response {
  const model = modelFor('transcription', request.model)
  const limits = model.transcription
  if (limits?.formats.includes(request.format) === false)
    throw badRequest(
      'response_format',
      `response_format '${request.format}' is not compatible with ${model.id}`,
    )
  if (request.task === 'translate' && limits?.translates !== true)
    throw badRequest('model', `${model.id} does not translate`)
  if (request.timestamps.length > 0 && request.format !== 'verbose_json')
    throw badRequest('timestamp_granularities', "timestamps need response_format 'verbose_json'")
  const transcript = listen(request, c.var.call)
  if (request.stream && limits?.streams === true)
    return events(encodeTranscriptStream(told(transcript)))
  const { contentType, body } = encodeTranscript(transcript, request)
  return new Response(body, { headers: { 'content-type': contentType } })
}

async function* told(transcript: Transcript): TranscriptStream {
  for (const text of transcript.text.match(/\s*\S+/g) ?? []) yield { type: 'delta', text }
  yield { type: 'end', transcript }
}

function listen(request: TranscriptionRequest, call: MockCall): Transcript {
  const { bytes } = request.audio.body
  if (probe(bytes)?.seconds === undefined)
    throw badRequest('file', 'The audio file might be corrupted or of an unsupported format')
  const heard = hear(bytes, {
    call,
    translate: request.task === 'translate',
    mediaType: request.audio.mediaType,
    ...defined({ prompt: request.prompt, language: request.language }),
  })
  const { seconds = 0 } = heard
  // Whisper is billed by time and names languages in words; its successors count tokens and use codes.
  if (request.model === 'whisper-1')
    return {
      ...heard,
      language: languageName(heard.language),
      usage: { seconds: Math.ceil(seconds) },
    }
  const transcript = {
    ...heard,
    usage: heardUsage(request, heard),
    extra: extrasOf(request, heard),
  }
  return request.format === 'diarized_json' ? diarized(request, transcript) : transcript
}

const languageName = (code = 'en'): string =>
  new Intl.DisplayNames(['en'], { type: 'language' }).of(code)?.toLowerCase() ?? code

function heardUsage(request: TranscriptionRequest, { seconds = 0, text }: Transcript): MediaUsage {
  const inputAudioTokens = Math.ceil(seconds * audioTokensPerSecond.heard)
  const inputTextTokens = countTokens(request.prompt ?? '')
  return {
    inputAudioTokens,
    inputTextTokens,
    inputTokens: inputAudioTokens + inputTextTokens,
    outputTokens: countTokens(text),
  }
}

function extrasOf(request: TranscriptionRequest, { language = 'en', text }: Transcript) {
  const { protocol, fields } = request.extra
  const { include } = fields
  const logprobs = (text.match(/\s*\S+/g) ?? []).map((token) => ({
    token,
    logprob: -0.01,
    bytes: [...utf8.encode(token)],
  }))
  return {
    [protocol]: {
      ...(request.model === 'gpt-transcribe' ? { languages: [{ code: language }] } : {}),
      ...(Array.isArray(include) && include.includes('logprobs') ? { logprobs } : {}),
    },
  }
}

/** Two speakers who take turns. */
function diarized(request: TranscriptionRequest, transcript: Transcript): Transcript {
  const names = request.extra.fields['known_speaker_names']
  const known = Array.isArray(names) ? names.map(String) : []
  const segments = transcript.segments?.map((segment, index) => ({
    ...segment,
    speaker: known[index % 2] ?? (index % 2 === 0 ? 'A' : 'B'),
  }))
  return { ...transcript, segments: segments ?? [] }
}

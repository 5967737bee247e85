import { GatewayError } from '#core/error'
import { defined, type JsonObject } from '#core/json'
import { transcriptFormats, type TranscriptionRequest } from '#core/media'
import { Reader } from '#core/reader'
import { appendField, readForm, type FormKinds } from '../form.ts'
import { withoutNulls } from '../openai-media.ts'
import { audioProtocol } from './wire.ts'

/** A decoded request. Whether to stream is in `request.stream`. */
export interface TranscriptionOrder {
  request: TranscriptionRequest
  /** Refuse instead of approximating. */
  strict: boolean
}

const kinds: FormKinds = {
  temperature: 'number',
  stream: 'boolean',
  strict: 'boolean',
  timestamp_granularities: 'list',
  keywords: 'list',
  include: 'list',
  languages: 'list',
  known_speaker_names: 'list',
  known_speaker_references: 'list',
}

/** @throws GatewayError `invalid_request` naming the field. */
export async function decodeTranscriptionForm(
  form: FormData,
  task: TranscriptionRequest['task'],
): Promise<TranscriptionOrder> {
  const { fields, files } = readForm(form, kinds)
  const reader = Reader.of(fields)
  const [file] = files.get('file') ?? []
  if (file === undefined) return reader.fail('file', 'an audio file')
  for (const name of files.keys())
    if (name !== 'file')
      throw new GatewayError('invalid_request', `${name} is not a file this endpoint takes`, {
        param: name,
      })
  const strict = reader.maybeBoolean('strict') ?? false
  const optional = defined({
    language: reader.maybeString('language'),
    prompt: reader.maybeString('prompt'),
    keywords: reader.maybeStrings('keywords'),
    temperature: temperatureOf(reader),
  })
  const request: TranscriptionRequest = {
    model: reader.string('model'),
    audio: await audioOf(file),
    task,
    ...optional,
    format: reader.maybeOneOf('response_format', transcriptFormats) ?? 'json',
    timestamps: timestampsOf(reader),
    stream: reader.maybeBoolean('stream') ?? false,
    extra: { protocol: audioProtocol, fields: {} },
  }
  request.extra.fields = withoutNulls(reader.rest)
  return { request, strict }
}

function temperatureOf(reader: Reader): number | undefined {
  const temperature = reader.maybeNumber('temperature')
  if (temperature !== undefined && (temperature < 0 || temperature > 1))
    reader.fail('temperature', 'a number from 0 to 1')
  return temperature
}

const granularities = ['word', 'segment'] as const

function timestampsOf(reader: Reader): TranscriptionRequest['timestamps'] {
  const given = reader.maybeStrings('timestamp_granularities') ?? []
  const known = granularities.filter((granularity) => given.includes(granularity))
  if (given.some((word) => word !== 'word' && word !== 'segment'))
    reader.fail('timestamp_granularities', "a list of 'word' and 'segment'")
  return known
}

/** By file name, where the client sent no type: what the API takes (openai 7.57, `TranscriptionCreateParams.file`). */
const audioTypes: { [extension: string]: string | undefined } = {
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  mpeg: 'audio/mpeg',
  mpga: 'audio/mpeg',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'audio/webm',
}

async function audioOf(file: File): Promise<TranscriptionRequest['audio']> {
  const extension = file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()
  const isTyped = file.type !== '' && file.type !== 'application/octet-stream'
  return {
    mediaType: isTyped ? file.type : (audioTypes[extension] ?? 'application/octet-stream'),
    body: { bytes: new Uint8Array(await file.arrayBuffer()) },
    ...(file.name === '' ? {} : { name: file.name }),
  }
}

export function encodeTranscriptionForm(request: TranscriptionRequest, model: string): FormData {
  const { audio, extra } = request
  const form = new FormData()
  const [kind = 'wav'] =
    Object.entries(audioTypes).find(([, type]) => type === audio.mediaType) ?? []
  const file = new File([audio.body.bytes], audio.name ?? `audio.${kind}`, {
    type: audio.mediaType,
  })
  form.append('file', file)
  const fields: JsonObject = {
    model,
    language: request.language,
    prompt: request.prompt,
    keywords: request.keywords,
    temperature: request.temperature,
    response_format: request.format,
    timestamp_granularities: request.timestamps.length === 0 ? undefined : request.timestamps,
    stream: request.stream ? true : undefined,
    ...(extra.protocol === audioProtocol ? extra.fields : {}),
  }
  for (const [key, value] of Object.entries(fields)) appendField(form, key, value)
  return form
}

import {
  countTokens,
  encodeBase64,
  isObject,
  MockRefusal,
  speechSeconds,
  toReadable,
  utf8,
  voice as soundOf,
  type Json,
  type JsonObject,
  type Model,
  type SpeechFormat,
} from '#kit'
import type { MockContext } from './mock-target.ts'
import { audioFormats, isStructured, sampleRate } from './speech.ts'
import { usualVoice, voiceNames } from './voices.ts'

interface Order {
  body: JsonObject
  model: Model
  isStream: boolean
}

interface Wanted {
  text: string
  voice: string
  format: keyof typeof audioFormats
}

/** `:generateContent` of a TTS model: its sound in base64, made as it is sent. */
export function speak(c: MockContext, { body, model, isStream }: Order): Response {
  const wanted = read(body, model)
  const seconds = speechSeconds(wanted.text)
  const { text, voice, format } = wanted
  const sound = soundOf(c.var.call, { text: `${voice}: ${text}`, seconds, format, sampleRate })
  const inputTokens = countTokens(text)
  const frame = {
    usageMetadata: usage(inputTokens, Math.ceil(seconds * tokensPerSecond)),
    modelVersion: model.id,
    responseId: c.var.call.requestId.slice(0, 22),
  }
  const isSse = isStream && c.req.query('alt') === 'sse'
  async function* reply(): AsyncGenerator<Uint8Array> {
    const [before = '', after = ''] = JSON.stringify(message(wanted, frame)).split('""')
    yield utf8.encode(`${isSse ? 'data: ' : isStream ? '[' : ''}${before}"`)
    for await (const piece of encodeBase64(sound)) yield utf8.encode(piece)
    yield utf8.encode(`"${after}`)
    if (isSse) yield utf8.encode('\n\n')
    else if (isStream) yield utf8.encode(']')
  }
  const type = isSse ? 'text/event-stream; charset=utf-8' : 'application/json; charset=UTF-8'
  return c.body(toReadable(reply()), 200, { 'content-type': type })
}

/** Of speech (ai.google.dev/gemini-api/docs/tokens). */
const tokensPerSecond = 25

const usage = (input: number, output: number): JsonObject => ({
  promptTokenCount: input,
  candidatesTokenCount: output,
  totalTokenCount: input + output,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
  candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: output }],
})

/** The reply with the one empty text where the sound belongs. */
const message = ({ format }: Wanted, frame: JsonObject): JsonObject => ({
  candidates: [
    {
      content: { parts: [{ inlineData: { mimeType: types[format], data: '' } }], role: 'model' },
      finishReason: 'STOP',
      index: 0,
    },
  ],
  ...frame,
})

const types = {
  wav: 'audio/wav',
  mp3: 'audio/mp3',
  opus: 'audio/ogg_opus',
  pcm: `audio/L16;codec=pcm;rate=${sampleRate}`,
} as const satisfies Partial<Record<SpeechFormat, string>>

const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)

const refused = (message: string, param: string): MockRefusal =>
  new MockRefusal({ kind: 'bad-request', message, param })

function read(body: JsonObject, model: Model): Wanted {
  const config = body['generationConfig']
  const modalities = at(config, 'responseModalities')
  if (!Array.isArray(modalities) || !modalities.includes('AUDIO'))
    throw refused(
      'The requested combination of response modalities is not supported by the model',
      'generation_config.response_modalities',
    )
  const chosen = at(config, 'speechConfig', 'voiceConfig')
  const named = at(chosen, 'prebuiltVoiceConfig', 'voiceName') ?? at(chosen, 'voice')
  const name = typeof named === 'string' ? named : usualVoice
  const voice = voiceNames.find((known) => known.toLowerCase() === name.toLowerCase())
  if (voice === undefined)
    throw refused(`Voice name ${name} is not supported`, 'generation_config.speech_config')
  const contents = Array.isArray(body['contents']) ? body['contents'] : [body['contents']]
  const parts = contents.flatMap((content) => at(content, 'parts') ?? [])
  const texts = parts.flatMap((part) => {
    const text = at(part, 'text')
    return typeof text === 'string' ? [text] : []
  })
  const text = texts.join(' ')
  if (text === '') throw refused('The text to speak is empty', 'contents')
  return { text, voice, format: formatOf(config, model) }
}

function formatOf(config: Json | undefined, model: Model): Wanted['format'] {
  const structured = isStructured(model.id)
  const asked = at(config, 'responseFormat', 'audio', 'mimeType')
  if (asked === undefined) return structured ? 'wav' : 'pcm'
  const format = names.find((known) => audioFormats[known] === asked)
  if (format === undefined || !structured)
    throw refused('The response format is not supported', 'generation_config.response_format')
  return format
}

const names = ['wav', 'mp3', 'opus', 'pcm'] as const

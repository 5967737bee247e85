import {
  defined,
  scanJson,
  speechContentTypes,
  type Bytes,
  type Call,
  type Immediate,
  type JsonObject,
  type MediaUsage,
  type SpeechFormat,
  type SpeechRequest,
} from '#kit'
import { voiceFor } from './voices.ts'
import { missing, post, usageOf } from './wire.ts'

/**
 * Gemini's TTS models: `:generateContent` with audio out. Since 3.8 the text is read word for word, its
 * style stands beside it and the format can be chosen; before, style is part of the prompt and the sound raw.
 */
export const speech: Immediate<'speech'> = {
  async run(request, call) {
    const response = await post(call, 'generateContent', JSON.stringify(bodyOf(request, call)))
    let usage: MediaUsage = {}
    const audio = sound(response.body, request.format, (told) => {
      usage = { ...told, characters: Array.from(request.text).length }
    })
    return { mediaType: speechContentTypes[request.format], audio, usage: () => usage }
  },
}

/** By name, since new ids follow the newest form. */
export const isStructured = (model: string): boolean => !/^gemini-(2\.5|3\.1)-/.test(model)

/** `AudioResponseFormat.mimeType` (@google/genai 3.3; REST reference of the enumeration). */
export const audioFormats = {
  wav: 'AUDIO_WAV',
  mp3: 'AUDIO_MP3',
  opus: 'AUDIO_OGG_OPUS',
  pcm: 'AUDIO_L16',
} as const satisfies Partial<Record<SpeechFormat, string>>

const isChoosable = (format: SpeechFormat): format is keyof typeof audioFormats =>
  format in audioFormats

function bodyOf(request: SpeechRequest, call: Call): JsonObject {
  const { text, instructions, format } = request
  const structured = isStructured(call.model.id)
  const part = structured
    ? defined({
        text,
        speechMetadata: instructions === undefined ? undefined : { style: instructions },
      })
    : { text: instructions === undefined ? text : `${instructions}: ${text}` }
  const mimeType = isChoosable(format) ? audioFormats[format] : audioFormats.wav
  return {
    contents: [{ role: 'user', parts: [part] }],
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: defined({
        voiceConfig: { prebuiltVoiceConfig: { voiceName: chosenVoice(request, call) } },
        languageCode: request.language,
      }),
      ...(structured ? { responseFormat: { audio: { mimeType } } } : {}),
    },
  }
}

function chosenVoice({ voice: name }: SpeechRequest, { lose }: Call): string {
  const { voice, isOwn } = voiceFor(name)
  if (!isOwn) lose('voice', `the voice ${name} became ${voice}, which is like it`)
  return voice
}

async function* sound(
  reply: Bytes,
  format: SpeechFormat,
  told: (usage: MediaUsage) => void,
): AsyncGenerator<Uint8Array> {
  let isSounding = false
  for await (const found of scanJson(reply, (key) => key === 'data')) {
    if (found.type === 'rest') {
      if (!isSounding) throw missing('sound', found.json)
      told(usageOf(found.json))
      return
    }
    for await (const piece of found.bytes) {
      if (!isSounding && format === 'wav' && !isWav(piece)) yield wavHeader
      isSounding = true
      yield piece
    }
  }
}

const isWav = (bytes: Uint8Array): boolean =>
  [0x52, 0x49, 0x46, 0x46].every((byte, index) => bytes[index] === byte)

/** Of the raw sound: 16-bit little-endian mono (`audio/L16;codec=pcm;rate=24000`). */
export const sampleRate = 24_000

const wavHeader = headerOf(sampleRate)

/** A RIFF header for a length nobody knows yet, which players read as "until the end". */
function headerOf(rate: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(44))
  const name = (offset: number, text: string): void => {
    for (let index = 0; index < text.length; index++)
      view.setUint8(offset + index, text.charCodeAt(index))
  }
  name(0, 'RIFF')
  view.setUint32(4, 0xffffffff, true)
  name(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  name(36, 'data')
  view.setUint32(40, 0xffffffff, true)
  return new Uint8Array(view.buffer)
}

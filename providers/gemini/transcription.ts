import {
  defined,
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type Immediate,
  type Json,
  type JsonObject,
  type Transcript,
  type TranscriptFormat,
  type TranscriptionRequest,
  type TranscriptSegment,
  type TranscriptStream,
} from '#kit'
import { missing, post, usageOf, withMedia } from './wire.ts'

/**
 * gemini-3.5-transcribe: `:generateContent` with a sound in and `audioTranscriptionConfig`
 * (@google/genai 3.3; ai.google.dev/gemini-api/docs/generate-content/transcribe).
 */
export const transcription: Immediate<'transcription'> = {
  async run(request, call) {
    const body = withMedia(bodyOf(request, call), [request.audio.body.bytes])
    const response = await post(call, 'generateContent', body)
    return transcripts(parseJson(await response.text()), request)
  },
}

const timedFormats: readonly TranscriptFormat[] = ['srt', 'vtt', 'verbose_json', 'diarized_json']

const wantsTimes = ({ format, timestamps }: TranscriptionRequest): boolean =>
  timestamps.length > 0 || timedFormats.includes(format)

function bodyOf(request: TranscriptionRequest, call: Call): JsonObject {
  if (request.task === 'translate')
    throw new GatewayError('unsupported', `${call.model.id} transcribes but does not translate`, {
      param: 'model',
    })
  if (request.prompt !== undefined)
    call.lose('prompt', 'this model takes no prompt; keywords may steer it')
  const { mediaType } = request.audio
  const audioTranscriptionConfig = defined({
    languageCodes: request.language === undefined ? undefined : [request.language],
    customVocabulary: vocabularyOf(request, call),
    wordTimestamp: wantsTimes(request) ? true : undefined,
    diarization: request.format === 'diarized_json' ? true : undefined,
  })
  const inlineData = { mimeType: typeNames[mediaType] ?? mediaType, data: '' }
  return {
    contents: [{ role: 'user', parts: [{ inlineData }] }],
    generationConfig: defined({ temperature: request.temperature, audioTranscriptionConfig }),
  }
}

/** The vendor's names of types that callers call otherwise (@google/genai 3.3, `AudioContentMimeType`). */
const typeNames: Record<string, string | undefined> = {
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/m4a',
  'audio/mp4': 'audio/m4a',
  'video/webm': 'audio/webm',
}

/** The model bends towards words or times them, not both. */
function vocabularyOf(request: TranscriptionRequest, { lose }: Call): string[] | undefined {
  const { keywords } = request
  if (keywords === undefined || keywords.length === 0) return undefined
  if (!wantsTimes(request)) return keywords
  lose('keywords', 'keywords cannot be combined with timestamps and were left out')
  return undefined
}

async function* transcripts(reply: unknown, request: TranscriptionRequest): TranscriptStream {
  const transcript = read(reply, request)
  if (request.stream && transcript.text !== '') yield { type: 'delta', text: transcript.text }
  yield { type: 'end', transcript }
}

type Word = NonNullable<Transcript['words']>[number]

/** A stretch of the sound with one speaker. */
interface Turn {
  text: string
  language: string | undefined
  words: Word[]
}

function read(reply: unknown, request: TranscriptionRequest): Transcript {
  const turns = partsOf(reply).flatMap(turnOf)
  if (turns.length === 0) throw missing('transcript', reply)
  const words = turns.flatMap((turn) => turn.words)
  const seconds = words.at(-1)?.end
  const isTimed = wantsTimes(request) && words.length > 0
  return defined({
    text: turns
      .map((turn) => turn.text.trim())
      .join(' ')
      .trim(),
    language: turns.find((turn) => turn.language !== undefined)?.language ?? request.language,
    seconds,
    segments: isTimed ? turns.flatMap((turn) => segmentsOf(turn.words)) : undefined,
    words: isTimed && request.timestamps.includes('word') ? words : undefined,
    usage: { ...usageOf(reply), ...defined({ seconds }) },
  })
}

function partsOf(reply: unknown): Json[] {
  const candidates = isObject(reply) ? reply['candidates'] : undefined
  const [candidate] = Array.isArray(candidates) ? candidates : []
  const content = isObject(candidate) ? candidate['content'] : undefined
  const parts = isObject(content) ? content['parts'] : undefined
  return Array.isArray(parts) ? parts : []
}

const textIn = (value: JsonObject, key: string): string | undefined => {
  const text = value[key]
  return typeof text === 'string' ? text : undefined
}

function turnOf(part: Json): Turn[] {
  if (!isObject(part)) return []
  const heard = isObject(part['audioTranscription']) ? part['audioTranscription'] : {}
  const text = textIn(part, 'text') ?? textIn(heard, 'text')
  if (text === undefined) return []
  const speaker = textIn(heard, 'speakerLabel')
  const words = Array.isArray(heard['words']) ? heard['words'] : []
  return [
    {
      text,
      language: textIn(heard, 'languageCode'),
      words: words.flatMap((word) => (isObject(word) ? wordOf(word, speaker) : [])),
    },
  ]
}

function wordOf(wire: JsonObject, speaker: string | undefined): Word[] {
  const word = textIn(wire, 'word')
  const start = secondsOf(textIn(wire, 'startOffset') ?? '0s')
  const end = secondsOf(textIn(wire, 'endOffset'))
  if (word === undefined || start === undefined || end === undefined) return []
  return [{ word: word.trim(), start, end, ...defined({ speaker }) }]
}

/** Of a duration as Google writes it: `1.5s`. */
function secondsOf(duration: string | undefined): number | undefined {
  const seconds = Number.parseFloat(duration ?? '')
  return Number.isNaN(seconds) ? undefined : seconds
}

/** Sentences: the vendor times words only. */
function segmentsOf(words: readonly Word[]): TranscriptSegment[] {
  const segments: TranscriptSegment[] = []
  let from = 0
  words.forEach((word, index) => {
    if (index < words.length - 1 && !/[.!?…。！？]$/u.test(word.word)) return
    const sentence = words.slice(from, index + 1)
    from = index + 1
    segments.push({
      text: sentence.map((one) => one.word).join(' '),
      start: sentence[0]?.start ?? word.start,
      end: word.end,
      ...defined({ speaker: word.speaker }),
    })
  })
  return segments
}

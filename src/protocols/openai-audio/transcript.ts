import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type {
  Transcript,
  TranscriptFormat,
  TranscriptionRequest,
  TranscriptSegment,
} from '#core/media'
import { failureInside, numberIn } from '../openai-media.ts'
import { captionStyles, decodeCaptions, encodeCaptions, segmentsOf } from './captions.ts'
import { audioProtocol, decodeAudioUsage, encodeAudioUsage } from './wire.ts'

/** What decides how a transcript is written. */
export interface TranscriptShape extends Pick<TranscriptionRequest, 'format' | 'task'> {
  timestamps: readonly TranscriptionRequest['timestamps'][number][]
}

/**
 * Reads a whole reply of any `response_format`.
 * @throws GatewayError `upstream` for a body that is no transcript; the error's own kind when it carries an error.
 */
export function decodeTranscript(body: string, format: TranscriptFormat): Transcript {
  switch (format) {
    case 'text':
      return { text: body.trim(), usage: {} }
    case 'srt':
    case 'vtt':
      return decodeCaptions(body)
    case 'json':
    case 'verbose_json':
    case 'diarized_json':
      return decodeJson(parseJson(body))
    default:
      return format satisfies never
  }
}

/** The fields of the JSON replies that become fields of ours; what is left travels in `extra`. */
const knownKeys = ['text', 'language', 'duration', 'segments', 'words', 'usage']

export function decodeJson(wire: unknown): Transcript {
  if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent no transcript')
  const failure = failureInside(wire)
  if (failure !== undefined) throw failure
  const { text, language, segments, words } = wire
  if (typeof text !== 'string')
    throw new GatewayError('upstream', 'The provider sent a transcript without text')
  const usage = decodeAudioUsage(wire['usage'])
  const seconds = numberIn(wire['duration']) ?? usage.seconds
  const others = Object.entries(wire).filter(([key]) => !knownKeys.includes(key))
  return defined({
    text,
    language: typeof language === 'string' ? language : undefined,
    seconds,
    segments: Array.isArray(segments) ? segments.flatMap(decodeSegment) : undefined,
    words: Array.isArray(words) ? words.flatMap(decodeWord) : undefined,
    usage: seconds === undefined ? usage : { seconds, ...usage },
    extra: others.length === 0 ? undefined : { [audioProtocol]: Object.fromEntries(others) },
  })
}

export function decodeSegment(wire: unknown): TranscriptSegment[] {
  if (!isObject(wire) || typeof wire['text'] !== 'string') return []
  const { text, start, end, speaker, type: _, ...others } = wire
  return [
    defined({
      text,
      start: numberIn(start) ?? 0,
      end: numberIn(end) ?? 0,
      speaker: typeof speaker === 'string' ? speaker : undefined,
      extra: Object.keys(others).length === 0 ? undefined : { [audioProtocol]: others },
    }),
  ]
}

function decodeWord(wire: unknown): { word: string; start: number; end: number }[] {
  if (!isObject(wire) || typeof wire['word'] !== 'string') return []
  return [
    {
      word: wire['word'],
      start: numberIn(wire['start']) ?? 0,
      end: numberIn(wire['end']) ?? 0,
    },
  ]
}

const json = 'application/json'
const plain = 'text/plain; charset=utf-8'

/** Writes a whole reply as openai 7.57 types it; captions and text are plain text. */
export function encodeTranscript(
  transcript: Transcript,
  shape: TranscriptShape,
): { contentType: string; body: string } {
  switch (shape.format) {
    case 'text':
      return { contentType: plain, body: `${transcript.text}\n` }
    case 'srt':
    case 'vtt':
      return {
        contentType: plain,
        body: encodeCaptions(transcript, captionStyles[shape.format]),
      }
    case 'json':
      return { contentType: json, body: JSON.stringify(simple(transcript, shape)) }
    case 'verbose_json':
      return { contentType: json, body: JSON.stringify(verbose(transcript, shape)) }
    case 'diarized_json':
      return { contentType: json, body: JSON.stringify(diarized(transcript)) }
    default:
      return shape.format satisfies never
  }
}

/** What only this protocol's short replies have. */
export function shortExtras(transcript: Transcript): JsonObject {
  const { languages, logprobs } = transcript.extra?.[audioProtocol] ?? {}
  return defined({ languages, logprobs })
}

/** `Transcription`, and `Translation`, which is its text alone. */
function simple(transcript: Transcript, shape: TranscriptShape): JsonObject {
  const { text, usage } = transcript
  if (shape.task === 'translate') return { text }
  return defined({ text, ...shortExtras(transcript), usage: encodeAudioUsage(usage) })
}

/** `TranscriptionVerbose` and `TranslationVerbose`. */
function verbose(transcript: Transcript, shape: TranscriptShape): JsonObject {
  const { text, words, usage, language } = transcript
  const segments = segmentsOf(transcript)
  const duration = transcript.seconds ?? usage.seconds ?? segments.at(-1)?.end ?? 0
  const isTranslation = shape.task === 'translate'
  const wantsWords = shape.timestamps.includes('word')
  const wantsSegments = !wantsWords || shape.timestamps.includes('segment')
  return defined({
    ...transcript.extra?.[audioProtocol],
    duration,
    language: isTranslation ? 'english' : (language ?? ''),
    text,
    segments: wantsSegments ? segments.map(verboseSegment) : undefined,
    words: wantsWords ? words?.map(({ word, start, end }) => ({ word, start, end })) : undefined,
    usage: isTranslation ? undefined : { type: 'duration', seconds: usage.seconds ?? duration },
  })
}

// The measures are Whisper's own: zero where another model did the work.
const verboseSegment = (segment: TranscriptSegment, index: number): JsonObject => {
  const extra = segment.extra?.[audioProtocol]
  return {
    seek: 0,
    tokens: [],
    temperature: 0,
    avg_logprob: 0,
    compression_ratio: 0,
    no_speech_prob: 0,
    ...extra,
    id: typeof extra?.['id'] === 'number' ? extra['id'] : index,
    start: segment.start,
    end: segment.end,
    text: segment.text,
  }
}

/** `TranscriptionDiarized`. */
function diarized(transcript: Transcript): JsonObject {
  const segments = segmentsOf(transcript)
  return defined({
    task: 'transcribe',
    duration: transcript.seconds ?? transcript.usage.seconds ?? segments.at(-1)?.end ?? 0,
    text: transcript.text,
    segments: segments.map(diarizedSegment),
    usage: encodeAudioUsage(transcript.usage),
  })
}

/** Speakers nobody named are one: `A`, as the vendor labels the first. */
export const diarizedSegment = (segment: TranscriptSegment, index: number): JsonObject => {
  const extra = segment.extra?.[audioProtocol]
  return {
    type: 'transcript.text.segment',
    id: typeof extra?.['id'] === 'string' ? extra['id'] : `seg_${index}`,
    start: segment.start,
    end: segment.end,
    text: segment.text,
    speaker: segment.speaker ?? 'A',
  }
}

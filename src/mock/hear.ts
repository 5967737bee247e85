import type { Transcript, TranscriptSegment } from '#core/media'
import { dice, hash } from './chance.ts'
import type { MockCall } from './world.ts'
import { probe } from '#core/probe'

export interface Listening {
  /** Words the speaker may use; they appear in the transcript. */
  prompt?: string
  /** ISO 639-1; English when absent. */
  language?: string
  /** Whether the transcript is put into English. */
  translate?: boolean
  /** Of the sound, where its bytes do not tell. */
  mediaType?: string
  /** Whose script may say what is heard. */
  call?: MockCall
}

const wordsPerSecond = 2.5
// Of a sound whose container is unknown: 16-bit samples at 8 kHz.
const bytesPerSecond = 16_000

/**
 * A transcript of a sound: the same bytes give the same words, as many as fit its true duration,
 * with segments and words that fill it. A scripted transcript is timed in the same way.
 */
export function hear(bytes: Uint8Array, options: Listening = {}): Transcript {
  const seconds = probe(bytes)?.seconds ?? Math.max(0.5, bytes.length / bytesPerSecond)
  const scripted = options.call?.scripted?.transcript
  const given = typeof scripted === 'string' ? { text: scripted } : (scripted ?? {})
  const spoken =
    given.text === undefined
      ? sentences(fingerprint(bytes), options, Math.max(1, Math.round(seconds * wordsPerSecond)))
      : sentencesOf(given.text)
  const words = timed(spoken.flat(), seconds)
  const language = options.translate === true ? 'en' : (options.language ?? 'en')
  const text = spoken.map((sentence) => sentence.join(' ')).join(' ')
  return {
    text,
    language,
    seconds,
    segments: grouped(spoken, words),
    words,
    usage: { seconds },
    ...given,
  }
}

/** One segment for each sentence, from its first word to its last. */
function grouped(spoken: string[][], words: Word[]): TranscriptSegment[] {
  let next = 0
  return spoken.map((sentence) => {
    const [first, last] = [words[next], words[next + sentence.length - 1]]
    next += sentence.length
    return { text: sentence.join(' '), start: first?.start ?? 0, end: last?.end ?? 0 }
  })
}

const sentencesOf = (text: string): string[][] =>
  (text.match(/[^.!?。]+[.!?。]*/g) ?? [])
    .map((sentence) => sentence.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '')

const fingerprint = (bytes: Uint8Array): number => {
  let text = `${bytes.length}`
  const step = Math.max(1, Math.floor(bytes.length / 512))
  for (let index = 0; index < bytes.length; index += step) text += `,${bytes[index]}`
  return hash(text)
}

const vocabulary =
  'this is a recording that the mock has heard and the words are made from the sound of it so they stay the same each time'.split(
    ' ',
  )

function sentences(seed: number, { prompt = '' }: Listening, count: number): string[][] {
  const roll = dice(seed)
  const hints = prompt.match(/[\p{L}\p{N}'-]{4,}/gu) ?? []
  const made: string[][] = []
  for (let left = count; left > 0;) {
    const size = Math.min(left, 6 + roll(7))
    const words = Array.from({ length: size }, () => vocabulary[roll(vocabulary.length)] ?? 'word')
    const hint = hints[roll(Math.max(1, hints.length))]
    if (hint !== undefined) words[roll(size)] = hint
    made.push(punctuated(words))
    left -= size
  }
  return made
}

function punctuated(words: string[]): string[] {
  return words.map((word, index) => {
    const cased = index === 0 ? word.slice(0, 1).toUpperCase() + word.slice(1) : word
    return index === words.length - 1 ? `${cased}.` : cased
  })
}

type Word = NonNullable<Transcript['words']>[number]

/** Times in proportion to the length of each word, end to end over the whole sound. */
function timed(words: string[], seconds: number): Word[] {
  const letters = words.reduce((sum, word) => sum + word.length + 1, 0)
  let passed = 0
  return words.map((word) => {
    const start = round((seconds * passed) / letters)
    passed += word.length + 1
    return { word, start, end: round((seconds * passed) / letters) }
  })
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000

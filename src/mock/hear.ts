import { defined } from '#core/json'
import type { Transcript, TranscriptSegment } from '#core/media'
import { dice, hash } from './chance.ts'
import { probe } from './media/probe.ts'

export interface Listening {
  /** Words the speaker may use; they appear in the transcript. */
  prompt?: string
  /** ISO 639-1; English when absent. */
  language?: string
  /** Whether the transcript is put into English. */
  translate?: boolean
  /** Of the sound, where its bytes do not tell. */
  mediaType?: string
}

const wordsPerSecond = 2.5

/**
 * A transcript of a sound: the same bytes give the same words, as many as fit its true duration,
 * with segments and words that fill it.
 */
export function hear(bytes: Uint8Array, options: Listening = {}): Transcript {
  const seconds = probe(bytes)?.seconds ?? Math.max(0.5, bytes.length / 16_000)
  const spoken = sentences(fingerprint(bytes), Math.max(1, Math.round(seconds * wordsPerSecond)))
  const words = timed(spoken.flat(), 0, seconds)
  const segments: TranscriptSegment[] = []
  let next = 0
  for (const sentence of spoken) {
    const first = words[next]
    next += sentence.length
    const last = words[next - 1]
    segments.push({ text: sentence.join(' '), start: first?.start ?? 0, end: last?.end ?? seconds })
  }
  return defined({
    text: segments.map((segment) => segment.text).join(' '),
    language: options.translate === true ? 'en' : (options.language ?? 'en'),
    seconds,
    segments,
    words,
    usage: { seconds },
  })
}

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

function sentences(seed: number, count: number): string[][] {
  const roll = dice(seed)
  const made: string[][] = []
  for (let left = count; left > 0;) {
    const size = Math.min(left, 6 + roll(7))
    const words = Array.from({ length: size }, () => vocabulary[roll(vocabulary.length)] ?? 'word')
    made.push(punctuated(words))
    left -= size
  }
  return made
}

const punctuated = (words: string[]): string[] =>
  words.map((word, index) => {
    const cased = index === 0 ? word.slice(0, 1).toUpperCase() + word.slice(1) : word
    return index === words.length - 1 ? `${cased}.` : cased
  })

/** Times in proportion to the length of each word, end to end. */
function timed(words: string[], start: number, end: number) {
  const letters = words.reduce((sum, word) => sum + word.length + 1, 0)
  let passed = 0
  return words.map((word) => {
    const from = start + ((end - start) * passed) / letters
    passed += word.length + 1
    return { word, start: round(from), end: round(start + ((end - start) * passed) / letters) }
  })
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000

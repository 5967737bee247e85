// SubRip and WebVTT captions, to and from segments.

import { defined } from '#core/json'
import type { Transcript, TranscriptSegment } from '#core/media'

interface CaptionStyle {
  head: string
  /** Between seconds and milliseconds. */
  point: string
  numbered: boolean
}

export const captionStyles = {
  srt: { head: '', point: ',', numbered: true },
  vtt: { head: 'WEBVTT\n\n', point: '.', numbered: false },
} as const satisfies Record<string, CaptionStyle>

export function encodeCaptions(transcript: Transcript, style: CaptionStyle): string {
  const cues = segmentsOf(transcript).map((segment, index) => {
    const number = style.numbered ? `${index + 1}\n` : ''
    const times = `${stamp(segment.start, style.point)} --> ${stamp(segment.end, style.point)}`
    return `${number}${times}\n${oneParagraph(segment.text)}\n\n`
  })
  return style.head + cues.join('')
}

// A blank line inside a cue would end it.
const oneParagraph = (text: string): string => text.trim().replace(/\s*\n\s*/g, '\n')

function stamp(seconds: number, point: string): string {
  const milliseconds = Math.round(seconds * 1000)
  const digits = (value: number, width: number): string =>
    String(Math.floor(value)).padStart(width, '0')
  const clock = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60, (milliseconds / 1000) % 60]
  const time = clock.map((value) => digits(value, 2)).join(':')
  return `${time}${point}${digits(milliseconds % 1000, 3)}`
}

const timePattern = /(?:(\d+):)?(\d+):(\d+)[.,](\d{3})/

/** Reads both kinds; blocks without times (headers, notes, styles) are passed over. */
export function decodeCaptions(text: string): Transcript {
  const blocks = text.replaceAll('\r\n', '\n').split(/\n{2,}/)
  const segments = blocks.flatMap((block): TranscriptSegment[] => {
    const lines = block.split('\n')
    const timed = lines.findIndex((line) => line.includes('-->'))
    const [from = '', to = ''] = lines[timed]?.split('-->') ?? []
    const start = secondsIn(from)
    const end = secondsIn(to)
    if (start === undefined || end === undefined) return []
    return [
      {
        text: lines
          .slice(timed + 1)
          .join('\n')
          .trim(),
        start,
        end,
      },
    ]
  })
  const said = segments.map((segment) => segment.text)
  return {
    text: said.join(' '),
    segments,
    ...defined({ seconds: segments.at(-1)?.end }),
    usage: {},
  }
}

function secondsIn(text: string): number | undefined {
  const match = timePattern.exec(text)
  if (match === null) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = match
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return (whole * 1000 + Number(milliseconds)) / 1000
}

/** The segments of a transcript; made of its words where it has only those, and of its text where it has neither. */
export function segmentsOf(transcript: Transcript): TranscriptSegment[] {
  const { segments, words, text, seconds } = transcript
  if (segments !== undefined && segments.length > 0) return segments
  if (words !== undefined && words.length > 0) return joinWords(words)
  return text === '' ? [] : [{ text, start: 0, end: seconds ?? 0 }]
}

const longestSeconds = 6
const longestGap = 1
const sentenceEnd = /[.!?\u3002\uff01\uff1f]["')\u201d\u2019]?$/

type Word = NonNullable<Transcript['words']>[number]

/** Cuts after sentences, at pauses, at changes of speaker, and where a caption would stay too long. */
function joinWords(words: readonly Word[]): TranscriptSegment[] {
  const segments: TranscriptSegment[] = []
  let open: TranscriptSegment | undefined
  for (const word of words) {
    const fits =
      open !== undefined &&
      open.speaker === word.speaker &&
      word.start - open.end <= longestGap &&
      word.end - open.start <= longestSeconds &&
      !sentenceEnd.test(open.text)
    if (open === undefined || !fits) {
      const { start, end, speaker } = word
      open = { text: word.word.trim(), start, end, ...defined({ speaker }) }
      segments.push(open)
    } else {
      open.text += /^\s/.test(word.word) ? word.word : ` ${word.word}`
      open.end = word.end
    }
  }
  return segments
}

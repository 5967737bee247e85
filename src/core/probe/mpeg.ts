// Length of MP3 and ADTS AAC sound, which are frames one after the other.

import { big16, big24, big32, byteAt, hasText } from './read.ts'
import type { Media } from '../probe.ts'

/** `kind` is what the frames of one stream have in common. */
type Frame = { mediaType: string; kind: number; size: number; samples: number; rate: number }

const mp3Bitrates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // MPEG-1
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // MPEG-2 and 2.5
] as const
const mp3Rates = [44_100, 48_000, 32_000] as const
const aacRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000,
  7350,
] as const

/** Where the sound begins: after ID3v2 tags and the padding some writers put behind them. */
export const skipId3 = (bytes: Uint8Array): number => {
  let at = 0
  while (isId3(bytes, at)) {
    const size = [6, 7, 8, 9].reduce((sum, step) => sum * 128 + byteAt(bytes, at + step), 0)
    const footer = byteAt(bytes, at + 5) & 0x10 ? 10 : 0
    at += 10 + size + footer
  }
  while (at > 0 && at < bytes.length && byteAt(bytes, at) === 0) at++
  return Math.min(at, bytes.length)
}

const isId3 = (bytes: Uint8Array, at: number): boolean =>
  hasText(bytes, at, 'ID3') &&
  byteAt(bytes, at + 3) <= 4 &&
  [6, 7, 8, 9].every((step) => byteAt(bytes, at + step) < 128)

export const probeFrames = (bytes: Uint8Array): Media | undefined => {
  const first = readFrame(bytes, 0)
  if (first === undefined) return undefined
  const next = readFrame(bytes, first.size)
  // One sync word is easily met by chance; two frames of a kind, or one alone, are not.
  const isAlone = first.size === bytes.length || hasText(bytes, first.size, 'TAG')
  if (!isAlone && next?.kind !== first.kind) return undefined
  const { mediaType } = first
  return { mediaType, seconds: (taggedSamples(bytes, first) ?? count(bytes, first)) / first.rate }
}

const readFrame = (bytes: Uint8Array, at: number): Frame | undefined => {
  if (byteAt(bytes, at) !== 0xff || at + 4 > bytes.length) return undefined
  const second = byteAt(bytes, at + 1)
  if ((second & 0xf6) === 0xf0) return readAacFrame(bytes, at)
  return (second & 0xe6) === 0xe2 ? readMp3Frame(bytes, at) : undefined
}

const readAacFrame = (bytes: Uint8Array, at: number): Frame | undefined => {
  const rate = aacRates[(byteAt(bytes, at + 2) >> 2) & 15]
  const size = (big24(bytes, at + 3) >> 5) & 0x1fff
  if (rate === undefined || size < 7) return undefined
  const samples = 1024 * ((byteAt(bytes, at + 6) & 3) + 1)
  const kind = big16(bytes, at + 1) & 0xfffc
  return { mediaType: 'audio/aac', kind, size, samples, rate }
}

const readMp3Frame = (bytes: Uint8Array, at: number): Frame | undefined => {
  const version = (byteAt(bytes, at + 1) >> 3) & 3 // 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5
  const third = byteAt(bytes, at + 2)
  const isFirst = version === 3
  const bitrate = mp3Bitrates[isFirst ? 0 : 1][third >> 4] ?? 0
  const fullRate = mp3Rates[(third >> 2) & 3]
  if (version === 1 || bitrate === 0 || fullRate === undefined) return undefined
  const rate = isFirst ? fullRate : version === 2 ? fullRate / 2 : fullRate / 4
  const samples = isFirst ? 1152 : 576
  const size = Math.floor((samples * 125 * bitrate) / rate) + ((third >> 1) & 1)
  const kind = big16(bytes, at + 1) & 0xfe0c
  return { mediaType: 'audio/mpeg', kind, size, samples, rate }
}

// Every frame, finding the next one again after bytes that are none.
const count = (bytes: Uint8Array, first: Frame): number => {
  let samples = 0
  for (let at = 0; at < bytes.length;) {
    const frame = readFrame(bytes, at)
    const isSame = frame?.kind === first.kind
    if (isSame) samples += frame.samples
    at += isSame ? frame.size : 1
  }
  return samples
}

// The first frame of a file with a variable rate holds a count instead of sound.
const taggedSamples = (bytes: Uint8Array, first: Frame): number | undefined => {
  if (first.mediaType !== 'audio/mpeg') return undefined
  const isFirst = first.samples === 1152
  const isMono = byteAt(bytes, 3) >> 6 === 3
  const at = 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17)
  if (hasText(bytes, 36, 'VBRI')) return big32(bytes, 50) * first.samples
  if (!hasText(bytes, at, 'Xing') && !hasText(bytes, at, 'Info')) return undefined
  const flags = byteAt(bytes, at + 7)
  if ((flags & 1) === 0) return undefined
  const fields = [4, 4, 100, 4].filter((_, bit) => (flags >> bit) & 1)
  const encoderAt = at + 8 + fields.reduce((total, size) => total + size, 0)
  // LAME and ffmpeg say how many samples they added at the start and the end.
  const hasEncoder = hasText(bytes, encoderAt, 'LAME') || hasText(bytes, encoderAt, 'Lav')
  const added = hasEncoder ? big24(bytes, encoderAt + 21) : 0
  const total = big32(bytes, at + 8) * first.samples
  return Math.max(0, total - (added >> 12) - (added & 0xfff))
}

// Length and size of MP4, M4A and QuickTime files, whole or in fragments.

import { big16, big32, big64, byteAt, hasText, textAt } from './read.ts'
import type { Media } from '../probe.ts'
import { type Box, type Fragments, readFragment } from './fragments.ts'

type Findings = {
  timescale: number
  duration: number
  isTotal: boolean
  hasSamples: boolean
  hasVideo: boolean
  hasSound: boolean
  width: number
  height: number
  trackScale: number
  fragments: Fragments
}

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'mvex', 'moof', 'traf'])
const deepest = 8

export const probeMp4 = (bytes: Uint8Array): Media | undefined => {
  if (!hasText(bytes, 4, 'ftyp')) return undefined
  const findings: Findings = {
    timescale: 0,
    duration: 0,
    isTotal: false,
    hasSamples: false,
    hasVideo: false,
    hasSound: false,
    width: 0,
    height: 0,
    trackScale: 0,
    fragments: { track: 0, isFirst: false, sampleDuration: 0, samples: 0 },
  }
  readBoxes(bytes, { name: '', from: 0, to: bytes.length }, findings, 0)
  const seconds = secondsOf(findings)
  const { width, height, hasVideo } = findings
  return {
    mediaType: mediaTypeOf(textAt(bytes, 8, 4), findings),
    ...(seconds === undefined ? {} : { seconds }),
    ...(hasVideo && width > 0 && height > 0 ? { width, height } : {}),
  }
}

const mediaTypeOf = (brand: string, { hasVideo, hasSound }: Findings): string => {
  if (brand === 'avif' || brand === 'avis') return 'image/avif'
  if (brand === 'heic' || brand === 'heix' || brand === 'mif1') return 'image/heic'
  if (brand === 'qt  ') return 'video/quicktime'
  if (brand.startsWith('M4A') || (hasSound && !hasVideo)) return 'audio/mp4'
  return 'video/mp4'
}

// The movie's duration is that of its own samples, unless it has none (then it is 0 or, from some
// writers, the total) or `mehd` gives the total; fragments come on top.
const secondsOf = (findings: Findings): number | undefined => {
  const { timescale, duration, isTotal, hasSamples, trackScale, fragments } = findings
  const movie = timescale > 0 ? duration / timescale : 0
  const pieces = trackScale > 0 ? fragments.samples / trackScale : 0
  const seconds = hasSamples && !isTotal ? movie + pieces : Math.max(movie, pieces)
  return seconds > 0 ? seconds : undefined
}

const readBoxes = (bytes: Uint8Array, parent: Box, findings: Findings, depth: number): void => {
  for (let at = parent.from; at + 8 <= parent.to;) {
    const short = big32(bytes, at)
    const header = short === 1 ? 16 : 8
    const declared = short === 1 ? big64(bytes, at + 8) : short
    const size = short === 0 ? parent.to - at : declared
    if (size < header) return
    const to = Math.min(parent.to, at + size)
    const box = { name: textAt(bytes, at + 4, 4), from: at + header, to }
    if (containers.has(box.name) && depth < deepest) readBoxes(bytes, box, findings, depth + 1)
    else readBox(bytes, box, findings)
    at += size
  }
}

const readBox = (bytes: Uint8Array, box: Box, findings: Findings): void => {
  readers[box.name]?.(bytes, box, findings)
  readFragment(bytes, box, findings.fragments)
}

type ReadBox = (bytes: Uint8Array, box: Box, findings: Findings) => void

// Version 1 of a box has 64-bit times.
const isWide = (bytes: Uint8Array, box: Box): boolean => byteAt(bytes, box.from) === 1

const timeAt = (bytes: Uint8Array, at: number, wide: boolean): number => {
  const time = wide ? big64(bytes, at) : big32(bytes, at)
  const isUnknown = wide ? time >= 2 ** 63 : time === 0xffffffff
  return isUnknown ? 0 : time
}

const readMovie: ReadBox = (bytes, box, findings) => {
  const wide = isWide(bytes, box)
  findings.timescale = big32(bytes, box.from + (wide ? 20 : 12))
  findings.duration = timeAt(bytes, box.from + (wide ? 24 : 16), wide)
}

const readExtended: ReadBox = (bytes, box, findings) => {
  findings.duration = timeAt(bytes, box.from + 4, isWide(bytes, box))
  findings.isTotal = true
}

const readTrack: ReadBox = (bytes, box, findings) => {
  const wide = isWide(bytes, box)
  const { fragments } = findings
  if (fragments.track === 0) fragments.track = big32(bytes, box.from + (wide ? 20 : 12))
  const sizeAt = box.from + (wide ? 88 : 76)
  findings.width = Math.max(findings.width, big16(bytes, sizeAt))
  findings.height = Math.max(findings.height, big16(bytes, sizeAt + 4))
}

const readTrackMedia: ReadBox = (bytes, box, findings) => {
  if (findings.trackScale !== 0) return
  findings.trackScale = big32(bytes, box.from + (isWide(bytes, box) ? 20 : 12))
}

const readHandler: ReadBox = (bytes, box, findings) => {
  if (hasText(bytes, box.from + 8, 'vide')) findings.hasVideo = true
  if (hasText(bytes, box.from + 8, 'soun')) findings.hasSound = true
}

const readSampleTimes: ReadBox = (bytes, box, findings) => {
  if (big32(bytes, box.from + 4) > 0) findings.hasSamples = true
}

const readers: Record<string, ReadBox> = {
  mvhd: readMovie,
  mehd: readExtended,
  tkhd: readTrack,
  mdhd: readTrackMedia,
  hdlr: readHandler,
  stts: readSampleTimes,
}

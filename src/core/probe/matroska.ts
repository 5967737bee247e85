// Length and size of WebM and Matroska files.

import { big16, byteAt, hasText, textAt } from './read.ts'
import type { Media } from '../probe.ts'

type Element = { id: number; from: number; size: number; isEndless: boolean }

type Findings = {
  documentType: string
  scale: number
  duration: number
  hasVideo: boolean
  hasSound: boolean
  width: number
  height: number
  clusterTime: number
  lastTime: number
  lastGap: number
}

const ids = {
  header: 0x1a45dfa3,
  documentType: 0x4282,
  segment: 0x18538067,
  info: 0x1549a966,
  scale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  track: 0xae,
  trackType: 0x83,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
  cluster: 0x1f43b675,
  clusterTime: 0xe7,
  group: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
} as const

const nested: Set<number> = new Set([
  ids.header,
  ids.segment,
  ids.info,
  ids.tracks,
  ids.track,
  ids.video,
  ids.cluster,
  ids.group,
])
const millisecond = 1_000_000
const videoTrack = 1
const soundTrack = 2

export const probeMatroska = (bytes: Uint8Array): Media | undefined => {
  if (!hasText(bytes, 0, '\x1a\x45\xdf\xa3')) return undefined
  const findings = read(bytes)
  const { width, height, hasVideo, hasSound, scale } = findings
  // Browsers' recorders leave the duration out; then the last block ends about one gap later.
  const ticks = findings.duration > 0 ? findings.duration : findings.lastTime + findings.lastGap
  const seconds = (ticks * scale) / 1e9
  const container = findings.documentType === 'webm' ? 'webm' : 'x-matroska'
  return {
    mediaType: `${hasSound && !hasVideo ? 'audio' : 'video'}/${container}`,
    ...(seconds > 0 && Number.isFinite(seconds) ? { seconds } : {}),
    ...(hasVideo && width > 0 && height > 0 ? { width, height } : {}),
  }
}

// Nested elements are entered and all others passed over, so ends need no bookkeeping and
// elements of unknown size no special case.
const read = (bytes: Uint8Array): Findings => {
  const findings: Findings = {
    documentType: '',
    scale: millisecond,
    duration: 0,
    hasVideo: false,
    hasSound: false,
    width: 0,
    height: 0,
    clusterTime: 0,
    lastTime: 0,
    lastGap: 0,
  }
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes, at)
    if (element === undefined) break
    const isNested = nested.has(element.id)
    if (element.isEndless && !isNested) break
    if (!isNested) note(bytes, element, findings)
    at = isNested ? element.from : element.from + element.size
  }
  return findings
}

const readElement = (bytes: Uint8Array, at: number): Element | undefined => {
  const idLength = lengthAt(bytes, at)
  const sizeAt = at + idLength
  const sizeLength = lengthAt(bytes, sizeAt)
  if (idLength > 4 || sizeLength > 8) return undefined
  const id = unsignedAt(bytes, at, idLength)
  // The first byte's mark goes before the sum, which would otherwise pass 2^53 and round.
  const top = (byteAt(bytes, sizeAt) & (0xff >> sizeLength)) * 256 ** (sizeLength - 1)
  const size = top + unsignedAt(bytes, sizeAt + 1, sizeLength - 1)
  const isEndless = size >= 2 ** (7 * sizeLength) - 1
  return { id, from: sizeAt + sizeLength, size, isEndless }
}

// Leading zero bits of the first byte tell how many bytes follow; 9 and more are invalid.
const lengthAt = (bytes: Uint8Array, at: number): number => Math.clz32(byteAt(bytes, at)) - 23

const unsignedAt = (bytes: Uint8Array, at: number, length: number): number => {
  let value = 0
  const end = at + Math.min(8, length)
  for (let place = at; place < end; place++) value = value * 256 + byteAt(bytes, place)
  return value
}

const floatAt = (bytes: Uint8Array, { from, size }: Element): number => {
  if (from + size > bytes.length || (size !== 4 && size !== 8)) return 0
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, size)
  return size === 4 ? view.getFloat32(0) : view.getFloat64(0)
}

const note = (bytes: Uint8Array, element: Element, findings: Findings): void => {
  const { id, from, size } = element
  switch (id) {
    case ids.documentType:
      findings.documentType = textAt(bytes, from, Math.min(size, 16)).replace(/\0+$/, '')
      break
    case ids.scale:
      findings.scale = unsignedAt(bytes, from, size)
      break
    case ids.duration:
      findings.duration = floatAt(bytes, element)
      break
    case ids.trackType:
      findings.hasVideo ||= byteAt(bytes, from) === videoTrack
      findings.hasSound ||= byteAt(bytes, from) === soundTrack
      break
    case ids.width:
      findings.width = unsignedAt(bytes, from, size)
      break
    case ids.height:
      findings.height = unsignedAt(bytes, from, size)
      break
    case ids.clusterTime:
      findings.clusterTime = unsignedAt(bytes, from, size)
      noteTime(findings, findings.clusterTime)
      break
    case ids.block:
    case ids.simpleBlock:
      noteTime(findings, findings.clusterTime + offsetOf(bytes, from))
      break
  }
}

// After the track's number: signed 16 bits relative to the cluster.
const offsetOf = (bytes: Uint8Array, from: number): number => {
  const offset = big16(bytes, from + lengthAt(bytes, from))
  return offset < 0x8000 ? offset : offset - 0x10000
}

const noteTime = (findings: Findings, time: number): void => {
  if (time <= findings.lastTime) return
  findings.lastGap = time - findings.lastTime
  findings.lastTime = time
}

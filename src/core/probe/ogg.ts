// Length of Ogg sound: Opus, Vorbis and FLAC.

import { big24, byteAt, hasText, little16, little32 } from './read.ts'
import type { Media } from '../probe.ts'

type Link = { rate: number; skipped: number; end: number }

const mediaType = 'audio/ogg'
const noPacketEnds = 0xffffffff

export const probeOgg = (bytes: Uint8Array): Media | undefined => {
  if (!hasText(bytes, 0, 'OggS')) return undefined
  const links = readLinks(bytes)
  if (links.every((link) => link.end === 0)) return { mediaType }
  // Links follow one another: a chained file is as long as all of them.
  const seconds = links.reduce(
    (total, link) => total + Math.max(0, link.end - link.skipped) / link.rate,
    0,
  )
  return { mediaType, seconds }
}

const readLinks = (bytes: Uint8Array): Link[] => {
  const links: Link[] = []
  const current = new Map<number, Link>()
  for (let at = 0; at + 27 <= bytes.length;) {
    if (!hasText(bytes, at, 'OggS')) {
      at++
      continue
    }
    const segments = byteAt(bytes, at + 26)
    const bodyAt = at + 27 + segments
    const serial = little32(bytes, at + 14)
    const isFirst = (byteAt(bytes, at + 5) & 2) !== 0
    const started = isFirst ? startLink(bytes, bodyAt) : undefined
    if (started !== undefined) {
      links.push(started)
      current.set(serial, started)
    }
    const link = current.get(serial)
    const high = little32(bytes, at + 10)
    if (link !== undefined && high !== noPacketEnds) {
      link.end = Math.max(link.end, high * 0x100000000 + little32(bytes, at + 6))
    }
    at = bodyAt + bytes.subarray(at + 27, bodyAt).reduce((total, lace) => total + lace, 0)
  }
  return links
}

const startLink = (bytes: Uint8Array, at: number): Link | undefined => {
  if (hasText(bytes, at, 'OpusHead')) {
    return { rate: 48_000, skipped: little16(bytes, at + 10), end: 0 }
  }
  if (hasText(bytes, at, '\x01vorbis')) return ratedLink(little32(bytes, at + 12))
  // The FLAC mapping puts 17 bytes before the native stream's header, which has 20 bits of rate.
  return hasText(bytes, at, '\x7fFLAC') ? ratedLink(big24(bytes, at + 27) >> 4) : undefined
}

const ratedLink = (rate: number): Link | undefined =>
  rate === 0 ? undefined : { rate, skipped: 0, end: 0 }

// Size of PNG, JPEG, GIF and WebP pictures.

import { big16, big32, byteAt, hasText, little16, little24, little32 } from './read.ts'
import type { Media } from '../probe.ts'

export const probeImage = (bytes: Uint8Array): Media | undefined => {
  if (hasText(bytes, 0, '\x89PNG\r\n\x1a\n')) {
    return sized('image/png', big32(bytes, 16), big32(bytes, 20))
  }
  if (hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a')) {
    return sized('image/gif', little16(bytes, 6), little16(bytes, 8))
  }
  if (hasText(bytes, 0, '\xff\xd8\xff')) return probeJpeg(bytes)
  if (hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP')) return probeWebp(bytes)
  return undefined
}

// Reads past the end give 0, so a size of 0 means the file was cut before it.
const sized = (mediaType: string, width: number, height: number): Media =>
  width > 0 && height > 0 ? { mediaType, width, height } : { mediaType }

const probeJpeg = (bytes: Uint8Array): Media => {
  let at = 2
  while (at < bytes.length) {
    const marker = byteAt(bytes, at + 1)
    if (byteAt(bytes, at) !== 0xff || marker === 0xff) {
      at++
      continue
    }
    if (isFrameHeader(marker)) {
      return sized('image/jpeg', big16(bytes, at + 7), big16(bytes, at + 5))
    }
    at += isAlone(marker) ? 2 : 2 + Math.max(2, big16(bytes, at + 2))
  }
  return { mediaType: 'image/jpeg' }
}

// SOF0 to SOF15 without the tables (DHT, JPG, DAC) among them.
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

const isAlone = (marker: number): boolean =>
  marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd9)

const probeWebp = (bytes: Uint8Array): Media => {
  const mediaType = 'image/webp'
  if (hasText(bytes, 12, 'VP8X') && bytes.length >= 30) {
    return sized(mediaType, little24(bytes, 24) + 1, little24(bytes, 27) + 1)
  }
  if (hasText(bytes, 12, 'VP8L') && byteAt(bytes, 20) === 0x2f && bytes.length >= 25) {
    const bits = little32(bytes, 21)
    return sized(mediaType, (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
  }
  if (hasText(bytes, 12, 'VP8 ') && hasText(bytes, 23, '\x9d\x01\x2a')) {
    return sized(mediaType, little16(bytes, 26) & 0x3fff, little16(bytes, 28) & 0x3fff)
  }
  return { mediaType }
}

// Length of WAV (RIFF and RF64) sound.

import { hasText, little32 } from './read.ts'
import type { Media } from '../probe.ts'

export const probeWav = (bytes: Uint8Array): Media | undefined => {
  const isRiff = hasText(bytes, 0, 'RIFF') || hasText(bytes, 0, 'RF64')
  if (!isRiff || !hasText(bytes, 8, 'WAVE')) return undefined
  let bytesPerSecond = 0
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = little32(bytes, at + 4)
    if (hasText(bytes, at, 'fmt ')) bytesPerSecond = little32(bytes, at + 16)
    if (hasText(bytes, at, 'data')) return lasting(bytes.length - at - 8, size, bytesPerSecond)
    at += 8 + size + (size % 2)
  }
  return { mediaType: 'audio/wav' }
}

// Writers that stream leave the size 0 or all ones; then the data goes on to the end.
const lasting = (present: number, declared: number, bytesPerSecond: number): Media => {
  const size = declared === 0 ? present : Math.min(present, declared)
  if (bytesPerSecond === 0) return { mediaType: 'audio/wav' }
  return { mediaType: 'audio/wav', seconds: size / bytesPerSecond }
}

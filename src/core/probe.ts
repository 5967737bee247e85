import { hasText } from './probe/read.ts'
import { probeFlac } from './probe/flac.ts'
import { probeImage } from './probe/image.ts'
import { probeMatroska } from './probe/matroska.ts'
import { probeMp4 } from './probe/mp4.ts'
import { probeFrames, skipId3 } from './probe/mpeg.ts'
import { probeOgg } from './probe/ogg.ts'
import { probeWav } from './probe/wav.ts'

/** `seconds` for sound and video; `width` and `height` in pixels for pictures and video. */
export type Media = { mediaType: string; seconds?: number; width?: number; height?: number }

/**
 * What a file is by its content: PNG, JPEG, GIF, WebP, WAV, MP3, FLAC, Ogg (Opus, Vorbis, FLAC),
 * ADTS AAC, MP4 and M4A, WebM and Matroska, or PDF; undefined for anything else.
 *
 * Seconds and size are those a player would find, and are left out where a truncated file no
 * longer tells. Never throws, and takes time linear in the length of the file at worst.
 */
export const probe = (bytes: Uint8Array): Media | undefined => {
  for (const recognise of containers) {
    const media = recognise(bytes)
    if (media !== undefined) return media
  }
  const sound = bytes.subarray(skipId3(bytes))
  const media = probeFlac(sound) ?? probeFrames(sound)
  if (media !== undefined || sound.length === bytes.length) return media
  return { mediaType: 'audio/mpeg' }
}

const probePdf = (bytes: Uint8Array): Media | undefined =>
  hasText(bytes, 0, '%PDF-') ? { mediaType: 'application/pdf' } : undefined

const containers = [probeImage, probeWav, probeOgg, probeMp4, probeMatroska, probePdf]

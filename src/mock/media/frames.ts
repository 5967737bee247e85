// MP3 and ADTS AAC: frames one after the other, nothing around them.

import { byteAt } from '#core/probe/read'
import { type Bytes, join } from './bytes.ts'
import { type Clips, play, unpack } from './clips.ts'
import { hash } from './hash.ts'
import { aacTones } from './tones/aac.ts'
import { mp3Tones } from './tones/mp3.ts'
import type { Voice } from './wave.ts'

const sampleRate = 24_000
const samplesPerMp3Frame = 576
const samplesPerAacFrame = 1024
// About a fifth of a second of MP3; half as many frames of AAC.
const framesPerChunk = 8

let mp3Clips: Clips | undefined
let aacClips: Clips | undefined

/** MPEG-2 layer III, 32 kbit/s mono at 24 kHz. */
export const encodeMp3 = function* (voice: Voice): Generator<Bytes, void> {
  mp3Clips ??= unpack(mp3Tones)
  const silence = signMp3(mp3Clips.silence, markOf(voice))
  // ffmpeg does not open a file of a single frame.
  const frames = Math.max(2, framesIn(voice.seconds, samplesPerMp3Frame))
  const song = { ...voice, frames }
  for (const group of play({ ...mp3Clips, silence }, song, framesPerChunk)) yield join(group)
}

/** AAC-LC mono at 24 kHz. */
export const encodeAac = function* (voice: Voice): Generator<Bytes, void> {
  aacClips ??= unpack(aacTones)
  const silence = signAac(aacClips.silence, markOf(voice))
  const frames = Math.max(1, framesIn(voice.seconds, samplesPerAacFrame))
  const song = { ...voice, frames }
  for (const group of play({ ...aacClips, silence }, song, framesPerChunk / 2)) yield join(group)
}

const framesIn = (seconds: number, samples: number): number =>
  Math.round((seconds * sampleRate) / samples)

// Short tunes can be alike, so the silent frames carry the hash of what is said. Seven bits of
// each byte keep clear of what looks like the start of a frame.
const markOf = (voice: Voice): number[] => {
  const mark = hash(voice.text, voice.seed)
  return [mark >>> 28, mark >>> 21, mark >>> 14, mark >>> 7, mark].map((bits) => bits & 127)
}

// The end of a silent frame is ancillary data, which decoders skip.
const signMp3 = (frame: Uint8Array, mark: number[]): Bytes =>
  join([frame.subarray(0, -mark.length), mark])

// A data stream element of whole bytes goes before the sound; the frame's length is in 13 bits.
const signAac = (frame: Uint8Array, mark: number[]): Bytes => {
  const headerSize = 7
  const element = [0x80, mark.length, ...mark]
  const signed = join([frame.subarray(0, headerSize), element, frame.subarray(headerSize)])
  signed[4] = (signed.length >> 3) & 255
  signed[5] = ((signed.length & 7) << 5) | (byteAt(signed, 5) & 31)
  return signed
}

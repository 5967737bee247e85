// FLAC with verbatim and constant subframes: no prediction, so it costs no more than WAV.
// https://www.rfc-editor.org/rfc/rfc9639

import { type Bytes, fromText, join, toBig32 } from './bytes.ts'
import { checkFlacFrame, checkFlacHeader } from '#core/checksum'
import { type Voice, wave } from './wave.ts'

const blockSize = 4096
const constant = 0x00
const verbatim = 0x02

export const encodeFlac = function* (voice: Voice): Generator<Bytes, void> {
  yield join([fromText('fLaC'), streamInfo(voice)])
  let number = 0
  for (const samples of wave(voice, blockSize)) yield frame(samples, number++, voice.sampleRate)
}

const streamInfo = ({ seconds, sampleRate }: Voice): Bytes => {
  const total = Math.round(seconds * sampleRate)
  const sizes = [blockSize >> 8, blockSize & 255, blockSize >> 8, blockSize & 255, 0, 0, 0, 0, 0, 0]
  // 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of samples.
  const rate = [sampleRate >> 12, (sampleRate >> 4) & 255, (sampleRate & 15) << 4]
  const depth = (((16 - 1) & 15) << 4) | Math.floor(total / 0x100000000)
  const unknownDigest = new Uint8Array(16)
  return join([[0x80, 0, 0, 34], sizes, rate, [depth], toBig32(total), unknownDigest])
}

const frame = (samples: Int16Array, number: number, sampleRate: number): Bytes => {
  const last = samples.length - 1
  const header = [
    0xff,
    0xf8,
    0x7d,
    0x08,
    ...spellNumber(number),
    last >> 8,
    last & 255,
    sampleRate >> 8,
    sampleRate & 255,
  ]
  const body = subframe(samples)
  const bytes = join([header, [checkFlacHeader(Uint8Array.from(header))], body, [0, 0]])
  const check = checkFlacFrame(bytes.subarray(0, -2))
  bytes.set([check >> 8, check & 255], bytes.length - 2)
  return bytes
}

const subframe = (samples: Int16Array): Bytes => {
  const first = samples[0] ?? 0
  if (samples.every((sample) => sample === first)) {
    return Uint8Array.of(constant, first >> 8, first & 255)
  }
  const bytes = new Uint8Array(1 + samples.length * 2)
  const view = new DataView(bytes.buffer)
  bytes[0] = verbatim
  for (let index = 0; index < samples.length; index++) {
    view.setInt16(1 + index * 2, samples[index] ?? 0)
  }
  return bytes
}

// The frame number is spelled like a character in UTF-8, surrogates and all.
const spellNumber = (number: number): number[] => {
  const tail = [number >> 12, number >> 6, number].map((bits) => 0x80 | (bits & 63))
  if (number < 0x80) return [number]
  if (number < 0x800) return [0xc0 | (number >> 6), ...tail.slice(2)]
  if (number < 0x10000) return [0xe0 | (number >> 12), ...tail.slice(1)]
  return [0xf0 | (number >> 18), ...tail]
}

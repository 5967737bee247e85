// Raw samples and WAV: 16 bits, mono, little-endian.

import { type Bytes, fromText, join, toLittle32 } from './bytes.ts'
import { type Voice, wave } from './wave.ts'

const bytesPerSample = 2

export const encodePcm = function* (voice: Voice): Generator<Bytes, void> {
  for (const samples of wave(voice, blockSize(voice))) {
    const bytes = new Uint8Array(samples.length * bytesPerSample)
    const view = new DataView(bytes.buffer)
    for (let index = 0; index < samples.length; index++) {
      view.setInt16(index * bytesPerSample, samples[index] ?? 0, true)
    }
    yield bytes
  }
}

export const encodeWav = function* (voice: Voice): Generator<Bytes, void> {
  const size = Math.round(voice.seconds * voice.sampleRate) * bytesPerSample
  yield join([
    fromText('RIFF'),
    toLittle32(size + 36),
    fromText('WAVEfmt '),
    toLittle32(16),
    [1, 0, 1, 0],
    toLittle32(voice.sampleRate),
    toLittle32(voice.sampleRate * bytesPerSample),
    [bytesPerSample, 0, 8 * bytesPerSample, 0],
    fromText('data'),
    toLittle32(size),
  ])
  yield* encodePcm(voice)
}

const blockSize = (voice: Voice): number => Math.ceil(voice.sampleRate / 5)

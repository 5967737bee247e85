// The tune as 16-bit mono samples, for the formats that need no codec.

import { hash } from './hash.ts'
import { pitches, tune } from './melody.ts'

export type Voice = { text: string; seconds: number; sampleRate: number; seed?: number }

const stepsPerSecond = 40
const tableBits = 11
const tableSize = 1 << tableBits
const loudness = 9000

// A fundamental with two softer overtones, as a bare sine is tiring.
const shape = Float32Array.from({ length: tableSize }, (_, index) => {
  const angle = (index * 2 * Math.PI) / tableSize
  return loudness * (Math.sin(angle) + 0.3 * Math.sin(2 * angle) + 0.1 * Math.sin(3 * angle))
})

/** Blocks of exactly `size` samples, except the last, which ends `seconds` after the start. */
export const wave = function* (voice: Voice, size: number): Generator<Int16Array, void> {
  let left = Math.round(voice.seconds * voice.sampleRate)
  let block = new Int16Array(Math.min(size, left))
  let filled = 0
  for (const note of render(voice)) {
    let rest = note
    while (rest.length > 0 && left > 0) {
      const part = rest.subarray(0, block.length - filled)
      block.set(part, filled)
      filled += part.length
      rest = rest.subarray(part.length)
      if (filled < block.length) continue
      yield block
      left -= filled
      block = new Int16Array(Math.min(size, left))
      filled = 0
    }
    if (left === 0) return
  }
}

const render = function* (voice: Voice): Generator<Int16Array, void> {
  const step = voice.sampleRate / stepsPerSecond
  // A slight detuning by text keeps even a fraction of one note apart from another text's.
  const detuned = 1 + ((hash(voice.text, voice.seed) % 4001) - 2000) / 100_000
  for (const note of tune(voice.text, voice.seed)) {
    const sounding = Math.floor(note.steps * step)
    const samples = new Int16Array(sounding + Math.floor(note.rest * step))
    const turn = (((pitches[note.pitch] ?? 0) * detuned) / voice.sampleRate) * tableSize
    const rise = step / 4
    const fall = step
    for (let at = 0; at < sounding; at++) {
      const level = Math.min(1, at / rise, (sounding - at) / fall)
      samples[at] = level * (shape[(at * turn) & (tableSize - 1)] ?? 0)
    }
    yield samples
  }
}

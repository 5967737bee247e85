// Makes src/mock/media/tones/*.ts; needs ffmpeg with libmp3lame and libopus on PATH.
// Run from the repository's root: node tests/mock/make-tones.ts

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { longestNote, pitches } from '../../src/mock/media/melody.ts'

type Recipe = {
  name: string
  sampleRate: number
  samplesPerFrame: number
  arguments: string[]
  split: (encoded: Uint8Array) => Uint8Array[]
}

// The encoders settle on silence before the note, so that it starts from a known state.
const silentFrames = 8
// One frame more than the longest note, as the codecs overlap frames.
const framesPerNote = longestNote + 1

const splitMp3 = (encoded: Uint8Array): Uint8Array[] =>
  Array.from({ length: encoded.length / 96 }, (_, index) =>
    encoded.subarray(index * 96, index * 96 + 96),
  )

const splitAac = (encoded: Uint8Array): Uint8Array[] => {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length)
  const frames: Uint8Array[] = []
  for (let at = 0; at < encoded.length;) {
    const length = (view.getUint32(at + 3) >>> 13) & 0x1fff
    frames.push(encoded.subarray(at, at + length))
    at += length
  }
  return frames
}

const splitOgg = (encoded: Uint8Array): Uint8Array[] => {
  const packets: Uint8Array[] = []
  for (let at = 0; at < encoded.length;) {
    const segments = encoded[at + 26] ?? 0
    let from = at + 27 + segments
    let length = 0
    for (const lace of encoded.subarray(at + 27, from)) {
      length += lace
      if (lace === 255) continue
      packets.push(encoded.subarray(from, from + length))
      from += length
      length = 0
    }
    at = from
  }
  return packets.slice(2) // without the two header packets
}

const recipes: Recipe[] = [
  {
    // Constant rate and no reservoir: each frame has all its own data, in 96 bytes.
    name: 'mp3',
    sampleRate: 24_000,
    samplesPerFrame: 576,
    split: splitMp3,
    arguments: [
      '-c:a',
      'libmp3lame',
      '-b:a',
      '32k',
      '-reservoir',
      '0',
      '-write_xing',
      '0',
      '-id3v2_version',
      '0',
      '-f',
      'mp3',
    ],
  },
  {
    // No noise substitution, whose output is another in every decoder, and no shaping of noise.
    name: 'aac',
    sampleRate: 24_000,
    samplesPerFrame: 1024,
    split: splitAac,
    arguments: ['-c:a', 'aac', '-b:a', '12k', '-aac_pns', '0', '-aac_tns', '0', '-f', 'adts'],
  },
  {
    // Low delay means CELT, whose silent packets reset the decoder's prediction.
    name: 'opus',
    sampleRate: 48_000,
    samplesPerFrame: 960,
    split: splitOgg,
    arguments: [
      '-c:a',
      'libopus',
      '-application',
      'lowdelay',
      '-b:a',
      '24k',
      '-vbr',
      'on',
      '-frame_duration',
      '20',
      '-f',
      'ogg',
    ],
  },
]

const noteSamples = (recipe: Recipe, frequency: number): Uint8Array => {
  const start = silentFrames * recipe.samplesPerFrame
  const length = (framesPerNote + 1) * recipe.samplesPerFrame
  const samples = new Int16Array(start + length + start)
  for (let at = 0; at < length; at++) {
    const angle = (2 * Math.PI * frequency * at) / recipe.sampleRate
    const level = Math.min(1, at / (recipe.sampleRate / 160))
    const sound = Math.sin(angle) + 0.3 * Math.sin(2 * angle) + 0.1 * Math.sin(3 * angle)
    samples[start + at] = Math.round(9000 * level * sound)
  }
  return new Uint8Array(samples.buffer)
}

const encode = (recipe: Recipe, frequency: number): Uint8Array[] => {
  const input = ['-f', 's16le', '-ar', `${recipe.sampleRate}`, '-ac', '1', '-i', 'pipe:0']
  const exact = ['-fflags', '+bitexact', '-flags:a', '+bitexact']
  const encoded = execFileSync(
    'ffmpeg',
    ['-v', 'error', ...input, ...exact, ...recipe.arguments, 'pipe:1'],
    { input: noteSamples(recipe, frequency) },
  )
  return recipe.split(encoded)
}

const pack = (frames: Uint8Array[]): string => {
  const packed = Buffer.concat(
    frames.flatMap((frame) => [Uint8Array.of(frame.length >> 8, frame.length & 255), frame]),
  )
  return (packed.toString('base64').match(/.{1,96}/g) ?? []).join('\n')
}

const write = (recipe: Recipe): void => {
  const notes = pitches.map((frequency) => encode(recipe, frequency))
  const silence = notes[0]?.[silentFrames - 2] ?? new Uint8Array()
  const sounding = notes.flatMap((frames) =>
    frames.slice(silentFrames, silentFrames + framesPerNote),
  )
  const lines = [
    `// Made by tests/mock/make-tones.ts: one silent frame, then ${framesPerNote} a pitch.`,
    '// Each frame follows its length in two bytes, highest first.',
    '',
    `export const ${recipe.name}Tones = \``,
    pack([silence, ...sounding]),
    '`',
    '',
  ]
  writeFileSync(`src/mock/media/tones/${recipe.name}.ts`, lines.join('\n'))
}

mkdirSync('src/mock/media/tones', { recursive: true })
recipes.forEach(write)

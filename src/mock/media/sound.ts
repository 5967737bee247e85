import { encodeAac, encodeMp3 } from './frames.ts'
import { encodeFlac } from './flac.ts'
import { encodeOpus } from './opus.ts'
import { encodePcm, encodeWav } from './pcm.ts'
import type { Voice } from './wave.ts'

export type SoundFormat = 'mp3' | 'wav' | 'flac' | 'opus' | 'aac' | 'pcm'

export type SoundRequest = {
  text: string
  seconds: number
  format: SoundFormat
  sampleRate?: number
  seed?: number
}

/** Media type of each sound format. `pcm` is 16-bit little-endian mono without a header. */
export const contentTypes = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
} as const satisfies Record<SoundFormat, string>

const rates = { usual: 24_000, lowest: 8000, highest: 48_000 } as const
const longest = 24 * 60 * 60

/**
 * A mono melody drawn from the text and the seed, made chunk by chunk as it is read.
 *
 * It lasts `seconds` (0 to 86400): to the sample in wav, flac, pcm and opus, to the nearest frame
 * in mp3 (24 ms) and aac (43 ms), which hold at least two
 * and one. `sampleRate` (8000 to 48000, usually
 * 24000 Hz) is for wav, flac and pcm; mp3 and aac are always at 24 kHz and opus at 48 kHz.
 *
 * @throws RangeError when `seconds` or `sampleRate` is out of range
 * @example
 * new Response(synthesize({ text, seconds: speechSeconds(text), format: 'mp3' }))
 */
export const synthesize = (request: SoundRequest): ReadableStream<Uint8Array> => {
  const { text, seconds, sampleRate = rates.usual, seed } = request
  if (!(seconds >= 0 && seconds <= longest)) {
    throw new RangeError(`seconds must be from 0 to ${longest}, not ${seconds}`)
  }
  if (!Number.isInteger(sampleRate) || sampleRate < rates.lowest || sampleRate > rates.highest) {
    throw new RangeError(`sampleRate must be from 8000 to 48000 Hz, not ${sampleRate}`)
  }
  const voice = { text, seconds, sampleRate, ...(seed === undefined ? {} : { seed }) }
  return streamOf(encoders[request.format](voice))
}

const encoders = {
  mp3: encodeMp3,
  wav: encodeWav,
  flac: encodeFlac,
  opus: encodeOpus,
  aac: encodeAac,
  pcm: encodePcm,
} satisfies Record<SoundFormat, (voice: Voice) => Generator<Uint8Array, void>>

// Without a queue nothing is made before it is asked for.
const streamOf = (chunks: Generator<Uint8Array, void>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: function pull(controller) {
        const next = chunks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      cancel: function cancel() {
        chunks.return()
      },
    },
    { highWaterMark: 0 },
  )

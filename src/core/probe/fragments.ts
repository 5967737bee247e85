// Length of the fragments of an MP4 recording, counted on its first track.

import { big24, big32 } from './read.ts'

/** `from` and `to` bound a box's content. */
export type Box = { name: string; from: number; to: number }

/** `samples` is in units of the first track's timescale. */
export type Fragments = { track: number; isFirst: boolean; sampleDuration: number; samples: number }

/** Reads `trex`, `tfhd` and `trun`; other boxes change nothing. */
export const readFragment = (bytes: Uint8Array, box: Box, fragments: Fragments): void => {
  if (box.name === 'trex') readDefaults(bytes, box, fragments)
  if (box.name === 'tfhd') readHeader(bytes, box, fragments)
  if (box.name === 'trun' && fragments.isFirst) fragments.samples += readRun(bytes, box, fragments)
}

const readDefaults = (bytes: Uint8Array, { from }: Box, fragments: Fragments): void => {
  if (big32(bytes, from + 4) !== fragments.track) return
  fragments.sampleDuration = big32(bytes, from + 12)
}

const readHeader = (bytes: Uint8Array, { from }: Box, fragments: Fragments): void => {
  const flags = big24(bytes, from + 1)
  fragments.isFirst = big32(bytes, from + 4) === fragments.track
  if (!fragments.isFirst || (flags & 8) === 0) return
  const skipped = (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0)
  fragments.sampleDuration = big32(bytes, from + 8 + skipped)
}

const readRun = (bytes: Uint8Array, { from, to }: Box, { sampleDuration }: Fragments): number => {
  const flags = big24(bytes, from + 1)
  const count = big32(bytes, from + 4)
  if ((flags & 0x100) === 0) return count * sampleDuration
  const first = from + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0)
  const fields = [0x100, 0x200, 0x400, 0x800].filter((field) => flags & field).length
  const end = Math.min(to, first + count * fields * 4)
  let samples = 0
  for (let at = first; at < end; at += fields * 4) samples += big32(bytes, at)
  return samples
}

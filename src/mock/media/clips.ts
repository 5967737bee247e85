// The tune as pre-encoded frames, for the formats whose codecs are too large to carry.

import { big16 } from '#core/probe/read'
import { fromText } from './bytes.ts'
import { longestNote, pitches, tune } from './melody.ts'

/** `notes` holds the frames of each pitch, its attack first. */
export type Clips = { silence: Uint8Array; notes: Uint8Array[][] }

export type Song = { text: string; seed?: number; frames: number }

const framesPerNote = longestNote + 1

/** Unpacks a module of `tones/`. */
export const unpack = (packed: string): Clips => {
  const bytes = fromText(atob(packed))
  const frames: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + big16(bytes, at)
    frames.push(bytes.subarray(at + 2, end))
    at = end
  }
  const [silence = new Uint8Array(), ...sounding] = frames
  const notes = pitches.map((_, pitch) =>
    sounding.slice(pitch * framesPerNote, (pitch + 1) * framesPerNote),
  )
  return { silence, notes }
}

/** `song.frames` frames in groups of `size`, the last group shorter. */
export const play = function* (clips: Clips, song: Song, size: number) {
  let left = song.frames
  let group: Uint8Array[] = []
  for (const frame of sequence(clips, song)) {
    if (left === 0) return
    group.push(frame)
    left--
    if (group.length < size && left > 0) continue
    yield group
    group = []
  }
}

const sequence = function* (clips: Clips, song: Song): Generator<Uint8Array, void> {
  for (const note of tune(song.text, song.seed)) {
    // Always one silent frame before a note, which is what its first frame was encoded after.
    for (let rest = 0; rest <= note.rest; rest++) yield clips.silence
    yield* clips.notes[note.pitch]?.slice(0, note.steps + 1) ?? []
  }
}

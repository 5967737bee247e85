// The tune of a text: which notes a mock voice plays, the same for the same text and seed.

import { dice, hash } from './hash.ts'

/**
 * A note and the silence after it, in steps of about 25 ms.
 * `pitch` indexes `pitches`; `steps` is 4 to 7, `rest` 0 to 2.
 */
export type Note = { pitch: number; steps: number; rest: number }

/** Two octaves' worth of a pentatonic scale in hertz: any order of them sounds well. */
export const pitches = [261.63, 293.66, 329.63, 392, 440, 523.25, 587.33, 659.26] as const

/** The longest a note may last, in steps. */
export const longestNote = 7

const shortestNote = 4

export const tune = function* (text: string, seed?: number): Generator<Note, never> {
  const roll = dice(hash(text, seed))
  while (true) {
    yield {
      pitch: roll(pitches.length),
      steps: shortestNote + roll(longestNote - shortestNote + 1),
      rest: roll(3),
    }
  }
}

// Seeded chance: everything the mock draws or plays follows from a text and a seed.

/** A 32-bit hash of a text and an optional seed (FNV-1a with a final mix). */
export const hash = (text: string, seed?: number): number => {
  const keyed = `${seed ?? ''}\u0000${text}`
  let state = 0x811c9dc5
  for (let at = 0; at < keyed.length; at++) {
    state = Math.imul(state ^ keyed.charCodeAt(at), 0x01000193)
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

/** Whole numbers from 0 up to (not including) the given limit; the same seed repeats them. */
export const dice = (seed: number): ((limit: number) => number) => {
  let state = seed >>> 0
  return function roll(limit) {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000) * limit)
  }
}

import { dice, hash } from './chance.ts'
import type { MockCall } from './world.ts'

/**
 * A unit vector that follows from the text: the same text gives the same vector, and texts that
 * share words are nearer to each other than texts that share none. A scripted vector of the call is
 * given as it is.
 */
export function embed(text: string, dimensions: number, call?: MockCall): number[] {
  const vector = call?.scripted?.vector
  if (vector !== undefined) return vector
  const sum = new Float64Array(dimensions)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  for (const word of words) add(sum, word, 1)
  add(sum, text, 0.25)
  const length = Math.hypot(...sum)
  return Array.from(sum, (value) => value / length)
}

function add(sum: Float64Array, word: string, weight: number): void {
  const roll = dice(hash(word))
  for (let index = 0; index < sum.length; index++)
    sum[index] = (sum[index] ?? 0) + weight * (roll(65_536) / 32_768 - 1)
}

// Everything a mock says follows from what it was asked: seeded chance.

import { dice, hash } from './media/hash.ts'

/** Hexadecimal digits that follow from a text. */
export function digits(text: string, length = 32): string {
  let made = ''
  for (let block = 0; made.length < length; block++)
    made += hash(text, block).toString(16).padStart(8, '0')
  return made.slice(0, length)
}

export { dice, hash }

// Everything a mock says follows from what it was asked: seeded chance.

import { dice, hash } from './media/hash.ts'

/** Hexadecimal digits that follow from a text. */
export function digits(text: string, length = 32): string {
  // Prompts may hold whole files: a long text is read twice and no more.
  const short = text.length < 256 ? text : `${hash(text)} ${hash(text, 1)} ${text.length}`
  let made = ''
  for (let block = 0; made.length < length; block++)
    made += hash(short, block).toString(16).padStart(8, '0')
  return made.slice(0, length)
}

export { dice, hash }

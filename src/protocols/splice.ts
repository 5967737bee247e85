// Renames the model in a caller's JSON text and leaves every other byte as it was.

import { GatewayError } from '#core/error'

/**
 * Replaces the value of the top-level `model` key. The text has been parsed before, so it is valid JSON.
 * Numbers beyond 2^53, key order and spacing survive, which re-serialising would not promise.
 */
export function spliceModel(text: string, model: string): string {
  let depth = 0
  let found: number | undefined
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === '"') {
      const end = stringEnd(text, index)
      if (depth === 1 && text.slice(index, end) === '"model"') {
        // Of doubled keys the last one counts, as for JSON.parse.
        found = valueAfter(text, end) ?? found
      }
      index = end - 1
    }
  }
  if (found === undefined) throw new GatewayError('internal', 'The request names no model')
  return text.slice(0, found) + JSON.stringify(model) + text.slice(stringEnd(text, found))
}

/** Where the string value after a key begins; `undefined` when what follows is no string value. */
function valueAfter(text: string, end: number): number | undefined {
  const match = /\s*:\s*(?=")/y
  match.lastIndex = end
  return match.test(text) ? match.lastIndex : undefined
}

/** The index after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end + 1
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text[quote - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

// Writes a text that a regular expression matches, for the plain expressions schemas use.

interface Cursor {
  source: string
  at: number
  roll: (limit: number) => number
}

/** A text the pattern should match, or `undefined` for an expression beyond this. The caller checks. */
export function write(pattern: string, roll: (limit: number) => number): string | undefined {
  const cursor: Cursor = { source: pattern, at: 0, roll }
  try {
    const text = alternatives(cursor)
    return cursor.at === pattern.length ? text : undefined
  } catch {
    return undefined
  }
}

const beyond = (): never => {
  throw new RangeError('The expression is beyond this writer')
}

const peek = ({ source, at }: Cursor): string | undefined => source[at]

function take(cursor: Cursor): string {
  const character = cursor.source[cursor.at] ?? beyond()
  cursor.at++
  return character
}

/** Every branch is read; one of them is written. */
function alternatives(cursor: Cursor): string {
  const branches = [sequence(cursor)]
  while (peek(cursor) === '|') {
    cursor.at++
    branches.push(sequence(cursor))
  }
  return branches[cursor.roll(branches.length)] ?? ''
}

function sequence(cursor: Cursor): string {
  let text = ''
  while (peek(cursor) !== undefined && peek(cursor) !== '|' && peek(cursor) !== ')') {
    const start = cursor.at
    let written = atom(cursor)
    const end = cursor.at
    const times = quantity(cursor)
    const after = cursor.at
    if (times === 0) written = ''
    // Each repetition is written anew, so that a class gives different characters.
    for (let time = 1; time < times; time++) {
      cursor.at = start
      written += atom(cursor)
    }
    cursor.at = after
    text += end === start ? '' : written
  }
  return text
}

function atom(cursor: Cursor): string {
  const character = take(cursor)
  if (character === '^' || character === '$') return ''
  if (character === '.') return pick(letters, cursor)
  if (character === '[') return pick(charactersOf(cursor), cursor)
  if (character === '\\') return pick(escaped(take(cursor)), cursor)
  if (character !== '(') return character
  if (peek(cursor) === '?') {
    cursor.at++
    const kind = take(cursor)
    // A name of a group is skipped; looking around is beyond this.
    if (kind === '<' && /[a-z]/i.test(peek(cursor) ?? '')) while (take(cursor) !== '>');
    else if (kind !== ':') beyond()
  }
  const text = alternatives(cursor)
  return take(cursor) === ')' ? text : beyond()
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const numerals = '0123456789'
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

const pick = (from: string, { roll }: Cursor): string =>
  from === '' ? '' : (from[roll(from.length)] ?? beyond())

function escaped(letter: string): string {
  switch (letter) {
    case 'd':
      return numerals
    case 'w':
      return letters + numerals
    case 's':
      return ' '
    case 'D':
    case 'S':
      return letters
    case 'W':
      return '-'
    case 'b':
    case 'B':
      return ''
    case 'n':
      return '\n'
    case 't':
      return '\t'
    default:
      return /[a-zA-Z0-9]/.test(letter) ? beyond() : letter
  }
}

function charactersOf(cursor: Cursor): string {
  const negated = peek(cursor) === '^'
  if (negated) cursor.at++
  let found = ''
  while (peek(cursor) !== ']') {
    const first = take(cursor)
    const from = first === '\\' ? escaped(take(cursor)) : first
    if (peek(cursor) === '-' && cursor.source[cursor.at + 1] !== ']' && from.length === 1) {
      cursor.at++
      const last = take(cursor)
      found += range(from, last === '\\' ? take(cursor) : last)
    } else found += from
  }
  cursor.at++
  if (!negated) return found
  const left = Array.from(letters + numerals + printable).filter((one) => !found.includes(one))
  return left.join('').slice(0, 26)
}

function range(from: string, to: string): string {
  const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)]
  return String.fromCharCode(
    ...Array.from({ length: Math.min(high - low + 1, 256) }, (_, index) => low + index),
  )
}

/** How many times the last atom is written. */
function quantity(cursor: Cursor): number {
  const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(cursor.source.slice(cursor.at))
  if (match === null) return 1
  cursor.at += match[0].length
  const [, sign, least = '0', comma = '', most = ''] = match
  if (sign !== undefined) return sign === '?' ? cursor.roll(2) : 1 + cursor.roll(4)
  const low = Number(least)
  if (comma === '') return low
  const high = Math.min(most === '' ? low + 4 : Number(most), low + 4)
  return low + cursor.roll(Math.max(1, high - low + 1))
}

import type { Facts } from './facts.ts'
import { isFree, type Filling } from './filling.ts'
import { write } from './pattern.ts'
import { numberOf, type Schema } from './schema.ts'

const patternAttempts = 8

/** A text of the schema: of its format or pattern, or what the user's text names for a key like this. */
export function fillString(schema: Schema, key: string, filling: Filling): string {
  const plain: Schema = { ...schema, type: 'string' }
  const fits = (text: string): boolean => isFree(plain, text, filling)
  const made = candidates(schema, key, filling)
  const found = made.find((text) => fits(text) && !filling.used.has(text)) ?? made.find(fits)
  if (found !== undefined) {
    filling.used.add(found)
    return found
  }
  return sized(made[0] ?? key, schema)
}

function candidates(schema: Schema, key: string, filling: Filling): string[] {
  const { facts, roll } = filling
  const format = typeof schema.format === 'string' ? schema.format : undefined
  if (format !== undefined) {
    const made = formats[format]?.(facts, roll)
    if (made !== undefined) return made
  }
  const { pattern } = schema
  if (typeof pattern === 'string')
    return [
      ...facts.quoted,
      ...facts.text.split(/\s+/).slice(0, 200),
      ...Array.from({ length: patternAttempts }, () => write(pattern, roll) ?? ''),
    ]
  const texts = [...namedFor(key, facts), generic(key, schema, facts)]
  return texts.flatMap((text) => [text, sized(text, schema)])
}

/** What the text says for a key of this name, the likeliest first. */
function namedFor(key: string, facts: Facts): string[] {
  for (const [names, find] of byName) if (names.test(key)) return [...find(facts), ...facts.quoted]
  return facts.quoted
}

const byName: readonly (readonly [RegExp, (facts: Facts) => string[]])[] = [
  [/e-?mail/i, (facts) => [...facts.emails, 'someone@example.com']],
  [/url|link|href|website/i, (facts) => [...facts.links, 'https://example.com/']],
  [/date|day|when|deadline/i, (facts) => [...facts.dates, ...dayWords(facts), '2026-01-15']],
  [
    /city|location|place|town|country|destination|origin|region|address/i,
    (facts) => [...facts.places, ...facts.names, 'Paris'],
  ],
  [/^(unit|units|currency)$/i, () => []],
  [/quer|question|search|prompt|keyword/i, (facts) => [...facts.quoted, facts.text]],
  [
    /text|message|content|body|input|expression|code/i,
    (facts) => [...facts.quoted, ...sums(facts), facts.text],
  ],
  [
    /name|title|person|author|user|recipient|symbol|ticker|to$/i,
    (facts) => [...facts.quoted, ...facts.names, ...facts.places],
  ],
]

const dayWords = ({ text }: Facts): string[] =>
  text.match(/\b(today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi) ?? []

const sums = ({ text }: Facts): string[] =>
  text.match(/-?\d[\d.]*(?:\s*[-+*/^%x×÷]\s*-?[\d.]+)+/g) ?? []

function generic(key: string, schema: Schema, facts: Facts): string {
  const name = key
    .replaceAll(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ')
    .trim()
    .toLowerCase()
  const about = facts.text.replaceAll(/\s+/g, ' ').trim().slice(0, 60)
  const subject = name === '' ? (typeof schema.title === 'string' ? schema.title : 'text') : name
  return about === '' ? `A mock ${subject}` : `A mock ${subject} for: ${about}`
}

/** The text brought within the schema's lengths, which count code points. */
function sized(text: string, schema: Schema): string {
  const least = Math.min(numberOf(schema.minLength) ?? 0, 100_000)
  const most = numberOf(schema.maxLength) ?? Infinity
  const points = Array.from(text)
  const filler = points.length === 0 ? ['-'] : [...points, ' ']
  while (points.length < least) points.push(...filler)
  return points.slice(0, Math.min(most, Math.max(least, Array.from(text).length))).join('')
}

type Roll = (limit: number) => number

const hex = (length: number, roll: Roll): string =>
  Array.from({ length }, () => roll(16).toString(16)).join('')

/** Texts of each format (JSON Schema 2020-12, section 7.3). */
const formats: { [format: string]: ((facts: Facts, roll: Roll) => string[]) | undefined } = {
  date: (facts) => [...facts.dates, '2026-01-15'],
  'date-time': (facts) => [
    ...facts.dates.map((date) => `${date}T12:00:00Z`),
    '2026-01-15T12:00:00Z',
  ],
  time: () => ['12:00:00Z'],
  duration: () => ['PT1H30M'],
  email: (facts) => [...facts.emails, 'someone@example.com'],
  'idn-email': (facts) => [...facts.emails, 'someone@example.com'],
  hostname: () => ['example.com'],
  'idn-hostname': () => ['example.com'],
  ipv4: (_, roll) => [`192.0.2.${1 + roll(254)}`],
  ipv6: (_, roll) => [`2001:db8::${hex(4, roll)}`],
  uri: (facts) => [...facts.links, 'https://example.com/'],
  url: (facts) => [...facts.links, 'https://example.com/'],
  iri: (facts) => [...facts.links, 'https://example.com/'],
  'uri-reference': (facts) => [...facts.links, '/example'],
  'uri-template': () => ['/example/{id}'],
  uuid: (_, roll) => [
    `${hex(8, roll)}-${hex(4, roll)}-4${hex(3, roll)}-a${hex(3, roll)}-${hex(12, roll)}`,
  ],
  regex: () => ['^example$'],
  'json-pointer': () => ['/example'],
  'relative-json-pointer': () => ['0/example'],
  byte: () => ['bW9jaw=='],
  binary: () => ['bW9jaw=='],
}

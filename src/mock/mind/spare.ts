// What a text names beyond what a schema requires: optional properties may have it.

import { accepts } from './accepts.ts'
import type { Filling } from './filling.ts'
import { typesOf, type Schema } from './schema.ts'

/**
 * Whether the text has something left for an optional property, asked of one after the other.
 * @param required The properties that come first.
 */
export function spares(required: readonly Schema[], filling: Filling) {
  const { facts } = filling
  const needed = (isOf: (schema: Schema) => boolean): number => required.filter(isOf).length
  let numbers = facts.numbers.length - needed(isNumeric)
  let quoted = facts.quoted.length - needed(isText)

  return function take(schema: Schema, key: string): boolean {
    const fits = (value: string | number): boolean => accepts(schema, value, filling)
    if (isNumeric(schema)) return facts.numbers.some(fits) && numbers-- > 0
    if (!isText(schema)) return false
    const named = byName.find(([names]) => names.test(key))?.[1]
    if (named !== undefined && facts[named].some(fits)) return true
    return facts.quoted.some(fits) && quoted-- > 0
  }
}

const isNumeric = (schema: Schema): boolean =>
  typesOf(schema).some((type) => type === 'number' || type === 'integer')
const isText = (schema: Schema): boolean => typesOf(schema).includes('string')

const byName = [
  [/e-?mail/i, 'emails'],
  [/url|link|href|website/i, 'links'],
  [/date|day|when|deadline/i, 'dates'],
  [/city|location|place|town|country|destination|origin|region|address/i, 'places'],
  [/name|person|author|user|recipient/i, 'names'],
] as const

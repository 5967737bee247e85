import type { Json } from '#core/json'
import { isFree, type Filling } from './filling.ts'
import { numberOf, type Schema } from './schema.ts'

/** A number of the schema: the next one the text names that fits, or one from the middle of the range. */
export function fillNumber(schema: Schema, key: string, whole: boolean, filling: Filling): Json {
  const { facts, used } = filling
  const fits = (value: number): boolean =>
    (!whole || Number.isInteger(value)) && isFree(schema, value, filling)
  const named = facts.numbers.find((value) => fits(value) && !used.has(value))
  if (named !== undefined) {
    used.add(named)
    return named
  }
  return candidates(schema, key, whole, filling).find(fits) ?? 0
}

function candidates(schema: Schema, key: string, whole: boolean, { roll }: Filling): number[] {
  const { least, most } = bounds(schema)
  const step = numberOf(schema.multipleOf) ?? (whole ? 1 : undefined)
  const usual = usualFor(key, roll)
  const span = most - least
  const inside = [
    least + span / 2,
    least + span / 3,
    least + (span * (1 + roll(98))) / 100,
    least,
    most,
  ]
  const near = Array.from({ length: 64 }, (_, index) => least + index * (step ?? span / 64))
  const values = [usual, ...inside, 1, 0, roll(100), ...near]
  if (step === undefined) return values
  return values
    .flatMap((value) => [
      Math.round(value / step) * step,
      Math.ceil(value / step) * step,
      Math.floor(value / step) * step,
      Math.ceil(value / step) * step + step,
      Math.floor(value / step) * step - step,
    ])
    .map((value) => (Object.is(value, -0) ? 0 : value))
}

/** A finite range to choose from. */
function bounds(schema: Schema): { least: number; most: number } {
  const low = numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum)
  const high = numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum)
  if (low !== undefined && high !== undefined) return { least: low, most: high }
  if (low !== undefined) return { least: low, most: low + Math.max(10, Math.abs(low)) }
  if (high !== undefined) return { least: high - Math.max(10, Math.abs(high)), most: high }
  return { least: 0, most: 100 }
}

/** What a number of that name usually is. */
function usualFor(key: string, roll: (limit: number) => number): number {
  if (/year/i.test(key)) return 2026
  if (/percent|confidence|score|probability|ratio/i.test(key)) return (50 + roll(50)) / 100
  if (/lat/i.test(key)) return 48.85
  if (/lon|lng/i.test(key)) return 2.35
  if (/count|quantity|amount|number|limit|page/i.test(key)) return 1 + roll(9)
  return 1 + roll(98)
}

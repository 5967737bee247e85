import type { Json } from '#core/json'
import { accepts } from './accepts.ts'
import type { Facts } from './facts.ts'
import type { Schema, Scope } from './schema.ts'

/** What a value is made from. */
export interface Filling extends Scope {
  facts: Facts
  roll: (limit: number) => number
  /** Values of the text that are used up. */
  used: Set<string | number>
  /** Values of properties by name, chosen beforehand. */
  fixed?: { [key: string]: Json }
  /** JSON of the values that may not come again. */
  taken?: ReadonlySet<string>
}

/** Whether a value fits and may still come. */
export const isFree = (schema: Schema, value: Json, filling: Filling): boolean =>
  filling.taken?.has(JSON.stringify(value)) !== true && accepts(schema, value, filling)

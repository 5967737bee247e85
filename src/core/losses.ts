// What could not be carried to a target, gathered for the caller.

import { GatewayError } from './error.ts'
import type { JsonObject } from './json.ts'
import type { Lose } from './provider.ts'

export interface Loss {
  field: string
  message: string
}

/**
 * Collects losses, or refuses the first one when the caller is strict (asked at the first loss).
 * The refusal is a GatewayError `unsupported` (400) naming the field.
 */
export function lossList(strict: () => boolean): { lose: Lose; losses: Loss[] } {
  const losses: Loss[] = []
  return {
    losses,
    lose(field, message) {
      if (strict())
        throw new GatewayError('unsupported', `Strict request: ${message}`, { param: field })
      if (!losses.some((loss) => loss.field === field && loss.message === message))
        losses.push({ field, message })
    },
  }
}

/**
 * What a protocol calls the fields of the hub, by the path of the field: `maxOutputTokens`,
 * `reasoning.effort`; with a dot in front, the fields of list items: `.cache`.
 */
export type Names = Readonly<Record<string, string>>

/** A `lose` for those who know fields by other names; a message that begins with the field is reworded. */
export const reworded = (lose: Lose, names: Names = {}): Lose =>
  function tell(field, message) {
    const name = nameOf(field, names)
    lose(name, message.startsWith(`${field} is `) ? name + message.slice(field.length) : message)
  }

const nameOf = (field: string, names: Names): string =>
  names[field] ?? field.replaceAll(/^\w+|(?<=\])\.\w+/g, (word) => names[word] ?? word)

/** From the protocol's words to the hub's. */
export const hubWords = (names: Names = {}): Names =>
  Object.fromEntries(Object.entries(names).map(([field, name]) => [name, field]))

/** The most characters of the header: clients take about 16 kB for all headers together. */
const most = 4000

/**
 * The value of `x-mimus-warnings`: a structured-field list of strings (RFC 9651), each with the
 * field it is about as parameter: `"seed was left out";field="seed"`. A long list ends in how many
 * there were besides.
 */
export function warningsHeader(losses: readonly Loss[], notes: readonly string[]): string {
  const items = [
    ...notes.map((note) => sfString(note)),
    ...losses.map((loss) => `${sfString(loss.message)};field=${sfString(loss.field)}`),
  ]
  let told = ''
  for (const [index, item] of items.entries()) {
    if (told.length + item.length > most)
      return `${told}${told === '' ? '' : ', '}"${items.length - index} more changes"`
    told += (index === 0 ? '' : ', ') + item
  }
  return told
}

const sfString = (text: string): string =>
  `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`

/** Reports the fields of a part or a tool that only protocols other than `protocol` have. */
export function loseExtras(
  extra: { [protocol: string]: JsonObject } | undefined,
  protocol: string,
  { path, lose }: { path: string; lose: Lose },
): void {
  for (const [owner, fields] of Object.entries(extra ?? {}))
    if (owner !== protocol)
      for (const name of Object.keys(fields))
        lose(`${path}.${name}`, `${name} is only known to ${owner} and was left out`)
}

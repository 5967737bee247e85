// Tool names and ids as the vendor allows them, and back.

const allowed = /^[a-zA-Z0-9_-]+$/
const strange = /[^a-zA-Z0-9_-]/gu
const escaped = /__x([0-9a-f]{1,6})__/g
/** What a name may have that reads like a spelt character. */
const alike = /_(?=_x[0-9a-f]{1,6}__)/g

/** The most characters a tool name may have. */
const longest = 128

/**
 * Spells characters that ids may not have (`.` becomes `__x2e__`): the same id is always spelt the
 * same, so a call and its result still match.
 */
export function spellId(id: string): string {
  if (allowed.test(id) && !id.includes('__x')) return id
  const spelt = id
    .replace(alike, '__x5f__')
    .replace(strange, (character) => `__x${codeOf(character)}__`)
  return spelt === '' ? '_' : spelt
}

/** As `spellId`; names that are still too long are cut and end in a hash of the whole. */
export function spellName(name: string): string {
  const spelt = spellId(name)
  return spelt.length <= longest ? spelt : `${spelt.slice(0, longest - 9)}_${hash(spelt)}`
}

export const isCut = (name: string): boolean => spellId(name).length > longest

/** The name as the caller wrote it; replies use it, so callers never see the spelling. */
export const readName = (name: string): string =>
  name.includes('__x')
    ? name.replace(escaped, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    : name

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16)

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}

// Ids of tool calls as the vendor takes them.

/** The vendor answers 400 (`string_above_max_length`) to a longer id of a tool call in `messages`. */
const longest = 40

/**
 * A long id ends in a hash of the whole: the same id is always spelt the same, so a call and its
 * result still match, and callers never see it.
 */
export const wireId = (id: string): string =>
  id.length <= longest ? id : `${id.slice(0, longest - 9)}_${hash(id)}`

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}

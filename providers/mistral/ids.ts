/** Ids of tool calls are nine letters and digits; any other is refused. */
const isOwn = (id: string): boolean => /^[a-zA-Z0-9]{9}$/.test(id)

/** The same id is always spelt the same, so a call and its result still match. */
export const shortId = (id: string): string =>
  isOwn(id) ? id : (digits(id, 0x811c9dc5) + digits(id, 0x01000193)).slice(2, 11)

/** FNV-1a, 32 bits, as seven digits of base 36. */
function digits(text: string, start: number): string {
  let value = start
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return (value >>> 0).toString(36).padStart(7, '0')
}

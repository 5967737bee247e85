// Building bytes.

export type Bytes = Uint8Array<ArrayBuffer>

/** One byte per character; for ASCII markers and whole binary strings. */
export const fromText = (text: string): Bytes =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

export const toBig32 = (value: number): number[] => [
  (value >>> 24) & 255,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]

export const toLittle32 = (value: number): number[] => toBig32(value).reverse()

export const join = (parts: Iterable<ArrayLike<number>>): Bytes => {
  const list = [...parts]
  const joined = new Uint8Array(list.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of list) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

// What an image is, by its first bytes.

import { concat, decodeBase64, fromBase64, textOf } from './bytes.ts'
import type { Asset } from './media.ts'
import type { Bytes } from './transport.ts'

const signatures: readonly { mediaType: string; at: number; text: string }[] = [
  { mediaType: 'image/png', at: 1, text: 'PNG\r\n' },
  { mediaType: 'image/jpeg', at: 0, text: '\xff\xd8\xff' },
  { mediaType: 'image/webp', at: 8, text: 'WEBP' },
  { mediaType: 'image/gif', at: 0, text: 'GIF8' },
  { mediaType: 'image/svg+xml', at: 0, text: '<svg' },
  { mediaType: 'image/svg+xml', at: 0, text: '<?xml' },
]
const headBytes = 12

/** `undefined` for anything unknown. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, headBytes))
  return signatures.find(({ at, text }) => head.startsWith(text, at))?.mediaType
}

/** An image that arrives as base64 text, with the media type its beginning tells. */
export async function base64Image(base64: Bytes, fallbackType: string): Promise<Asset> {
  const { head, whole } = await peek(base64, (headBytes / 3) * 4)
  const start = textOf(head).slice(0, (headBytes / 3) * 4)
  const known = /^[A-Za-z0-9+/]*$/.test(start) ? imageTypeOf(fromBase64(start)) : undefined
  const text = whole()
  return { mediaType: known ?? fallbackType, body: { stream: decodeBase64(text), base64: text } }
}

/** Looks at the beginning of a stream without losing it. */
async function peek(bytes: Bytes, length: number): Promise<{ head: Uint8Array; whole(): Bytes }> {
  const iterator = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < length) {
    const next = await iterator.next()
    if (next.done === true) break
    head = concat([head, next.value])
  }
  const beginning = head
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (beginning.length > 0) yield beginning
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head, whole }
}

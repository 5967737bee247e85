import { concat } from '#core/bytes'
import type { Bytes } from '#core/transport'

const signatures: readonly { mediaType: string; at: number; text: string }[] = [
  { mediaType: 'image/png', at: 1, text: 'PNG\r\n' },
  { mediaType: 'image/jpeg', at: 0, text: '\xff\xd8\xff' },
  { mediaType: 'image/webp', at: 8, text: 'WEBP' },
  { mediaType: 'image/gif', at: 0, text: 'GIF8' },
  { mediaType: 'image/svg+xml', at: 0, text: '<svg' },
  { mediaType: 'image/svg+xml', at: 0, text: '<?xml' },
]
const headBytes = 12

/** What an image is by its first bytes; `undefined` for anything unknown. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, headBytes))
  return signatures.find(({ at, text }) => head.startsWith(text, at))?.mediaType
}

/** Looks at the beginning of a stream without losing it. */
export async function peekImage(
  bytes: Bytes,
  fallback: string,
): Promise<{ mediaType: string; stream: Bytes }> {
  const iterator = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < headBytes) {
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
  return { mediaType: imageTypeOf(head) ?? fallback, stream: whole() }
}

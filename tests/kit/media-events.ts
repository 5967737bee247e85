// Media streams in tests: made from plain values, and read back into them.

import { gather, textOf, utf8 } from '#core/bytes'
import type { Asset, ImageEvent, ImageStream } from '#core/media'
import type { Bytes } from '#core/transport'

export async function* cutBytes(bytes: Uint8Array, sizes: readonly number[]): Bytes {
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    yield bytes.slice(at, at + size)
    at += size
  }
}

export async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

/** The text of what an encoder writes. */
export async function written(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const piece of pieces)
    chunks.push(typeof piece === 'string' ? utf8.encode(piece) : piece)
  return textOf(await gather(from(chunks)))
}

/** The events, each asset read as they pass. */
export async function readImages(events: ImageStream): Promise<ImageEvent[]> {
  const read: ImageEvent[] = []
  for await (const event of events)
    read.push(event.type === 'end' ? event : { ...event, asset: await held(event.asset) })
  return read
}

export const held = async (asset: Asset): Promise<Asset> =>
  'stream' in asset.body ? { ...asset, body: { bytes: await gather(asset.body.stream) } } : asset

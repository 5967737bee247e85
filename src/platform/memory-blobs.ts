import { gather } from '#core/bytes'
import type { Blobs, Clock, StoredAsset } from './ports.ts'

/** Media kept in memory, the oldest dropped first past `limit` bytes: for tests, and for Workers without a bucket. */
export function createMemoryBlobs(clock: Pick<Clock, 'now'>, limit = 32 * 1024 * 1024): Blobs {
  const kept = new Map<string, StoredAsset & { body: { bytes: Uint8Array }; size: number }>()
  let total = 0

  function drop(key: string): void {
    total -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }

  return {
    async put(key, { mediaType, expiresAt, body }) {
      const bytes = 'bytes' in body ? body.bytes : await gather(body.stream, limit)
      drop(key)
      kept.set(key, { mediaType, expiresAt, body: { bytes }, size: bytes.length })
      total += bytes.length
      for (const oldest of kept.keys()) {
        if (total <= limit) break
        drop(oldest)
      }
    },
    get(key) {
      const asset = kept.get(key)
      if (asset !== undefined && asset.expiresAt <= clock.now()) drop(key)
      return Promise.resolve(kept.get(key))
    },
    async delete(key) {
      drop(key)
    },
  }
}

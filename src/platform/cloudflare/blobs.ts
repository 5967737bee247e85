// Generated media on Workers: R2. A stream of unknown length goes up in parts, so it is never held whole.

import { concat } from '#core/bytes'
import type { Bytes } from '#core/transport'
import type { Blobs, Clock, StoredAsset } from '../ports.ts'

/** R2 wants parts of at least 5 MiB, all of one size but the last. */
const partBytes = 8 * 1024 * 1024

export function createR2Blobs(bucket: R2Bucket, clock: Pick<Clock, 'now'>): Blobs {
  return {
    async put(key, { mediaType, expiresAt, body }) {
      const options = {
        httpMetadata: { contentType: mediaType },
        customMetadata: { expiresAt: String(expiresAt) },
      }
      if ('bytes' in body) await bucket.put(key, body.bytes, options)
      else await putStream(bucket, key, body.stream, options)
    },
    async get(key) {
      const stored = await bucket.get(key)
      if (stored === null) return undefined
      const expiresAt = Number(stored.customMetadata?.['expiresAt'] ?? 0)
      if (expiresAt <= clock.now()) {
        await stored.body.cancel()
        return undefined
      }
      const asset: StoredAsset = {
        mediaType: stored.httpMetadata?.contentType ?? 'application/octet-stream',
        expiresAt,
        size: stored.size,
        body: { stream: stored.body },
      }
      return asset
    },
    delete: (key) => bucket.delete(key),
  }
}

async function putStream(
  bucket: R2Bucket,
  key: string,
  stream: Bytes,
  options: R2PutOptions & R2MultipartOptions,
): Promise<void> {
  let upload: R2MultipartUpload | undefined
  const parts: R2UploadedPart[] = []
  for await (const part of inParts(stream)) {
    if (part.last && upload === undefined) {
      await bucket.put(key, part.bytes, options)
      return
    }
    upload ??= await bucket.createMultipartUpload(key, options)
    parts.push(await upload.uploadPart(parts.length + 1, part.bytes))
  }
  await upload?.complete(parts)
}

/** Pieces of exactly `partBytes`, and what remains. */
async function* inParts(stream: Bytes): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    held.push(chunk)
    size += chunk.length
    while (size > partBytes) {
      const whole = concat(held)
      yield { bytes: whole.subarray(0, partBytes), last: false }
      held = [whole.subarray(partBytes)]
      size = whole.length - partBytes
    }
  }
  yield { bytes: concat(held), last: true }
}

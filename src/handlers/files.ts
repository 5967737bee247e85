// Generated media behind links that expire. The unguessable name is the permission to read.

import { toReadable } from '#core/bytes'
import { GatewayError } from '#core/error'
import type { Asset } from '#core/media'
import type { FetchedAsset } from '#core/provider'
import { defined } from '#core/json'
import type { Ctx } from './context.ts'

const extensions: Record<string, string | undefined> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
}

/** Keeps a piece of media and gives the link to it. */
export async function store(
  c: Ctx,
  asset: Asset | FetchedAsset,
): Promise<{ url: string; expiresAt: number }> {
  const { platform, config, fetchAsset } = c.get('gateway')
  const fetched = 'stream' in asset ? asset : await fetchAsset(asset, c.req.raw.signal)
  const extension = extensions[fetched.mediaType]
  const name = `media-${crypto.randomUUID()}${extension === undefined ? '' : `.${extension}`}`
  const expiresAt = platform.clock.now() + config.media.ttlSeconds * 1000
  await platform.blobs.put(name, {
    mediaType: fetched.mediaType,
    expiresAt,
    body: { stream: fetched.stream },
  })
  return {
    url: `${config.media.publicUrl ?? new URL(c.req.url).origin}/v1/files/${name}`,
    expiresAt,
  }
}

export async function getFile(c: Ctx): Promise<Response> {
  const asset = await c.get('gateway').platform.blobs.get(c.req.param('name') ?? '')
  if (asset === undefined)
    throw new GatewayError('not_found', 'This file does not exist, or its link has expired')
  const seconds = Math.floor((asset.expiresAt - c.get('gateway').platform.clock.now()) / 1000)
  const { body } = asset
  return new Response('bytes' in body ? body.bytes : toReadable(body.stream), {
    headers: defined({
      'content-type': asset.mediaType,
      'content-length': asset.size === undefined ? undefined : String(asset.size),
      'cache-control': `private, max-age=${Math.max(seconds, 0)}, immutable`,
      // A drawing from a model is data, never a page of this origin.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    }),
  })
}

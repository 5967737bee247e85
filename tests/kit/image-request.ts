// Image requests and input pictures for adapters.

import { toBase64 } from '#core/bytes'
import type { Asset, ImageEvent, ImageRequest } from '#core/media'
import type { Provider } from '#core/provider'
import { drawImage } from '#mock/media/index'
import { finish } from '../../src/jobs/engine.ts'
import { callOn, hurried, jsonBody, type CallOptions } from './adapter-call.ts'

/** A request as the gateway hands it to an adapter: one picture of a fox. */
export const imageRequest = (parts: Partial<ImageRequest> = {}): ImageRequest => ({
  model: 'any',
  operation: 'generate',
  prompt: 'A fox',
  count: 1,
  images: [],
  stream: false,
  extra: { protocol: 'none', fields: {} },
  ...parts,
})

/** A PNG picture; `transparent` leaves its ground clear, as a mask's. */
export const png = (width: number, height: number, transparent = false): Promise<Uint8Array> =>
  drawImage({ prompt: 'input', width, height, format: 'png', transparent })

export const assetOf = (bytes: Uint8Array): Asset => ({ mediaType: 'image/png', body: { bytes } })

export const dataUrl = (bytes: Uint8Array): string => `data:image/png;base64,${toBase64(bytes)}`

/**
 * Lets a provider's deferred image adapter do the request in a world where waiting takes no time.
 * `input` is that of the last JSON body sent.
 */
export async function drawJob(
  provider: Provider,
  id: string,
  parts: Partial<ImageRequest>,
  options: CallOptions = {},
) {
  const world = hurried()
  const { call, lost, sent } = callOn(provider, id, { world, ...options })
  const { image } = provider.adapters
  if (image?.start === undefined) throw new Error(`${provider.id} does not answer later`)
  const events: ImageEvent[] = []
  for await (const event of await finish(image, imageRequest(parts), call, world))
    events.push(event)
  const input = sent.map(jsonBody).findLast((body) => 'input' in body)?.['input']
  return { events, lost, sent, input }
}

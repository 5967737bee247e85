// What an adapter touches, with its own provider's mock as the network.

import { concat, fromBase64, gather, once, parseDataUrl } from '#core/bytes'
import type { Asset } from '#core/media'
import type { Call, FetchedAsset, Provider } from '#core/provider'
import type { Transport, WireRequest } from '#core/transport'
import { createInternet } from '#mock/internet'
import type { MockWorld } from '#mock/world'
import { createCall } from '../../src/routing/attempt.ts'

export interface CallOptions {
  /** Given to the mock: `mock-rate-limited` and the like play their scenario. */
  key?: string
  world?: Partial<MockWorld>
  /** Answers instead of the mock. */
  send?: Transport
}

export interface TestCall {
  call: Call
  /** The fields reported as lost, in order. */
  lost: string[]
  /** What was sent, in order; assets read through `fetchAsset` are not among it. */
  sent: WireRequest[]
  controller: AbortController
}

/** A call to one model of a provider. @throws Error for a model that is neither listed nor resolved. */
export function callOn(provider: Provider, id: string, options: CallOptions = {}): TestCall {
  const model =
    provider.models.find((candidate) => candidate.id === id) ?? provider.resolve?.(id) ?? undefined
  if (model === undefined) throw new Error(`${provider.id} has no model ${id}`)
  const internet = createInternet([provider], options.world)
  const send = options.send ?? internet.send
  const lost: string[] = []
  const sent: WireRequest[] = []
  const controller = new AbortController()
  const call = createCall(
    {
      name: `${provider.id}/${id}`,
      provider,
      model,
      origin: provider.origin,
      mocked: true,
      key: undefined,
    },
    {
      transport: (request) => {
        sent.push(request)
        return send(request)
      },
      fetchAsset: (asset) => fetchAsset(asset, internet.send),
      signal: controller.signal,
      lose: (field) => lost.push(field),
      callerKey: options.key ?? 'mock',
    },
  )
  return { call, lost, sent, controller }
}

/** The picture or sound an asset stands for; URLs are asked of the mocks. */
export async function fetchAsset(
  asset: Asset | { url: string },
  send: Transport,
): Promise<FetchedAsset> {
  if ('body' in asset && 'bytes' in asset.body) return held(asset.mediaType, asset.body.bytes)
  if ('body' in asset && 'stream' in asset.body)
    return held(asset.mediaType, await gather(asset.body.stream))
  const url = 'url' in asset ? asset.url : asset.body.url
  const inline = parseDataUrl(url)
  if (inline !== undefined) return held(inline.mediaType, fromBase64(inline.base64))
  const response = await send({ method: 'GET', url, headers: {} })
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  return held(response.header('content-type') ?? '', await gather(response.body))
}

const held = (mediaType: string, bytes: Uint8Array): FetchedAsset => ({
  mediaType,
  stream: once(bytes),
  bytes: async () => concat([bytes]),
})

// What an adapter touches, with its own provider's mock as the network.

import { concat, fromBase64, gather, once, parseDataUrl, utf8 } from '#core/bytes'
import type { Asset } from '#core/media'
import type { Call, FetchedAsset, Provider } from '#core/provider'
import type { GatewayError } from '#core/error'
import { isObject, type Json, type JsonObject } from '#core/json'
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
      settings: provider.settings ?? {},
      mocked: true,
      key: undefined,
    },
    {
      transport: (request) => {
        sent.push(request)
        return send(request)
      },
      now: () => internet.world.now(),
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
  if ('url' in asset) return fetchUrl(asset.url, send)
  if ('url' in asset.body) return fetchUrl(asset.body.url, send)
  if ('bytes' in asset.body) return held(asset.mediaType, asset.body.bytes)
  return held(asset.mediaType, await gather(asset.body.stream))
}

async function fetchUrl(url: string, send: Transport): Promise<FetchedAsset> {
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

/** Answers every request with this JSON. */
export const answering =
  (body: Json): Transport =>
  async () => ({
    status: 200,
    header: () => undefined,
    headers: () => [],
    body: once(utf8.encode(JSON.stringify(body))),
    text: async () => JSON.stringify(body),
    discard: async () => undefined,
  })

/** What a promise fails with. */
export const failure = (outcome: Promise<unknown>): Promise<GatewayError> =>
  outcome.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: GatewayError) => error,
  )

/** A world where waiting takes no time. */
export function hurried(start = 1_800_000_000_000) {
  let now = start
  return {
    now: () => now,
    async sleep(milliseconds: number): Promise<void> {
      now += Math.max(0, milliseconds)
    },
  }
}

/** The JSON object of a request's body; empty for any other body. */
export function jsonBody(request: WireRequest | undefined): JsonObject {
  if (typeof request?.body !== 'string') return {}
  const value: unknown = JSON.parse(request.body)
  return isObject(value) ? value : {}
}

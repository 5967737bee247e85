// The only way to a URL that a caller or a provider named.

import { concat, fromBase64, gather, once, parseDataUrl } from '#core/bytes'
import { GatewayError } from '#core/error'
import type { FetchAsset, FetchedAsset } from '#core/provider'
import type { Bytes, Transport } from '#core/transport'
import ipaddr from 'ipaddr.js'
import type { Platform } from './ports.ts'

export interface FetchAssetOptions {
  platform: Platform
  internet: { send: Transport }
  /** The most bytes held when an asset is read whole. */
  limit: number
  /** Whether a host is answered by a mock. */
  mocked(host: string): boolean
}

const maxRedirects = 3

/**
 * Reads an asset from wherever it is. URLs must be https to a public host, redirects included; they
 * are asked without any credentials.
 * @throws GatewayError `invalid_request` for a URL that is not allowed, `upstream` when it cannot be read.
 */
export function createFetchAsset(options: FetchAssetOptions): FetchAsset {
  async function fetchUrl(url: string, signal: AbortSignal, hops: number): Promise<FetchedAsset> {
    const inline = parseDataUrl(url)
    if (inline !== undefined) return held(inline.mediaType, fromBase64(inline.base64))
    const target = allowedUrl(url)
    const mocked = options.mocked(target.host)
    const send = mocked ? options.internet.send : options.platform.sendPublic
    const response = await send({ method: 'GET', url: target.href, headers: {}, signal })
    const location = response.header('location')
    if (response.status >= 300 && response.status < 400 && location !== undefined) {
      await response.discard()
      if (hops >= maxRedirects) throw unreadable(target, 'redirects too often')
      return fetchUrl(new URL(location, target).href, signal, hops + 1)
    }
    if (response.status !== 200) {
      await response.discard()
      throw unreadable(target, `answered ${response.status}`)
    }
    return streamed(response.header('content-type') ?? 'application/octet-stream', response.body)
  }

  const streamed = (mediaType: string, stream: Bytes): FetchedAsset => ({
    mediaType: mediaType.split(';')[0]?.trim() ?? mediaType,
    stream,
    bytes: () => gather(stream, options.limit),
  })

  return async (asset, signal) => {
    if ('url' in asset) return fetchUrl(asset.url, signal, 0)
    if ('url' in asset.body) return fetchUrl(asset.body.url, signal, 0)
    if ('bytes' in asset.body) return held(asset.mediaType, asset.body.bytes)
    return streamed(asset.mediaType, asset.body.stream)
  }
}

const held = (mediaType: string, bytes: Uint8Array): FetchedAsset => ({
  mediaType,
  stream: once(bytes),
  bytes: () => Promise.resolve(concat([bytes])),
})

const unreadable = (url: URL, why: string): GatewayError =>
  new GatewayError('upstream', `The file at ${url.host} could not be read: it ${why}`)

/** @throws GatewayError `invalid_request` unless it is https to a host that may be public. */
export function allowedUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw refused('is not a URL')
  if (url.protocol !== 'https:') throw refused('must be https')
  if (url.username !== '' || url.password !== '') throw refused('must not carry credentials')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) ? !isPublicAddress(host) : isLocalName(host))
    throw refused('must lead to a public host')
  return url
}

const refused = (why: string): GatewayError =>
  new GatewayError('invalid_request', `The URL of a file ${why}`)

const isLocalName = (host: string): boolean =>
  !host.includes('.') || /\.(local|localhost|internal|home\.arpa|lan)\.?$/.test(host)

/** Whether an IP address is on the public internet (not loopback, private, link-local, mapped ...). */
export function isPublicAddress(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

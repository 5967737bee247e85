import { encodeBase64, fromBase64 } from '#core/bytes'
import { GatewayError, toGatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type { Asset, ImageEvent, ImageRequest, ImageStream, MediaUsage } from '#core/media'
import type { Bytes } from '#core/transport'
import { encodeFailure, errorObject, failureInside, sseEvents } from '../openai-media.ts'
import { imageTypeOf } from '#core/image-type'
import { bytesOf, decodeUsage, encodeUsage, moreMembers, pickDetails } from './wire.ts'

/** openai 7.57, `ImageGenStreamEvent` and `ImageEditStreamEvent`. */
const eventNames = {
  generate: { partial: 'image_generation.partial_image', image: 'image_generation.completed' },
  edit: { partial: 'image_edit.partial_image', image: 'image_edit.completed' },
} as const
const partialNames: readonly unknown[] = [eventNames.generate.partial, eventNames.edit.partial]
const imageNames: readonly unknown[] = [eventNames.generate.image, eventNames.edit.image]

/**
 * Reads streamed previews and images. The protocol has no end of its own, so the images are counted.
 *
 * @param count how many images were asked for.
 * @throws GatewayError `upstream` when fewer came; the error's own kind for an error event.
 */
export async function* decodeImageStream(body: Bytes, count = 1): ImageStream {
  const usages: MediaUsage[] = []
  let details: JsonObject = {}
  for await (const event of sseEvents(body)) {
    if (event.data === '[DONE]') break
    const wire = parseJson(event.data)
    if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent a garbled event')
    const failure = failureInside(wire)
    if (failure !== undefined) throw failure
    if (partialNames.includes(wire['type'])) {
      const index = wire['partial_image_index']
      yield { type: 'partial', index: typeof index === 'number' ? index : 0, asset: assetOf(wire) }
    } else if (imageNames.includes(wire['type'])) {
      usages.push(decodeUsage(wire['usage'], 1))
      details = pickDetails(wire)
      yield { type: 'image', asset: assetOf(wire) }
    }
  }
  if (usages.length < count)
    throw new GatewayError('upstream', 'The reply ended before it was complete')
  yield { type: 'end', usage: sum(usages), details }
}

function assetOf(wire: JsonObject): Asset {
  const base64 = wire['b64_json']
  if (typeof base64 !== 'string')
    throw new GatewayError('upstream', 'The provider sent an image event without an image')
  const bytes = fromBase64(base64)
  return { mediaType: imageTypeOf(bytes) ?? 'image/png', body: { bytes } }
}

const counters = [
  'inputTokens',
  'outputTokens',
  'inputTextTokens',
  'inputImageTokens',
  'images',
] as const satisfies readonly (keyof MediaUsage)[]

function sum(usages: readonly MediaUsage[]): MediaUsage {
  const total: MediaUsage = {}
  for (const usage of usages)
    for (const key of counters) {
      const value = usage[key]
      if (value !== undefined) total[key] = (total[key] ?? 0) + value
    }
  return total
}

export interface ImageStreamOptions {
  /** What was asked: names of events and the fields that repeat the request follow it. */
  request: ImageRequest
  /** Seconds since the epoch. */
  created: number
}

/**
 * Writes server-sent events as the images flow. The usage goes into the last image's event, which
 * stays open until the next event is known.
 *
 * Never throws: a failure is written as the protocol's error, inside the open event where there is
 * one, so that a client never takes a broken image for a whole one.
 * Assets with a link are written as `url`, all others as `b64_json`.
 */
export async function* encodeImageStream(
  events: ImageStream,
  options: ImageStreamOptions,
): AsyncGenerator<string> {
  const names = eventNames[options.request.operation === 'generate' ? 'generate' : 'edit']
  let open: 'nothing' | 'string' | Asset = 'nothing'
  try {
    let ended = false
    for await (const event of events) {
      if (typeof open === 'object') yield closing(open, options.request, event)
      open = 'nothing'
      if (event.type === 'end') {
        ended = true
        continue
      }
      const { body } = event.asset
      yield opening(event, names[event.type], options)
      if ('url' in body) yield `"url":${JSON.stringify(body.url)}`
      else {
        yield '"b64_json":"'
        open = 'string'
        yield* encodeBase64(bytesOf(event.asset))
        yield '"'
      }
      open = event.asset
      if (event.type === 'image') continue
      yield closing(event.asset, options.request, event)
      open = 'nothing'
    }
    if (!ended) throw new GatewayError('upstream', 'The reply ended before it was complete')
  } catch (thrown) {
    yield failing(toGatewayError(thrown), open)
  }
}

function opening(
  event: Extract<ImageEvent, { asset: Asset }>,
  type: string,
  options: ImageStreamOptions,
): string {
  const place = event.type === 'partial' ? { partial_image_index: event.index } : {}
  const head = JSON.stringify({ type, created_at: options.created, ...place })
  return `event: ${type}\ndata: ${head.slice(0, -1)},`
}

/** The rest of an open event, once it is known what follows it. */
function closing(asset: Asset, request: ImageRequest, next: ImageEvent): string {
  const { size, quality, background } = request
  const isLast = next.type === 'end'
  const fields = defined({
    background: background ?? 'auto',
    output_format: asset.mediaType.replace('image/', ''),
    quality: quality ?? 'auto',
    size: size === undefined ? 'auto' : `${size.width}x${size.height}`,
    ...(isLast ? pickDetails(next.details ?? {}) : {}),
    usage: isLast ? encodeUsage(next.usage) : undefined,
  })
  return `${moreMembers(fields)}}\n\n`
}

function failing(error: GatewayError, open: 'nothing' | 'string' | Asset): string {
  if (open === 'nothing') return encodeFailure(error)
  const quote = open === 'string' ? '"' : ''
  return `${quote},"error":${JSON.stringify(errorObject(error))}}\n\n`
}

import { encodeBase64, utf8 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { base64Image } from '#core/image-type'
import { defined, isObject, type JsonObject } from '#core/json'
import type { ImageEvent, ImageStream } from '#core/media'
import type { Bytes } from '#core/transport'
import { scanJson } from '../json-stream.ts'
import { failureInside } from '../openai-media.ts'
import { bytesOf, decodeUsage, encodeUsage, moreMembers, pickDetails } from './wire.ts'

/**
 * Reads a whole reply as it arrives: each image is a stream of decoded base64, or a link.
 * What else the reply says about the images is in the `details` of the end event.
 *
 * @param fallbackType the media type of images whose bytes do not tell.
 * @throws GatewayError `upstream` for a reply without images; the error's own kind when it carries an error.
 */
export async function* decodeImageReply(body: Bytes, fallbackType = 'image/png'): ImageStream {
  let images = 0
  let rest: unknown
  for await (const found of scanJson(body, (key) => key === 'b64_json')) {
    if (found.type === 'rest') {
      rest = found.json
      continue
    }
    images++
    yield { type: 'image', asset: await base64Image(found.base64, fallbackType) }
  }
  if (!isObject(rest)) throw new GatewayError('upstream', 'The provider answered with no object')
  const failure = failureInside(rest)
  if (failure !== undefined) throw failure
  for (const event of linked(rest, fallbackType)) {
    images++
    yield event
  }
  if (images === 0) throw new GatewayError('upstream', 'The provider answered without an image')
  const details = pickDetails(rest)
  yield { type: 'end', usage: decodeUsage(rest['usage'], images), details }
}

/** Images given by link, from vendors that follow the older contract. */
function linked(reply: JsonObject, mediaType: string): ImageEvent[] {
  const data = Array.isArray(reply['data']) ? reply['data'] : []
  return data.flatMap((item): ImageEvent[] => {
    if (!isObject(item) || typeof item['url'] !== 'string') return []
    const revised = item['revised_prompt']
    return [
      {
        type: 'image',
        asset: { mediaType, body: { url: item['url'] } },
        ...(typeof revised === 'string' ? { revisedPrompt: revised } : {}),
      },
    ]
  })
}

export interface ImageReplyOptions {
  /** Seconds since the epoch. */
  created: number
}

/**
 * Writes the JSON reply as the images flow: assets with a link as `url`, all others as `b64_json`.
 * Nothing is written before the first event is in hand.
 *
 * @throws what the events throw; a reply that has begun cannot be saved, so the connection must break.
 */
export async function* encodeImageReply(
  events: ImageStream,
  options: ImageReplyOptions,
): AsyncGenerator<Uint8Array> {
  let images = 0
  for await (const event of events) {
    switch (event.type) {
      case 'partial':
        break
      case 'image':
        yield utf8.encode(images === 0 ? `{"created":${options.created},"data":[` : ',')
        images++
        yield* encodeImage(event)
        break
      case 'end':
        if (images === 0) yield utf8.encode(`{"created":${options.created},"data":[`)
        yield utf8.encode(`]${moreMembers(closing(event))}}`)
        return
      default:
        event satisfies never
    }
  }
  throw new GatewayError('upstream', 'The reply ended before it was complete')
}

const closing = (end: Extract<ImageEvent, { type: 'end' }>): JsonObject =>
  defined({ ...pickDetails(end.details ?? {}), usage: encodeUsage(end.usage) })

async function* encodeImage(
  event: Extract<ImageEvent, { type: 'image' }>,
): AsyncGenerator<Uint8Array> {
  const fields = defined({ revised_prompt: event.revisedPrompt, seed: event.seed })
  const { body } = event.asset
  if ('url' in body) {
    yield utf8.encode(JSON.stringify({ url: body.url, ...fields }))
    return
  }
  yield utf8.encode('{"b64_json":"')
  // What came as base64 goes as it came: decoding and encoding would cost ten times as much.
  if ('base64' in body && body.base64 !== undefined) yield* body.base64
  else for await (const piece of encodeBase64(bytesOf(event.asset))) yield utf8.encode(piece)
  yield utf8.encode(`"${moreMembers(fields)}}`)
}

// The pieces that replies and streams of the images protocol share.

import { once } from '#core/bytes'
import { GatewayError } from '#core/error'
import { defined, isObject, type JsonObject } from '#core/json'
import type { Asset, MediaUsage } from '#core/media'
import type { Bytes } from '#core/transport'
import { numberIn } from '../openai-media.ts'

/** What of a reply is neither image nor usage (openai 7.57, `ImagesResponse`). */
const detailKeys = [
  'background',
  'output_format',
  'quality',
  'size',
  'safety_identifier',
  'svg_usage',
] as const

export const pickDetails = (from: JsonObject): JsonObject =>
  defined(Object.fromEntries(detailKeys.map((key) => [key, from[key]])))

export function decodeUsage(wire: unknown, images: number): MediaUsage {
  if (!isObject(wire)) return { images }
  const details = isObject(wire['input_tokens_details']) ? wire['input_tokens_details'] : {}
  return defined({
    images,
    inputTokens: numberIn(wire['input_tokens']),
    outputTokens: numberIn(wire['output_tokens']),
    inputTextTokens: numberIn(details['text_tokens']),
    inputImageTokens: numberIn(details['image_tokens']),
  })
}

/** `undefined` where the target counts no tokens. */
export function encodeUsage(usage: MediaUsage): JsonObject | undefined {
  const { inputTokens, outputTokens, inputTextTokens, inputImageTokens } = usage
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  const input = inputTokens ?? 0
  const image = inputImageTokens ?? 0
  return {
    input_tokens: input,
    input_tokens_details: { text_tokens: inputTextTokens ?? input - image, image_tokens: image },
    output_tokens: outputTokens ?? 0,
    total_tokens: input + (outputTokens ?? 0),
  }
}

/** The bytes of an asset. @throws GatewayError `internal` for a link, which the caller had to bring first. */
export function bytesOf(asset: Asset): Bytes {
  if ('bytes' in asset.body) return once(asset.body.bytes)
  if ('stream' in asset.body) return asset.body.stream
  throw new GatewayError('internal', 'The bytes of this image have not been brought yet')
}

/** The members of an object without its braces, led by a comma where there are any. */
export function moreMembers(fields: JsonObject): string {
  const text = JSON.stringify(fields).slice(1, -1)
  return text === '' ? '' : `,${text}`
}

// Files of requests as image and document blocks.

import type {
  Base64ImageSource,
  DocumentBlockParam,
  ImageBlockParam,
} from '@anthropic-ai/sdk/resources/messages'
import { fromBase64, parseDataUrl, textOf } from '#core/bytes'
import type { FilePart } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'

/**
 * @throws GatewayError `unsupported` with the part's path for what the vendor cannot be given: sound,
 * video, other kinds of image, texts behind a URL.
 */
export function encodeFile(part: FilePart, path: string, lose: Lose): JsonObject {
  const file = inlined(part)
  const kind = file.mediaType.slice(0, file.mediaType.indexOf('/'))
  if (kind === 'image') return imageBlock(file, path, lose)
  if (kind === 'audio' || kind === 'video')
    throw unsupported(path, `${kind} input is not supported by this model`)
  return documentBlock(file, path, lose)
}

/** A data URL is the data it holds. */
function inlined(part: FilePart): FilePart {
  const data = 'url' in part.source ? parseDataUrl(part.source.url) : undefined
  return data === undefined
    ? part
    : { ...part, mediaType: data.mediaType, source: { base64: data.base64 } }
}

function imageBlock(part: FilePart, path: string, lose: Lose): JsonObject {
  if (part.detail !== undefined && part.detail !== 'auto')
    lose(`${path}.detail`, 'the detail of an image is not supported and was left out')
  return { type: 'image' satisfies ImageBlockParam['type'], source: imageSource(part, path) }
}

function imageSource({ source, mediaType }: FilePart, path: string): JsonObject {
  if ('url' in source) return { type: 'url', url: webUrl(source.url, path) }
  if ('reference' in source) return { type: 'file', file_id: source.reference }
  const type = imageTypes.find((candidate) => candidate === mediaType) ?? sniffed(source.base64)
  if (type === undefined)
    throw unsupported(path, `images must be ${imageTypes.join(', ')}, not ${mediaType}`)
  return { type: 'base64', media_type: type, data: source.base64 }
}

const imageTypes = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
] as const satisfies Base64ImageSource['media_type'][]

/** How the base64 of each format begins, for callers who name no format (`image/*`, `image/jpg`). */
const beginnings = {
  '/9j/': 'image/jpeg',
  iVBORw0KGgo: 'image/png',
  R0lGOD: 'image/gif',
  UklGR: 'image/webp',
} as const satisfies Record<string, Base64ImageSource['media_type']>

const sniffed = (base64: string): string | undefined =>
  Object.entries(beginnings).find(([beginning]) => base64.startsWith(beginning))?.[1]

function documentBlock(part: FilePart, path: string, lose: Lose): JsonObject {
  return defined({
    type: 'document' satisfies DocumentBlockParam['type'],
    source: documentSource(part, path, lose),
    title: part.name,
  })
}

function documentSource({ source, mediaType }: FilePart, path: string, lose: Lose): JsonObject {
  if ('reference' in source) return { type: 'file', file_id: source.reference }
  const isPdf = mediaType === 'application/pdf'
  if ('url' in source) {
    if (!isPdf) throw unsupported(path, `a URL may be an image or a PDF, not ${mediaType}`)
    return { type: 'url', url: webUrl(source.url, path) }
  }
  if (isPdf) return { type: 'base64', media_type: 'application/pdf', data: source.base64 }
  if (!isText(mediaType)) throw unsupported(path, `documents must be PDF or text, not ${mediaType}`)
  if (mediaType !== 'text/plain')
    lose(`${path}.mediaType`, `a document of the type ${mediaType} was sent as plain text`)
  return { type: 'text', media_type: 'text/plain', data: textOf(fromBase64(source.base64)) }
}

const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') || mediaType === 'application/json'

function webUrl(url: string, path: string): string {
  if (!/^https?:\/\//i.test(url))
    throw unsupported(path, 'files must be given as http(s) or base64 data URLs')
  return url
}

const unsupported = (param: string, message: string): GatewayError =>
  new GatewayError('unsupported', `${param}: ${message}`, { param })

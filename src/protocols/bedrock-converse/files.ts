// Images, documents, sounds and videos as blocks, both ways.

import { parseDataUrl } from '#core/bytes'
import type { FilePart } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { formatOf, mediaTypeOf, type FileKind } from './vocabulary.ts'

export function decodeFile(block: Reader, kind: FileKind): FilePart {
  const file = block.object(kind)
  const format = file.string('format')
  const source = file.object('source')
  const stored = source.maybeObject('s3Location')
  return defined({
    type: 'file',
    mediaType: mediaTypeOf(kind, format) ?? file.fail('format', `a format of ${kind} files`),
    source:
      stored === undefined ? { base64: source.string('bytes') } : { url: stored.string('uri') },
    name: kind === 'document' ? file.string('name') : undefined,
  } as const)
}

/**
 * @throws GatewayError `unsupported` with the part's path for what the vendor cannot be given: files
 * behind a URL (but for `s3://`), kinds and formats it does not know.
 */
export function encodeFile(part: FilePart, path: string, lose: Lose): JsonObject {
  const file = inlined(part)
  const kind = kindOf(file.mediaType)
  const format = formatOf(kind, sniffed(file) ?? file.mediaType)
  if (format === undefined)
    throw unsupported(path, `${file.mediaType} input is not supported by this protocol`)
  if (file.detail !== undefined && file.detail !== 'auto')
    lose(`${path}.detail`, 'the detail of an image is not supported and was left out')
  const source = sourceOf(file, path)
  if (kind !== 'document') return { [kind]: { format, source } }
  return { document: { format, name: nameOf(file.name, path, lose), source } }
}

/** A data URL is the data it holds. */
function inlined(part: FilePart): FilePart {
  const data = 'url' in part.source ? parseDataUrl(part.source.url) : undefined
  return data === undefined
    ? part
    : { ...part, mediaType: data.mediaType, source: { base64: data.base64 } }
}

function kindOf(mediaType: string): FileKind {
  const kind = mediaType.slice(0, mediaType.indexOf('/'))
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document'
}

/** How the base64 of each format begins, for callers who name no format (`image/*`, `image/jpg`). */
const beginnings = {
  '/9j/': 'image/jpeg',
  iVBORw0KGgo: 'image/png',
  R0lGOD: 'image/gif',
  UklGR: 'image/webp',
} as const

function sniffed({ mediaType, source }: FilePart): string | undefined {
  if (!mediaType.startsWith('image/') || !('base64' in source)) return undefined
  return Object.entries(beginnings).find(([beginning]) => source.base64.startsWith(beginning))?.[1]
}

function sourceOf({ source }: FilePart, path: string): JsonObject {
  if ('base64' in source) return { bytes: source.base64 }
  if ('url' in source && source.url.startsWith('s3://')) return { s3Location: { uri: source.url } }
  throw unsupported(path, 'files must be given as base64, data URLs or s3:// URLs')
}

/** Letters, digits, spaces, hyphens, parentheses and brackets; two spaces never meet (`DocumentBlock.name`). */
function nameOf(name: string | undefined, path: string, lose: Lose): string {
  if (name === undefined) return 'document'
  const clean = name
    .replace(/[^a-zA-Z0-9\s\-()[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
  const allowed = clean === '' ? 'document' : clean
  if (allowed !== name) lose(`${path}.name`, `the name of a document became ${allowed}`)
  return allowed
}

const unsupported = (param: string, message: string): GatewayError =>
  new GatewayError('unsupported', `${param}: ${message}`, { param })

// Content parts (`ChatCompletionContentPart*` of the SDK), both ways.

import { parseDataUrl } from '#core/bytes'
import type { CacheMark, FilePart, TextPart } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { audioFormat, audioMediaType, cacheTtls, documentType, fileName } from './vocabulary.ts'

/** `video_url` is not OpenAI's; compatible hosts take it. */
const partTypes = ['text', 'image_url', 'input_audio', 'file', 'video_url'] as const

/** `content` as a text or a list of parts; a text is one part, an empty one none. */
export function readContent<T>(message: Reader, part: (reader: Reader) => T): (TextPart | T)[] {
  const value = message.json('content')
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  if (!Array.isArray(value)) message.fail('content', 'a string or an array of content parts')
  return message.list('content', part)
}

export function readPart(part: Reader): TextPart | FilePart {
  const type = part.oneOf('type', partTypes)
  switch (type) {
    case 'text':
      return readText(part)
    case 'image_url':
      return { ...readLink(part, type, 'image/*'), ...readCache(part) }
    case 'video_url':
      return { ...readLink(part, type, 'video/*'), ...readCache(part) }
    case 'input_audio':
      return { ...readSound(part.object('input_audio')), ...readCache(part) }
    case 'file':
      return { ...readFile(part), ...readCache(part) }
    default:
      return type satisfies never
  }
}

/** A part that may only be text. */
export function readTextPart(part: Reader): TextPart {
  part.oneOf('type', ['text'])
  return readText(part)
}

export const readText = (part: Reader): TextPart => ({
  type: 'text',
  text: part.string('text'),
  ...readCache(part),
})

function readLink(part: Reader, key: 'image_url' | 'video_url', mediaType: string): FilePart {
  const value = part.json(key)
  // Some clients write the address without the object around it.
  if (typeof value === 'string') return { type: 'file', ...sourceOf(value, mediaType) }
  const link = part.object(key)
  const detail = link.maybeString('detail')
  return { type: 'file', ...sourceOf(link.string('url'), mediaType), ...defined({ detail }) }
}

export const sourceOf = (
  url: string,
  mediaType: string,
): Pick<FilePart, 'mediaType' | 'source'> => {
  const data = parseDataUrl(url)
  return data === undefined
    ? { mediaType, source: { url } }
    : { mediaType: data.mediaType, source: { base64: data.base64 } }
}

export const readSound = (sound: Reader): FilePart => ({
  type: 'file',
  mediaType: audioMediaType(sound.string('format')),
  source: { base64: sound.string('data') },
})

export function readFile(part: Reader): FilePart {
  const file = part.object('file')
  const name = file.maybeString('filename')
  const reference = file.maybeString('file_id')
  const named = defined({ name })
  if (reference !== undefined) {
    const mediaType = documentType(name) ?? 'application/octet-stream'
    return { type: 'file', mediaType, source: { reference }, ...named }
  }
  const data =
    file.maybeString('file_data') ?? part.fail('file', 'an object with file_data or file_id')
  const mediaType = documentType(name) ?? 'application/pdf'
  // Compatible hosts take an address here; bare base64 has no scheme.
  const source = /^(?:data|https?):/.test(data)
    ? sourceOf(data, mediaType)
    : { mediaType, source: { base64: data } }
  return { type: 'file', ...source, ...named }
}

export function readCache(part: Reader): { cache?: CacheMark } {
  const mark = part.maybeObject('prompt_cache_breakpoint')
  if (mark === undefined) return {}
  mark.oneOf('mode', ['explicit'])
  return { cache: defined({ ttl: mark.maybeOneOf('ttl', ['30m', '12h']) }) }
}

/** Where a part is, for reports: `messages[2].content[0]`. */
export interface Place {
  path: string
  lose: Lose
}

/** A list of parts as short as the wire allows: a text alone is a string. */
export function contentOf(parts: readonly JsonObject[]): JsonObject[] | string {
  const [only] = parts
  if (only === undefined) return ''
  const text = only['text']
  const isBare = parts.length === 1 && only['type'] === 'text' && Object.keys(only).length === 2
  return isBare && typeof text === 'string' ? text : [...parts]
}

export const encodeText = (part: TextPart, place: Place): JsonObject => ({
  type: 'text',
  text: part.text,
  ...encodeCache(part, place),
})

export function encodeFile(part: FilePart, place: Place): JsonObject {
  const content = fileContent(part, place)
  const isNamed = content['type'] === 'file' || part.name === undefined
  if (!isNamed)
    place.lose(`${place.path}.name`, 'The name of this file cannot be sent; the file was')
  return { ...content, ...encodeCache(part, place) }
}

function fileContent(part: FilePart, { path, lose }: Place): JsonObject {
  const { mediaType, source } = part
  if ('reference' in source)
    return { type: 'file', file: defined({ file_id: source.reference, filename: part.name }) }
  if (mediaType.startsWith('image/'))
    return { type: 'image_url', image_url: defined({ url: linkOf(part), detail: part.detail }) }
  if (mediaType.startsWith('video/')) return { type: 'video_url', video_url: { url: linkOf(part) } }
  if (!mediaType.startsWith('audio/'))
    return {
      type: 'file',
      file: { filename: part.name ?? fileName(mediaType), file_data: linkOf(part) },
    }
  if ('base64' in source)
    return {
      type: 'input_audio',
      input_audio: { data: source.base64, format: audioFormat(mediaType) },
    }
  lose(path, 'A sound cannot be sent by its address; the address was sent as text')
  return { type: 'text', text: source.url }
}

/** The address of a file, or its content as a data URL. */
export function linkOf(part: FilePart): string {
  const { source } = part
  if ('url' in source) return source.url
  return 'base64' in source
    ? `data:${part.mediaType};base64,${source.base64}`
    : `file:${source.reference}`
}

export function encodeCache({ cache }: { cache?: CacheMark }, { path, lose }: Place): JsonObject {
  if (cache === undefined) return {}
  const { ttl } = cache
  if (ttl === undefined) return { prompt_cache_breakpoint: { mode: 'explicit' } }
  const kept = cacheTtls[ttl]
  if (kept !== ttl)
    lose(`${path}.cache`, `A cache lifetime of ${ttl} is not on offer; it became ${kept}`)
  return { prompt_cache_breakpoint: { mode: 'explicit', ttl: kept } }
}

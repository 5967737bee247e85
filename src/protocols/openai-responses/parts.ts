// Input content (`ResponseInputContent` of the SDK), both ways.

import type { FilePart, TextPart, ToolResultPart } from '#core/chat'
import { defined, isObject, type JsonObject } from '#core/json'
import { loseExtras } from '#core/losses'
import type { Reader } from '#core/reader'
import {
  encodeCache,
  linkOf,
  readCache,
  readSound,
  sourceOf,
  type Place,
} from '../openai-chat/parts.ts'
import { audioFormat, documentType, fileName } from '../openai-chat/vocabulary.ts'
import { id as protocolId } from './vocabulary.ts'

const partTypes = ['input_text', 'input_image', 'input_file', 'input_audio'] as const

/** A text or a list of parts under a key; a text is one part, an empty one none. */
export function readContent<T>(
  item: Reader,
  key: string,
  part: (reader: Reader) => T,
): (TextPart | T)[] {
  const value = item.json(key)
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  if (!Array.isArray(value)) item.fail(key, 'a string or an array of content parts')
  return item.list(key, part)
}

export function readPart(part: Reader): TextPart | FilePart {
  const type = part.oneOf('type', partTypes)
  switch (type) {
    case 'input_text':
      return readText(part)
    case 'input_image':
      return { ...readImage(part), ...readCache(part) }
    case 'input_file':
      return { ...readFile(part), ...readCache(part) }
    case 'input_audio':
      return readSound(part.object('input_audio'))
    default:
      return type satisfies never
  }
}

/** A part that may only be text. */
export function readTextPart(part: Reader): TextPart {
  part.oneOf('type', ['input_text'])
  return readText(part)
}

const readText = (part: Reader): TextPart => ({
  type: 'text',
  text: part.string('text'),
  ...readCache(part),
})

function readImage(part: Reader): FilePart {
  const reference = part.maybeString('file_id')
  const named = readDetail(part)
  if (reference !== undefined)
    return { type: 'file', mediaType: 'image/*', source: { reference }, ...named }
  const url =
    part.maybeString('image_url') ?? part.fail('image_url', 'a string, where no file_id is given')
  return { type: 'file', ...sourceOf(url, 'image/*'), ...named }
}

/** `auto` is what the vendor takes for granted. */
function readDetail(part: Reader): { detail?: string } {
  const detail = part.maybeString('detail')
  return detail === undefined || detail === 'auto' ? {} : { detail }
}

function readFile(part: Reader): FilePart {
  const name = part.maybeString('filename')
  const reference = part.maybeString('file_id')
  const url = part.maybeString('file_url')
  const data = part.maybeString('file_data')
  const named = { ...defined({ name }), ...readDetail(part) }
  if (reference !== undefined) {
    const mediaType = documentType(name) ?? 'application/octet-stream'
    return { type: 'file', mediaType, source: { reference }, ...named }
  }
  const mediaType = documentType(name ?? url) ?? 'application/pdf'
  if (url !== undefined) return { type: 'file', ...sourceOf(url, mediaType), ...named }
  if (data === undefined)
    return part.fail('file_data', 'a string, where neither file_id nor file_url is given')
  const source = data.startsWith('data:')
    ? sourceOf(data, mediaType)
    : { mediaType, source: { base64: data } }
  return { type: 'file', ...source, ...named }
}

/** A part of a message of the user, or of what a tool returned. */
export function encodePart(part: TextPart | FilePart, place: Place): JsonObject {
  loseExtras(part.extra, protocolId, place)
  if (part.signature !== undefined) place.lose(`${place.path}.signature`, unsignable)
  const content =
    part.type === 'text' ? { type: 'input_text', text: part.text } : encodeFile(part, place)
  return { ...content, ...encodeCache(part, place) }
}

export const unsignable = 'A signature has no place here and was left out'

function encodeFile(part: FilePart, { path, lose }: Place): JsonObject {
  const { mediaType, source, name } = part
  const detail = part.detail ?? 'auto'
  if (mediaType.startsWith('image/')) {
    if (name !== undefined)
      lose(`${path}.name`, 'The name of an image cannot be sent; the image was')
    return 'reference' in source
      ? { type: 'input_image', file_id: source.reference, detail }
      : { type: 'input_image', image_url: linkOf(part), detail }
  }
  const named = defined({ filename: name, detail: part.detail })
  if ('reference' in source) return { type: 'input_file', file_id: source.reference, ...named }
  if ('base64' in source && mediaType.startsWith('audio/'))
    return {
      type: 'input_audio',
      input_audio: { data: source.base64, format: audioFormat(mediaType) },
    }
  if ('url' in source) return { type: 'input_file', file_url: source.url, ...named }
  return {
    type: 'input_file',
    ...named,
    filename: name ?? fileName(mediaType),
    file_data: linkOf(part),
  }
}

/** What a tool returned: a text alone is a string. */
export function encodeOutput(part: ToolResultPart, place: Place): JsonObject[] | string {
  const parts = part.output.map((item, index) =>
    encodePart(item, { ...place, path: `${place.path}.output[${index}]` }),
  )
  const last = parts.at(-1)
  if (part.cache !== undefined) {
    const marked = { ...(last ?? { type: 'input_text', text: '' }), ...encodeCache(part, place) }
    return [...parts.slice(0, -1), marked]
  }
  if (last === undefined) return ''
  const text = last['text']
  const isBare = parts.length === 1 && isObject(last) && Object.keys(last).length === 2
  return isBare && typeof text === 'string' && text !== '' ? text : parts
}

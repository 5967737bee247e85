// Media in both directions: `inlineData` holds it, `fileData` says where it is.

import { parseDataUrl } from '#core/bytes'
import type { FilePart } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Reader } from '#core/reader'
import { spelled, standardBase64 } from './vocabulary.ts'

const filesHost = 'https://generativelanguage.googleapis.com/'

export function readInline(blob: Reader): FilePart {
  return {
    type: 'file',
    mediaType: blob.string(spelled(blob, 'mimeType')),
    source: { base64: standardBase64(blob.string('data')) },
    ...defined({ name: blob.maybeString(spelled(blob, 'displayName')) }),
  }
}

export function readFileData(data: Reader): FilePart {
  const uri = data.string(spelled(data, 'fileUri'))
  return {
    type: 'file',
    mediaType: data.maybeString(spelled(data, 'mimeType')) ?? anyType,
    source: sourceOf(uri),
    ...defined({ name: data.maybeString(spelled(data, 'displayName')) }),
  }
}

/** Only a public address means something to others; Files API names and `gs://` are Google's own. */
export const sourceOf = (uri: string): FilePart['source'] =>
  /^https?:\/\//.test(uri) && !uri.startsWith(filesHost) ? { url: uri } : { reference: uri }

/** The media type of a file whose sender named none. */
export const anyType = 'application/octet-stream'

/** `{ inlineData }` or `{ fileData }`. */
export function writeFile(part: FilePart): JsonObject {
  const displayName = part.name
  const { source } = part
  if ('base64' in source)
    return {
      inlineData: defined({
        mimeType: exactType(part.mediaType, source.base64),
        data: source.base64,
        displayName,
      }),
    }
  if ('reference' in source) return fileData(part.mediaType, source.reference, displayName)
  const inline = parseDataUrl(source.url)
  return inline === undefined
    ? fileData(part.mediaType, source.url, displayName)
    : { inlineData: defined({ mimeType: inline.mediaType, data: inline.base64, displayName }) }
}

function fileData(mediaType: string, fileUri: string, displayName: string | undefined): JsonObject {
  const mimeType = isVague(mediaType) ? typeOfName(fileUri) : mediaType
  return { fileData: defined({ mimeType, fileUri, displayName }) }
}

const isVague = (mediaType: string): boolean => mediaType === anyType || mediaType.endsWith('/*')

const exactType = (mediaType: string, base64: string): string =>
  isVague(mediaType) ? (typeOfStart(base64) ?? mediaType) : mediaType

/** How the base64 of common files begins. */
const starts: Record<string, string> = {
  iVBORw: 'image/png',
  '/9j/': 'image/jpeg',
  UklGR: 'image/webp',
  R0lGOD: 'image/gif',
  JVBERi: 'application/pdf',
}

const typeOfStart = (base64: string): string | undefined =>
  Object.entries(starts).find(([start]) => base64.startsWith(start))?.[1]

const extensions: Record<string, string | undefined> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  wav: 'audio/wav',
  mp3: 'audio/mp3',
  mp4: 'video/mp4',
}

function typeOfName(uri: string): string | undefined {
  const [path = ''] = uri.split(/[?#]/)
  return extensions[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
}

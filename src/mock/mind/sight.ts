// What the mind knows of attached files: their kind and size, and what a recording says.

import { fromBase64 } from '#core/bytes'
import type { ChatRequest, FilePart } from '#core/chat'
import { hear } from '../hear.ts'
import { probe } from '#core/probe'

/** The files of the last user message. */
export function attachments(request: ChatRequest): FilePart[] {
  const message = request.messages.findLast(({ role }) => role === 'user')
  return message?.role === 'user'
    ? message.content.flatMap((part) => (part.type === 'file' ? [part] : []))
    : []
}

/** A noun phrase: `a PNG image of 640 x 480 pixels`. */
export function describe(part: FilePart): string {
  const { source, name } = part
  const called = name === undefined ? '' : ` named ${name}`
  if ('url' in source) return `${article(kindOf(part.mediaType))}${called} at ${source.url}`
  if ('reference' in source)
    return `${article(kindOf(part.mediaType))}${called} (${source.reference})`
  const bytes = fromBase64(source.base64)
  const media = probe(bytes)
  return article(kindOf(media?.mediaType ?? part.mediaType)) + called + sizeOf(bytes, media)
}

function sizeOf(bytes: Uint8Array, media: ReturnType<typeof probe>): string {
  if (media?.width !== undefined && media.height !== undefined)
    return ` of ${media.width} x ${media.height} pixels`
  if (media?.seconds !== undefined) return ` of ${media.seconds.toFixed(1)} seconds`
  return bytes.length < 1000
    ? ` of ${bytes.length} bytes`
    : ` of ${Math.round(bytes.length / 1000)} kB`
}

function kindOf(mediaType: string): string {
  const [family = 'file', form = ''] = mediaType.split('/')
  const label = form === '*' || form === '' ? '' : `${form.replace(/^x-/, '').toUpperCase()} `
  switch (family) {
    case 'image':
      return `${label}image`
    case 'audio':
      return `${label}recording`
    case 'video':
      return `${label}video`
    default:
      return form === 'pdf'
        ? 'PDF document'
        : `${family === 'text' ? 'text' : label.trimEnd()} file`.trim()
  }
}

const article = (noun: string): string =>
  `${/^([AEIOaeio]|MP|MP[34]|M4|HEIC|X|F[A-Z]AC)/.test(noun) ? 'an' : 'a'} ${noun}`

/** What the recordings among the files say, when the text asks for it. */
export function overheard(files: readonly FilePart[], text: string): string | undefined {
  if (
    !/\btranscri|\btranslat|what (?:is|was|did|does).*\b(?:said|say|says|hear|saying)\b/i.test(text)
  )
    return undefined
  const said = files.flatMap(({ mediaType, source }) =>
    mediaType.startsWith('audio/') && 'base64' in source
      ? [hear(fromBase64(source.base64), { mediaType }).text]
      : [],
  )
  return said.length === 0 ? undefined : said.join('\n')
}

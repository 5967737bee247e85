// Citations: `annotations` of an `output_text` (`ResponseOutputText` of the SDK).

import type { Citation } from '#core/chat'
import { defined, type Json, type JsonObject } from '#core/json'
import { number, objects, text } from '../openai-chat/vocabulary.ts'
import { id as protocolId } from './vocabulary.ts'

/** Citations of files, which the hub has no field for, are kept as they are. */
export const decodeAnnotations = (annotations: Json | undefined): Citation[] =>
  objects(annotations).map((annotation) =>
    annotation['type'] === 'url_citation'
      ? defined({
          url: text(annotation['url']),
          title: text(annotation['title']),
          quote: text(annotation['content']),
          start: number(annotation['start_index']),
          end: number(annotation['end_index']),
        })
      : { extra: { [protocolId]: annotation } },
  )

/** The vendor's four fields are always there; `content`, the words of the source, is said where they are known. */
export function encodeAnnotation(citation: Citation, textLength: number): JsonObject {
  const own = citation.extra?.[protocolId]
  if (own !== undefined) return own
  const { url = '', title = url, quote, start = 0, end = textLength } = citation
  return defined({
    type: 'url_citation',
    start_index: start,
    end_index: end,
    url,
    title,
    content: quote,
  })
}

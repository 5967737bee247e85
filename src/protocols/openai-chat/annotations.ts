// Citations: `annotations` of a message (`ChatCompletionMessage.Annotation` of the SDK).

import type { Citation, TextPart } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { id as protocolId, number, objects, text } from './vocabulary.ts'

export const decodeAnnotations = (annotations: Json | undefined): Citation[] =>
  objects(annotations).map((annotation) => {
    const citation = annotation['url_citation']
    if (!isObject(citation)) return { extra: { [protocolId]: annotation } }
    return defined({
      url: text(citation['url']),
      title: text(citation['title']),
      quote: text(citation['content']),
      start: number(citation['start_index']),
      end: number(citation['end_index']),
    })
  })

/** All four fields are always there; `content`, the words of the source, is OpenRouter's. */
export const encodeAnnotations = (
  citations: readonly Citation[],
  textLength: number,
  offset: number,
): JsonObject[] =>
  citations.map((citation) => {
    const own = citation.extra?.[protocolId]
    if (own !== undefined) return own
    const { url = '', title = url, quote, start = 0, end = textLength } = citation
    return {
      type: 'url_citation',
      url_citation: defined({
        end_index: offset + end,
        start_index: offset + start,
        title,
        url,
        content: quote,
      }),
    }
  })

/** The citations of all texts, counted from the beginning of the first. */
export function textAnnotations(texts: readonly TextPart[]): JsonObject[] {
  let offset = 0
  return texts.flatMap((part) => {
    const found = encodeAnnotations(part.citations ?? [], part.text.length, offset)
    offset += part.text.length
    return found
  })
}

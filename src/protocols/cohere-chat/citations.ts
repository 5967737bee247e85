// `Citation` of the SDK: a span of the answer and the documents or tool results it rests on.

import type { Citation } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { id, objects } from './vocabulary.ts'

export function decodeCitation(wire: JsonObject): Citation {
  const [source] = objects(wire['sources'])
  const document = source === undefined ? undefined : source['document']
  const said = (field: string): string | undefined => {
    const value = isObject(document) ? document[field] : undefined
    return typeof value === 'string' ? value : undefined
  }
  return defined({
    url: said('url'),
    title: said('title'),
    quote: said('snippet') ?? said('text'),
    start: offset(wire['start']),
    end: offset(wire['end']),
    extra: { [id]: wire },
  })
}

const offset = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

/** The vendor's own words where they came from here. */
export function encodeCitation({ url, title, quote, start, end, extra }: Citation): JsonObject {
  const document: JsonObject = defined({ url, title, text: quote })
  return (
    extra?.[id] ??
    defined({
      start,
      end,
      text: '',
      sources: [{ type: 'document', id: url ?? title ?? 'document', document }],
    })
  )
}

// `groundingMetadata` and citations: the API lists sources once and points at them from spans of text.

import { textOf, utf8 } from '#core/bytes'
import type { Citation } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'

const listOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

const textAt = (value: Json | undefined, key: string): string | undefined => {
  const text = isObject(value) ? value[key] : undefined
  return typeof text === 'string' ? text : undefined
}

const numberAt = (value: JsonObject, key: string): number | undefined => {
  const number = value[key]
  return typeof number === 'number' ? number : undefined
}

/** One citation for each source of each supported span. */
export function readCitations(metadata: JsonObject, text: string): Citation[] {
  const chunks = listOf(metadata['groundingChunks'])
  const bytes = utf8.encode(text)
  // Offsets count bytes of UTF-8; the first one may be absent for zero.
  const at = (offset: number): number => textOf(bytes.subarray(0, offset)).length
  return listOf(metadata['groundingSupports']).flatMap((support) => {
    const segment = isObject(support['segment']) ? support['segment'] : {}
    const end = numberAt(segment, 'endIndex')
    const start = numberAt(segment, 'startIndex') ?? (end === undefined ? undefined : 0)
    const span = {
      quote: textAt(segment, 'text'),
      start: start === undefined ? undefined : at(start),
      end: end === undefined ? undefined : at(end),
    }
    const indexes = support['groundingChunkIndices']
    return (Array.isArray(indexes) ? indexes : []).flatMap((index) => {
      const chunk = typeof index === 'number' ? chunks[index] : undefined
      if (chunk === undefined) return []
      const source = chunk['web'] ?? chunk['retrievedContext'] ?? chunk['maps']
      return [defined({ url: textAt(source, 'uri'), title: textAt(source, 'title'), ...span })]
    })
  })
}

/** The inverse, for answers whose citations came from elsewhere. */
export function writeCitations(citations: readonly Citation[], text: string): JsonObject {
  const sources = new Map<string, number>()
  const groundingChunks: JsonObject[] = []
  const groundingSupports = citations.map((citation) => {
    const key = `${citation.url} ${citation.title}`
    let index = sources.get(key)
    if (index === undefined) {
      index = groundingChunks.length
      sources.set(key, index)
      groundingChunks.push({ web: defined({ uri: citation.url, title: citation.title }) })
    }
    const at = (offset: number | undefined): number | undefined =>
      offset === undefined ? undefined : utf8.encode(text.slice(0, offset)).length
    const segment = defined({
      startIndex: at(citation.start),
      endIndex: at(citation.end),
      text: citation.quote,
    })
    return { segment, groundingChunkIndices: [index] }
  })
  return { groundingChunks, groundingSupports }
}

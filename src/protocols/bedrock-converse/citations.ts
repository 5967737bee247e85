// `CitationsContentBlock` of the SDK: texts with what they rest on.

import type { Citation } from '#core/chat'
import { defined, isObject, type JsonObject } from '#core/json'
import { id, objects, text } from './vocabulary.ts'

export function decodeCitation(wire: JsonObject): Citation {
  const { location, title } = wire
  const web = isObject(location) ? location['web'] : undefined
  const quote = objects(wire['sourceContent'])
    .map((part) => text(part['text']))
    .join('')
  return defined({
    url: isObject(web) && typeof web['url'] === 'string' ? web['url'] : undefined,
    title: typeof title === 'string' ? title : undefined,
    quote: quote === '' ? undefined : quote,
    extra: { [id]: wire },
  })
}

/** The vendor's own words where they came from here. */
export function encodeCitation({ url, title, quote, extra }: Citation): JsonObject {
  return (
    extra?.[id] ??
    defined({
      title,
      sourceContent: quote === undefined ? undefined : [{ text: quote }],
      location: url === undefined ? undefined : { web: { url } },
    })
  )
}

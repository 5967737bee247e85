// What a text names: the values a tool call or a JSON reply can be filled with.

export interface Facts {
  text: string
  /** In lower case. */
  words: ReadonlySet<string>
  quoted: string[]
  numbers: number[]
  places: string[]
  names: string[]
  dates: string[]
  emails: string[]
  links: string[]
}

export function factsOf(text: string): Facts {
  const emails = text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []
  const links = text.match(/https?:\/\/[^\s"'<>)\]]*[^\s"'<>)\].,;:!?]/g) ?? []
  const dates = text.match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? []
  const bare = [...emails, ...links, ...dates].reduce(
    (rest, found) => rest.replace(found, ' '),
    text,
  )
  return {
    text,
    words: new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []),
    quoted: [
      ...text.matchAll(
        /"([^"\n]+)"|\u201c([^\u201d\n]+)\u201d|`([^`\n]+)`|(?<=^|[\s(:,])'([^'\n]+)'/g,
      ),
    ].map(([, ...groups]) => groups.find((group) => group !== undefined) ?? ''),
    numbers: (bare.match(/(?<![\w.])-?\d+(?:[.,]\d+)*(?![\w])/g) ?? []).flatMap(numeral),
    places: placesIn(bare),
    names: [
      ...bare.matchAll(/(?<=[\p{L}\p{N},;:]\s)\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+)*/gu),
    ].map(([name]) => name),
    dates,
    emails,
    links,
  }
}

/** `1,250.5` is one number, `2,3` are two. */
function numeral(text: string): number[] {
  const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)
  const parts = grouped ? [text.replaceAll(',', '')] : text.split(',')
  return parts.map(Number).filter((value) => Number.isFinite(value))
}

const capital = String.raw`\p{Lu}[\p{L}'.-]*\p{L}(?:\s\p{Lu}[\p{L}'-]+)*`
const placeList = new RegExp(
  String.raw`\b(?:in|at|for|near|of|to|from|around)\s+(${capital}(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+vs\.?\s+)${capital})*)`,
  'gu',
)

/** Capitalised words after "in", "at", "for" ..., lists of them split. */
function placesIn(text: string): string[] {
  const found = [...text.matchAll(placeList)].flatMap(([, list = '']) =>
    list.split(/\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+vs\.?\s+/u),
  )
  return [...new Set(found.map((place) => place.replace(/[.'-]+$/, '')))]
}

// Which instructions the mind follows. Everything else it is told, it only repeats.
//
// | said by the user last, or by the system                     | done                             |
// | reply with exactly: X, say only "X", respond with just "X"  | the reply is X                   |
// | say X (the whole message, no longer than eight words)       | the reply is X                   |
// | repeat after me: X, repeat: X                               | the reply is X                   |
// | in uppercase, in all caps, in lowercase                     | the reply is written so          |
// | in one word, in at most N words, in N words                 | the reply has so many words      |
// | in one sentence                                             | the reply is its first sentence  |

const verb = String.raw`(?:reply|respond|answer|say|return|output|write|print)`
const filler = String.raw`(?:\s+(?:to\s+\w+|with|back|the|this|following|words?|text|phrase|message|sentence|and|nothing|but|else))*`
const only = String.raw`\s+(?:exactly|only|just|verbatim|nothing\s+but)`

const quotedOrder = new RegExp(
  String.raw`\b${verb}${filler}(?:${only})?${filler}\s*:?\s*(?:"([^"]+)"|“([^”]+)”|'([^'\n]+)'|\x60([^\x60]+)\x60)`,
  'i',
)
const plainOrder = new RegExp(String.raw`\b${verb}${filler}${only}${filler}\s*:\s*(\S[^\n]*)`, 'i')
const onlyWord = new RegExp(
  String.raw`\b${verb}(?:\s+with)?${only}\s+(?:with\s+)?(?:the\s+)?word\s+([\p{L}\p{N}]+)`,
  'iu',
)
const justWord = new RegExp(
  String.raw`^\s*(?:please\s+)?${verb}\s+with(?:\s+(?:just|only))?\s+the\s+(?:single\s+)?word\s+([\p{L}\p{N}]+)\b`,
  'iu',
)
const shortOrder = /^\s*(?:please\s+)?say\s+((?:\S+\s*){1,8})$/i
const repeatOrder = /\brepeat(?:\s+(?:after\s+me|this|the\s+following))?\s*:\s*(\S[^\n]*)/i

/** The reply that the text asks for word by word; `undefined` when it does not. */
export function orderIn(text: string): string | undefined {
  for (const order of [plainOrder, quotedOrder, onlyWord, justWord, repeatOrder, shortOrder]) {
    const [, ...groups] = order.exec(text) ?? []
    const found = groups.find((group) => group !== undefined)
    if (found !== undefined) return unquoted(found.trim())
  }
  return undefined
}

function unquoted(text: string): string {
  const [, inner] = /^["“'`](.+)["”'`][.!]?$/s.exec(text) ?? []
  return inner ?? text
}

/** The text as the instructions want it written. */
export function styled(text: string, instructions: string): string {
  const sentence = /\b(?:in|with) (?:one|a single) sentence\b/i.test(instructions)
    ? (/^.+?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text)
    : text
  const most = wordLimit(instructions)
  const short = most === undefined ? sentence : sentence.split(/\s+/).slice(0, most).join(' ')
  if (/\b(?:uppercase|upper case|all caps|capital letters)\b/i.test(instructions))
    return short.toUpperCase()
  return /\b(?:lowercase|lower case)\b/i.test(instructions) ? short.toLowerCase() : short
}

const numerals = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
]

function wordLimit(instructions: string): number | undefined {
  const [, number] =
    /\b(?:in|with|using|most|than|to)\s+(?:a\s+)?(?:exactly |only |at most |no more than |up to |single )*(\d+|one|two|three|four|five|six|seven|eight|nine|ten|word)\b(?:\s+words?\b|(?<=word))/i.exec(
      instructions,
    ) ?? []
  if (number === undefined) return undefined
  if (number.toLowerCase() === 'word') return 1
  const named = numerals.indexOf(number.toLowerCase())
  return Math.max(1, named >= 0 ? named : Number(number))
}

/** The text up to the first stop sequence, and that sequence. */
export function stopped(text: string, stop: readonly string[] = []): [string, string | undefined] {
  let [end, sequence]: [number, string | undefined] = [text.length, undefined]
  for (const candidate of stop) {
    const at = candidate === '' ? -1 : text.indexOf(candidate)
    if (at >= 0 && at < end) [end, sequence] = [at, candidate]
  }
  return [text.slice(0, end), sequence]
}

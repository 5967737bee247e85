// Reads a JSON document that carries media in base64 strings without ever holding one of them whole.

import { concat, decodeBase64, textOf, utf8 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { parseJson } from '#core/json'
import type { Bytes } from '#core/transport'

const QUOTE = 34
const COLON = 58
const BACKSLASH = 92
/** No base64: what stands for characters beyond ASCII. */
const QUESTION_MARK = 63

export type ScannedJson =
  /**
   * A string under a key that `isBig` names: its base64 text, and the bytes that stands for; one of the
   * two is read. What is left unread is skipped.
   */
  | { type: 'big'; key: string; base64: Bytes; bytes: Bytes }
  /** The whole document, big strings replaced by `''`. Always last. */
  | { type: 'rest'; json: unknown }

/**
 * Cuts a JSON document, as it arrives, into decoded base64 streams and the small rest.
 * Only a string that is itself the value of a key can be big. Memory is one chunk and the rest.
 *
 * @throws GatewayError `upstream` for text that is no JSON, ends early, or is not base64 where it should be.
 * @example
 * for await (const found of scanJson(response.body, (key) => key === 'data'))
 *   if (found.type === 'big') yield* found.bytes
 */
export async function* scanJson(
  body: Bytes,
  isBig: (key: string) => boolean,
): AsyncGenerator<ScannedJson> {
  const cursor = cursorOver(body)
  const kept: Uint8Array[] = []
  let last: Uint8Array[] = []
  let isValue = false
  try {
    for (let view = await cursor.view(); view !== undefined; view = await cursor.view()) {
      const quote = view.indexOf(QUOTE)
      const between = quote < 0 ? view : view.subarray(0, quote)
      isValue = valueFollows(between, isValue)
      kept.push(between)
      cursor.advance(between.length + (quote < 0 ? 0 : 1))
      if (quote < 0) continue
      const key = isValue ? textOf(concat(last)) : undefined
      if (key !== undefined && isBig(key)) {
        const text = openString(cursor)
        const base64 = piecesOf(text)
        yield { type: 'big', key, base64, bytes: decodeBase64(base64) }
        while ((await text.next()) !== undefined);
        kept.push(utf8.encode('""'))
        last = []
      } else {
        last = await smallString(cursor)
        kept.push(utf8.encode('"'), ...last, utf8.encode('"'))
      }
      isValue = false
    }
  } finally {
    await cursor.close()
  }
  const json = parseJson(textOf(concat(kept)))
  if (json === undefined)
    throw new GatewayError('upstream', 'The provider answered with something that is not JSON')
  yield { type: 'rest', json }
}

/** Whether a string that begins after these bytes is the value of the key before them. */
function valueFollows(between: Uint8Array, before: boolean): boolean {
  let follows = before
  for (const byte of between) if (byte > 32) follows = byte === COLON
  return follows
}

interface Cursor {
  /** The bytes at hand, never none; `undefined` at the end. */
  view(): Promise<Uint8Array | undefined>
  advance(count: number): void
  close(): Promise<void>
}

function cursorOver(body: Bytes): Cursor {
  const iterator = body[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array(0)
  let at = 0
  return {
    async view() {
      while (at >= chunk.length) {
        const next = await iterator.next()
        if (next.done === true) return undefined
        chunk = next.value
        at = 0
      }
      return at === 0 ? chunk : chunk.subarray(at)
    },
    advance(count) {
      at += count
    },
    async close() {
      await iterator.return?.()
    },
  }
}

const endedEarly = (): GatewayError =>
  new GatewayError('upstream', 'The reply ended before it was complete')

async function inside(cursor: Cursor): Promise<Uint8Array> {
  const view = await cursor.view()
  if (view === undefined) throw endedEarly()
  return view
}

async function take(cursor: Cursor): Promise<number> {
  const [byte] = await inside(cursor)
  if (byte === undefined) throw endedEarly()
  cursor.advance(1)
  return byte
}

/** The bytes of a string up to its closing quote, escapes as they are. */
async function smallString(cursor: Cursor): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for (;;) {
    const view = await inside(cursor)
    const stop = stopOf(view)
    const piece = view.subarray(0, stop)
    if (piece.length > 0) pieces.push(piece)
    cursor.advance(stop)
    if (stop === view.length) continue
    if ((await take(cursor)) === QUOTE) return pieces
    pieces.push(Uint8Array.of(BACKSLASH, await take(cursor)))
  }
}

/** Where plain characters end: at a quote, at an escape, or with the chunk. */
function stopOf(view: Uint8Array): number {
  const quote = view.indexOf(QUOTE)
  const plain = quote < 0 ? view : view.subarray(0, quote)
  const escape = plain.indexOf(BACKSLASH)
  return escape < 0 ? plain.length : escape
}

interface OpenString {
  /** The next characters, unescaped; `undefined` after the closing quote. */
  next(): Promise<Uint8Array | undefined>
}

function openString(cursor: Cursor): OpenString {
  let open = true
  return {
    async next() {
      if (!open) return undefined
      const view = await inside(cursor)
      const stop = stopOf(view)
      if (stop > 0) {
        cursor.advance(stop)
        return view.subarray(0, stop)
      }
      open = (await take(cursor)) !== QUOTE
      return open ? Uint8Array.of(await unescaped(cursor)) : undefined
    },
  }
}

/** `\/` and `\u003d` are written by encoders that fear HTML, line ends by those that wrap base64. */
async function unescaped(cursor: Cursor): Promise<number> {
  const letter = String.fromCharCode(await take(cursor))
  if (letter !== 'u') return simpleEscapes[letter] ?? letter.charCodeAt(0)
  let digits = ''
  while (digits.length < 4) digits += String.fromCharCode(await take(cursor))
  const code = Number.parseInt(digits, 16)
  return code < 128 ? code : QUESTION_MARK
}

const simpleEscapes: Record<string, number | undefined> = { n: 10, r: 13, t: 9, b: 0, f: 0 }

/** Line breaks are left out; nothing passes that would mean something else in another JSON text. */
async function* piecesOf(text: OpenString): AsyncGenerator<Uint8Array> {
  for (let piece = await text.next(); piece !== undefined; piece = await text.next()) {
    // What was escaped comes alone.
    const [byte = 0] = piece
    if (piece.length > 1 || isBase64(byte)) yield piece
    else if (!isSpace(byte))
      throw new GatewayError('upstream', 'The provider sent media that is not base64')
  }
}

const isBase64 = (byte: number): boolean => /[A-Za-z0-9+/=_-]/.test(String.fromCharCode(byte))
const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13)

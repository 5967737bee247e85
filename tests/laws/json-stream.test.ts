import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { gather, textOf, toBase64, utf8 } from '#core/bytes'
import { scanJson } from '#protocols/json-stream'
import type { Bytes } from '#core/transport'

async function* chunked(bytes: Uint8Array, ...cuts: number[]): Bytes {
  const ends = [...cuts, bytes.length].toSorted((left, right) => left - right)
  let start = 0
  for (const end of ends) {
    yield bytes.subarray(start, end)
    start = end
  }
}

async function scanned(body: Bytes): Promise<{ big: [string, string][]; json: unknown }> {
  const big: [string, string][] = []
  let json: unknown
  for await (const found of scanJson(body, (key) => key === 'data')) {
    if (found.type === 'big') big.push([found.key, toBase64(await gather(found.bytes))])
    else json = found.json
  }
  return { big, json }
}

const document =
  '{"data":"iVBORw0KGgo=","list":["data", "data" , {"data" :\n"AAEC\\/w\\u003d\\u003d"}],' +
  '"text":"\\"data\\":\\"é\\\\","data\\"":"x","n":{"data":null},"z":{"data":""}}'

test('a document cut at any two bytes gives the same media and the same rest', async () => {
  const bytes = utf8.encode(document)
  const expected = {
    big: [
      ['data', 'iVBORw0KGgo='],
      ['data', 'AAEC/w=='],
      ['data', ''],
    ],
    json: {
      data: '',
      list: ['data', 'data', { data: '' }],
      text: '"data":"é\\',
      'data"': 'x',
      n: { data: null },
      z: { data: '' },
    },
  }
  for (let first = 0; first <= bytes.length; first++)
    expect(await scanned(chunked(bytes, first, Math.min(first + 3, bytes.length)))).toEqual(
      expected,
    )
  expect(await scanned(chunked(bytes, ...bytes.keys()))).toEqual(expected)
})

test('any bytes survive, in any chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.json(),
      fc.array(fc.nat(300), { maxLength: 5 }),
      async (media, around, cuts) => {
        const text = JSON.stringify({ around: JSON.parse(around), data: toBase64(media) })
        const bytes = utf8.encode(text)
        const inside = cuts.filter((cut) => cut <= bytes.length)
        const { big, json } = await scanned(chunked(bytes, ...inside))
        expect(big.at(-1)).toEqual(['data', toBase64(media)])
        expect(json).toHaveProperty('data', '')
      },
    ),
    { numRuns: 60 },
  )
})

test('media that is not read is skipped, whole or from the middle', async () => {
  const bytes = utf8.encode('{"data":"AAECAwQFBgcICQ==","data":"/w==","end":true}')
  const seen: unknown[] = []
  let first = true
  for await (const found of scanJson(chunked(bytes, 14, 20), (key) => key === 'data')) {
    if (found.type === 'rest') seen.push(found.json)
    else if (first) for await (const _ of found.bytes) break
    first = false
  }
  expect(seen).toEqual([{ data: '', end: true }])
})

test('a document that ends inside media, or after it, is an upstream failure', async () => {
  for (const text of ['{"data":"AAEC', '{"data":"AAEC"', '{"a', '', '{"data":"A\\u00'])
    await expect(scanned(chunked(utf8.encode(text)))).rejects.toMatchObject({ kind: 'upstream' })
})

test('media that is not base64 is an upstream failure', async () => {
  await expect(scanned(chunked(utf8.encode('{"data":"https://x"}')))).rejects.toMatchObject({
    kind: 'upstream',
  })
})

test('the source is closed when the reader leaves early', async () => {
  let closed = false
  async function* source(): Bytes {
    try {
      yield utf8.encode('{"data":"AAEC')
      yield utf8.encode('"}')
    } finally {
      closed = true
    }
  }
  for await (const found of scanJson(source(), () => true)) {
    expect(found.type).toBe('big')
    break
  }
  expect(closed).toBe(true)
})

test('a large value arrives in pieces no larger than its chunks', async () => {
  async function* source(): Bytes {
    yield utf8.encode('{"data":"')
    for (let index = 0; index < 100; index++) yield utf8.encode('QUJD'.repeat(1000))
    yield utf8.encode('"}')
  }
  let size = 0
  for await (const found of scanJson(source(), () => true)) {
    if (found.type !== 'big') continue
    for await (const piece of found.bytes) {
      expect(piece.length).toBeLessThanOrEqual(3000)
      expect(textOf(piece)).toBe('ABC'.repeat(1000))
      size += piece.length
    }
  }
  expect(size).toBe(300_000)
})

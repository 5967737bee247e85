import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, once, utf8 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { isObject, parseJson } from '#core/json'
import type { Asset, ImageEvent, ImageRequest, ImageStream } from '#core/media'
import {
  decodeImageReply,
  decodeImageStream,
  encodeImageReply,
  encodeImageStream,
} from '#protocols/openai-images/index'
import { parseEvents } from '#protocols/sse'
import { cutBytes, from, readImages, written } from '../kit/media-events.ts'
import documented from '../wire/openai-media/documented.json' with { type: 'json' }

const png = (tail: number[]): Asset => ({
  mediaType: 'image/png',
  body: { bytes: Uint8Array.from([...fromBase64('iVBORw0KGgo='), ...tail]) },
})
const picture: fc.Arbitrary<Asset> = fc.array(fc.nat(255), { maxLength: 400 }).map(png)
const images = fc.array(picture, { minLength: 1, maxLength: 3 })
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const end: ImageEvent = {
  type: 'end',
  usage: {
    images: 1,
    inputTokens: 50,
    outputTokens: 50,
    inputTextTokens: 10,
    inputImageTokens: 40,
  },
  details: { background: 'opaque', output_format: 'png', quality: 'high', size: '1024x1024' },
}
const eventsOf = (assets: Asset[]): ImageEvent[] => [
  ...assets.map((asset): ImageEvent => ({ type: 'image', asset })),
  { ...end, usage: { ...end.usage, images: assets.length } },
]

describe('a reply with images', () => {
  it('is the same after JSON, however the network cuts it', () =>
    fc.assert(
      fc.asyncProperty(images, sizes, async (assets, cuts) => {
        const text = await written(encodeImageReply(from(eventsOf(assets)), { created: 1 }))
        expect(isObject(parseJson(text))).toBe(true)
        const read = await readImages(decodeImageReply(cutBytes(utf8.encode(text), cuts)))
        expect(read).toEqual(eventsOf(assets))
      }),
      { numRuns: 50 },
    ))

  it('is read as the reference shows it', async () => {
    const body = once(utf8.encode(JSON.stringify(documented.imageReply)))
    expect(await readImages(decodeImageReply(body))).toEqual([
      { type: 'image', asset: png([]) },
      { ...end, details: {} },
    ])
  })

  it('keeps links, and what a vendor made of the prompt', async () => {
    const linked: ImageEvent[] = [
      {
        type: 'image',
        asset: { mediaType: 'image/png', body: { url: 'https://example.com/a.png' } },
        revisedPrompt: 'An otter',
      },
      { type: 'end', usage: { images: 1 }, details: {} },
    ]
    const text = await written(encodeImageReply(from(linked), { created: 1 }))
    expect(await readImages(decodeImageReply(once(utf8.encode(text))))).toEqual(linked)
  })

  it('fails as what it carries when it carries an error', async () => {
    const body = '{"error":{"message":"no","type":"x","code":"moderation_blocked","param":null}}'
    const reading = readImages(decodeImageReply(once(utf8.encode(body))))
    await expect(reading).rejects.toMatchObject({ kind: 'content_policy' })
  })

  it('fails when it ends early, and when it has no image', async () => {
    const whole = JSON.stringify(documented.imageReply)
    for (const text of [whole.slice(0, -3), whole.slice(0, 45), '{"data":[]}', '<html>'])
      await expect(
        readImages(decodeImageReply(once(utf8.encode(text)))),
        text,
      ).rejects.toMatchObject({ kind: 'upstream' })
  })

  it('writes nothing before it has something', async () => {
    const busy: ImageStream = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new GatewayError('overloaded', 'busy')),
      }),
    }
    await expect(encodeImageReply(busy, { created: 1 }).next()).rejects.toThrow('busy')
  })
})

const streamed: ImageRequest = {
  model: 'gpt-image-2',
  operation: 'generate',
  prompt: 'An otter',
  count: 1,
  size: { width: 1024, height: 1024 },
  quality: 'high',
  background: 'transparent',
  images: [],
  stream: true,
  extra: { protocol: 'openai-images', fields: {} },
}
const options = { request: streamed, created: 1_620_000_000 }
const eventIn = (text: string) => parseEvents(text).map(({ data }) => parseJson(data))

describe('a stream of images', () => {
  it('is the same after server-sent events, however the network cuts it', () =>
    fc.assert(
      fc.asyncProperty(images, images, sizes, async (previews, assets, cuts) => {
        const sent: ImageEvent[] = [
          ...previews.map((asset, index): ImageEvent => ({ type: 'partial', index, asset })),
          ...eventsOf(assets),
        ]
        const text = await written(encodeImageStream(from(sent), options))
        const body = cutBytes(utf8.encode(text), cuts)
        expect(await readImages(decodeImageStream(body, assets.length))).toEqual(sent)
      }),
      { numRuns: 50 },
    ))

  it('is read as the reference shows it', async () => {
    const body = once(utf8.encode(documented.imageGenerationStream))
    expect(await readImages(decodeImageStream(body))).toEqual([
      { type: 'partial', index: 0, asset: png([]) },
      { type: 'image', asset: png([]) },
      { ...end, details: {} },
    ])
  })

  it('is written as the reference shows it', async () => {
    const sent: ImageEvent[] = [
      { type: 'partial', index: 0, asset: png([]) },
      { type: 'image', asset: png([]) },
      { type: 'end', usage: end.usage },
    ]
    expect(eventIn(await written(encodeImageStream(from(sent), options)))).toEqual([
      documented.imageGenPartial,
      documented.imageGenCompleted,
    ])
    const edit = { ...options, request: { ...streamed, operation: 'edit' as const } }
    const [, completed] = eventIn(await written(encodeImageStream(from(sent), edit)))
    expect(completed).toEqual(documented.imageEditCompleted)
  })

  it('fails when it ends before every image has come', async () => {
    const [partial = ''] = documented.imageGenerationStream.split('\n\n')
    for (const [text, count] of [
      [`${partial}\n\n`, 1],
      ['', 1],
      ['data: [DONE]\n\n', 1],
      [documented.imageGenerationStream, 2],
    ] as const)
      await expect(
        readImages(decodeImageStream(once(utf8.encode(text)), count)),
      ).rejects.toMatchObject({ kind: 'upstream' })
  })

  it('tells a failure inside the event it breaks, so no image is taken for whole', async () => {
    async function* broken() {
      yield Uint8Array.of(1, 2, 3)
      throw new GatewayError('overloaded', 'The artist left')
    }
    const asset: Asset = { mediaType: 'image/png', body: { stream: broken() } }
    const sent = from<ImageEvent>([{ type: 'image', asset }])
    const [event] = eventIn(await written(encodeImageStream(sent, options)))
    expect(event).toMatchObject({ b64_json: 'AQID', error: { message: 'The artist left' } })
  })

  it('tells a failure between events in an event of its own', async () => {
    async function* sent(): AsyncGenerator<ImageEvent> {
      yield { type: 'partial', index: 0, asset: png([]) }
      throw new GatewayError('overloaded', 'The artist left')
    }
    const text = await written(encodeImageStream(sent(), options))
    expect(eventIn(text)[1]).toMatchObject({ error: { message: 'The artist left' } })
    await expect(readImages(decodeImageStream(once(utf8.encode(text))))).rejects.toMatchObject({
      kind: 'overloaded',
    })
  })

  it('tells when it ends without its end', async () => {
    const text = await written(encodeImageStream(from<ImageEvent>([]), options))
    expect(eventIn(text)[0]).toHaveProperty('error')
  })
})

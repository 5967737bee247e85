import {
  concat,
  defined,
  encodeBase64,
  scanJson,
  toReadable,
  utf8,
  type Bytes,
  type Call,
  type FetchedAsset,
  type ImageRequest,
  type ImageStream,
  type Immediate,
  type JsonObject,
} from '#kit'
import { shapeOf } from './sizes.ts'
import { missing, post, usageOf } from './wire.ts'

/** Gemini's image models: `:generateContent` with pictures in and out. */
export const images: Immediate<'image'> = {
  async run(request, call) {
    const inputs = await Promise.all(request.images.map((asset) => call.fetchAsset(asset)))
    const body = inputs.length === 0 ? JSON.stringify(plain(request)) : streamed(request, inputs)
    return pictures((await post(call, 'generateContent', body)).body, call)
  },
}

function configOf(request: ImageRequest): JsonObject {
  const shape = request.size === undefined ? undefined : shapeOf(request.size)
  return defined({ responseModalities: ['IMAGE'], imageConfig: shape, seed: request.seed })
}

const textOf = (request: ImageRequest): string =>
  request.operation === 'variation' ? 'Make a variation of this image.' : request.prompt

const plain = (request: ImageRequest): JsonObject => ({
  contents: [{ role: 'user', parts: [{ text: textOf(request) }] }],
  generationConfig: configOf(request),
})

/** The same with pictures, whose base64 is made as it is sent. */
const streamed = (
  request: ImageRequest,
  inputs: readonly FetchedAsset[],
): ReadableStream<Uint8Array> => {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield utf8.encode(
      `{"contents":[{"role":"user","parts":[{"text":${JSON.stringify(textOf(request))}}`,
    )
    for (const { mediaType, stream } of inputs) {
      yield utf8.encode(`,{"inlineData":{"mimeType":${JSON.stringify(mediaType)},"data":"`)
      for await (const piece of encodeBase64(stream)) yield utf8.encode(piece)
      yield utf8.encode('"}}')
    }
    yield utf8.encode(`]}],"generationConfig":${JSON.stringify(configOf(request))}}`)
  }
  return toReadable(body())
}

async function* pictures(reply: Bytes, call: Call): ImageStream {
  let count = 0
  for await (const found of scanJson(reply, (key) => key === 'data')) {
    if (found.type === 'big') {
      count++
      const { mediaType, stream } = await sniffed(found.bytes)
      yield { type: 'image', asset: { mediaType, body: { stream } } }
    } else {
      if (count === 0) throw missing('image', found.json)
      if (call.signal.aborted) return
      yield { type: 'end', usage: { ...usageOf(found.json), images: count } }
    }
  }
}

const beginnings: readonly [string, readonly number[]][] = [
  ['image/jpeg', [0xff, 0xd8]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
]

/** The media type by the first bytes: its name in the reply may come after the picture. */
async function sniffed(bytes: Bytes): Promise<{ mediaType: string; stream: Bytes }> {
  const iterator = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 4) {
    const next = await iterator.next()
    if (next.done === true) break
    head = concat([head, next.value])
  }
  const found = beginnings.find(([, start]) => start.every((byte, index) => head[index] === byte))
  async function* stream(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      yield next.value
  }
  return { mediaType: found?.[0] ?? 'image/png', stream: stream() }
}

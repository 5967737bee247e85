import {
  concat,
  defined,
  probe,
  scanJson,
  type Bytes,
  type ImageRequest,
  type ImageStream,
  type Immediate,
  type JsonObject,
} from '#kit'
import { shapeOf } from './sizes.ts'
import { missing, post, usageOf, withMedia } from './wire.ts'

/** Gemini's image models: `:generateContent` with pictures in and out. */
export const images: Immediate<'image'> = {
  async run(request, call) {
    const inputs: Input[] = []
    for (const asset of request.images) {
      const fetched = await call.fetchAsset(asset)
      const bytes = await fetched.bytes()
      inputs.push({ mimeType: probe(bytes)?.mediaType ?? fetched.mediaType, bytes })
    }
    const json = bodyOf(request, inputs)
    const body =
      inputs.length === 0
        ? JSON.stringify(json)
        : withMedia(
            json,
            inputs.map(({ bytes }) => bytes),
          )
    return pictures((await post(call, 'generateContent', body)).body)
  },
}

interface Input {
  mimeType: string
  bytes: Uint8Array
}

function bodyOf(request: ImageRequest, inputs: readonly Input[]): JsonObject {
  const text =
    request.operation === 'variation' ? 'Make a variation of this image.' : request.prompt
  const pictures = inputs.map(({ mimeType }) => ({ inlineData: { mimeType, data: '' } }))
  const imageConfig = request.size === undefined ? undefined : shapeOf(request.size)
  return {
    contents: [{ role: 'user', parts: [{ text }, ...pictures] }],
    generationConfig: defined({
      responseModalities: ['IMAGE'],
      imageConfig,
      seed: request.seed,
    }),
  }
}

async function* pictures(reply: Bytes): ImageStream {
  let count = 0
  for await (const found of scanJson(reply, (key) => key === 'data')) {
    if (found.type === 'big') {
      count++
      const { mediaType, stream } = await sniffed(found.bytes)
      yield { type: 'image', asset: { mediaType, body: { stream } } }
    } else {
      if (count === 0) throw missing('image', found.json)
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

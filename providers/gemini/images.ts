import {
  base64Image,
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
      yield { type: 'image', asset: await base64Image(found.base64, 'image/png') }
    } else {
      if (count === 0) throw missing('image', found.json)
      yield { type: 'end', usage: { ...usageOf(found.json), images: count } }
    }
  }
}

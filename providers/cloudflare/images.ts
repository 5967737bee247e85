import {
  defined,
  fromBase64,
  GatewayError,
  type ImageStream,
  type Immediate,
  type WireResponse,
} from '#kit'
import { resultOf, run } from './run.ts'

/** Pictures come as base64 in the envelope, or as they are. */
export const images: Immediate<'image'> = {
  async run(request, call) {
    const { prompt, size, seed, negativePrompt } = request
    const response = await run(
      call,
      defined({
        prompt,
        // Where the size is fixed, it is not an input.
        ...(call.model.image?.sizes === undefined ? size : {}),
        seed,
        negative_prompt: negativePrompt,
      }),
    )
    return picture(response)
  },
}

async function* picture(response: WireResponse): ImageStream {
  const type = response.header('content-type') ?? ''
  if (type.startsWith('image/'))
    yield { type: 'image', asset: { mediaType: type, body: { stream: response.body } } }
  else {
    const { image } = await resultOf(response)
    if (typeof image !== 'string' || image === '')
      throw new GatewayError('upstream', 'The provider answered with something that is no picture')
    yield { type: 'image', asset: { mediaType: 'image/jpeg', body: { bytes: fromBase64(image) } } }
  }
  yield { type: 'end', usage: { images: 1 } }
}

import {
  decodeImageReply,
  decodeImageStream,
  encodeImageRequest,
  imageProtocol,
  type Asset,
  type Call,
  type EncodedImageRequest,
  type ImageRequest,
  type Immediate,
} from '#kit'
import { hasFinerQualities } from './models-media.ts'

/** `/v1/images/generations`, and `/v1/images/edits` where there are input images. */
export const images: Immediate<'image'> = {
  carries: (protocol) => protocol === imageProtocol,
  async run(request, call) {
    const path = request.images.length === 0 ? 'generations' : 'edits'
    const encoded = await encodeImageRequest(fitted(request, call), call.model.id, (asset) =>
      load(asset, call),
    )
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/images/${path}`,
      ...bodyOf(encoded),
    })
    const isStream = response.header('content-type')?.includes('event-stream') === true
    return isStream
      ? decodeImageStream(response.body, request.count)
      : decodeImageReply(response.body, `image/${request.format ?? 'png'}`)
  },
}

const bodyOf = (encoded: EncodedImageRequest) =>
  'form' in encoded
    ? { headers: {}, body: encoded.form }
    : {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(encoded.json),
      }

async function load(asset: Asset, call: Call) {
  if ('bytes' in asset.body) return { mediaType: asset.mediaType, bytes: asset.body.bytes }
  const fetched = await call.fetchAsset(asset)
  return { mediaType: fetched.mediaType, bytes: await fetched.bytes() }
}

/** What only one of the two endpoints, or only some models, take (openai 7.57, `ImageGenerateParams`, `ImageEditParams`). */
function fitted(request: ImageRequest, call: Call): ImageRequest {
  const made = { ...request }
  const isEdit = request.images.length > 0
  if (isEdit && made.moderation !== undefined) {
    delete made.moderation
    call.lose('moderation', 'moderation is not supported for edits and was left out')
  }
  if (!isEdit && made.inputFidelity !== undefined) {
    delete made.inputFidelity
    call.lose('input_fidelity', 'input_fidelity needs an input image and was left out')
  }
  if (made.format === 'jpeg' && made.background === 'transparent') {
    delete made.background
    call.lose('background', 'a transparent background needs png or webp and was left out')
  }
  if ((made.format ?? 'png') === 'png' && made.compression !== undefined) {
    delete made.compression
    call.lose(
      'output_compression',
      'png is not compressed with loss: output_compression was left out',
    )
  }
  const { quality, ...fields } = request.extra.fields
  if (request.extra.protocol === imageProtocol && quality !== undefined) {
    if (hasFinerQualities(call.model.id)) return made
    call.lose(
      'quality',
      `quality ${JSON.stringify(quality)} became high, the most this model makes`,
    )
    made.extra = { ...request.extra, fields }
  }
  return made
}

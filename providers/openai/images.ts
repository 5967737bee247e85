import { imageProtocol, speaksImages, type Call, type ImageRequest } from '#kit'
import { hasFinerQualities } from './models-media.ts'

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

/** `/v1/images/generations`, and `/v1/images/edits` where there are input images. */
export const images = speaksImages('/v1/images', fitted)

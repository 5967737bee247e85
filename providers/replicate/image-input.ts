import {
  defined,
  GatewayError,
  grayscaleMask,
  isObject,
  type Asset,
  type Call,
  type ImageRequest,
  type JsonObject,
} from '#kit'
import { formatNames, type Inputs } from './catalogue.ts'
import { fileUrl, inputUrl } from './files.ts'

/** A variation has no prompt, and the models that vary pictures need one. */
const variationPrompt = 'A variation of the same picture'

/** The `input` of a prediction: the request in the model's own names, then the caller's `input` as it is. */
export async function imageInput(
  request: ImageRequest,
  inputs: Inputs,
  call: Call,
): Promise<JsonObject> {
  const { extra, operation } = request
  const own = isObject(extra.fields['input']) ? extra.fields['input'] : {}
  const prompt =
    operation === 'variation' && request.prompt === '' ? variationPrompt : request.prompt
  return {
    prompt,
    ...shape(request, inputs, call),
    ...named(inputs.count, request.count > 1 ? request.count : undefined),
    ...named(inputs.negativePrompt, request.negativePrompt),
    ...named(inputs.seed, request.seed),
    ...named(inputs.style, request.style),
    ...formatting(request, inputs, call),
    ...(await pictures(request, inputs, call)),
    ...defined(own),
  }
}

const named = (name: string | undefined, value: string | number | undefined): JsonObject =>
  name === undefined || value === undefined ? {} : { [name]: value }

function shape(request: ImageRequest, inputs: Inputs, call: Call): JsonObject {
  const { aspectRatio, images, size } = request
  if (size !== undefined && inputs.size !== undefined)
    return 'pixels' in inputs.size
      ? { [inputs.size.pixels]: `${size.width}x${size.height}` }
      : { [inputs.size.width]: size.width, [inputs.size.height]: size.height }
  if (aspectRatio !== undefined && inputs.aspectRatio !== undefined)
    return { [inputs.aspectRatio]: aspectRatio }
  if (aspectRatio !== undefined || size !== undefined)
    call.lose(
      size === undefined ? 'aspect_ratio' : 'size',
      'the shape of the picture cannot be chosen for this model and was left out',
    )
  return images.length > 0 ? named(inputs.aspectRatio, inputs.ratioOfInput) : {}
}

function formatting({ format, compression }: ImageRequest, inputs: Inputs, call: Call): JsonObject {
  const fixed = inputs.format === undefined && call.model.image?.formats.length !== 1
  if (format !== undefined && fixed)
    call.lose('output_format', 'the format cannot be chosen for this model and was left out')
  return {
    ...named(inputs.format, format === undefined ? undefined : formatNames[format]),
    ...named(inputs.compression, compression),
  }
}

async function pictures(request: ImageRequest, inputs: Inputs, call: Call): Promise<JsonObject> {
  const { images, mask, strength } = request
  const { image } = inputs
  if (image === undefined || images.length === 0) return {}
  if (image.needsMask === true && mask === undefined)
    throw new GatewayError('unsupported', `${call.model.id} edits pictures only with a mask`, {
      param: 'mask',
    })
  const urls = await Promise.all(images.map((asset) => inputUrl(asset, call)))
  const [first] = urls
  return {
    [image.name]: image.isList === true ? urls : first,
    ...named(inputs.strength, strength),
    ...(mask === undefined ? {} : await masking(mask, inputs, call)),
  }
}

async function masking(mask: Asset, inputs: Inputs, call: Call): Promise<JsonObject> {
  if (inputs.mask === undefined) return {}
  const fetched = await call.fetchAsset(mask)
  const bytes = await grayscaleMask(await fetched.bytes(), inputs.mask.paint)
  return { [inputs.mask.name]: await fileUrl(bytes, 'image/png', call) }
}

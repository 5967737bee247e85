import { fromBase64, parseDataUrl, toBase64 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { imageFormats, type Asset, type ImageQuality, type ImageRequest } from '#core/media'
import { Reader } from '#core/reader'
import { appendField, readForm, type FormKinds } from '../form.ts'
import { withoutNulls } from '../openai-media.ts'
import { imageTypeOf } from '#core/image-type'

/** The id under which fields of this protocol travel in `extra`. */
export const imageProtocol = 'openai-images'

/** A decoded request, and what the caller wants to be told how. Whether to stream is in `request.stream`. */
export interface ImageOrder {
  request: ImageRequest
  /** `response_format`: old clients ask for links. */
  deliver: 'b64_json' | 'url'
  /** Refuse instead of approximating. */
  strict: boolean
}

export type EncodedImageRequest = { json: JsonObject } | { form: FormData }

type Operation = ImageRequest['operation']

/**
 * Reads a JSON body. `seed`, `negative_prompt`, `strength`, `aspect_ratio` and `strict` are fields of
 * ours; edits take `images: [{ image_url }]` and `mask: { image_url }`, with links or data URLs.
 *
 * @param fallbackModel stands in for a missing `model`, which older clients leave out.
 * @throws GatewayError `invalid_request` naming the field.
 */
export function decodeImageRequest(
  body: unknown,
  operation: Operation,
  fallbackModel?: string,
): ImageOrder {
  const reader = Reader.of(body)
  const images = linkedImages(reader)
  const mask = linkedAsset(reader.json('mask') ?? null, 'mask')
  return decodeFields(reader, { operation, images, mask, fallbackModel })
}

/**
 * Reads a multipart body: `image`, repeated `image` or `image[]`, and `mask` are files.
 * @throws GatewayError `invalid_request` naming the field.
 */
export async function decodeImageForm(
  form: FormData,
  operation: Operation,
  fallbackModel?: string,
): Promise<ImageOrder> {
  const { fields, files } = readForm(form, kinds)
  for (const name of files.keys())
    if (!fileFields.includes(name))
      throw new GatewayError('invalid_request', `${name} is not a file this endpoint takes`, {
        param: name,
      })
  const images = await Promise.all((files.get('image') ?? []).map(fileAsset))
  const [mask] = await Promise.all((files.get('mask') ?? []).map(fileAsset))
  const [markup] = await Promise.all((files.get('markup') ?? []).map(fileAsset))
  const reader = Reader.of(markup === undefined ? fields : { ...fields, markup: toDataUrl(markup) })
  return decodeFields(reader, { operation, images, mask, fallbackModel })
}

/** `markup` (openai 7.57, `ImageEditParams`) exists only here: it travels in `extra` as a data URL. */
const fileFields = ['image', 'mask', 'markup']

const kinds: FormKinds = {
  n: 'number',
  output_compression: 'number',
  partial_images: 'number',
  seed: 'number',
  strength: 'number',
  frame_count: 'number',
  frame_duration_ms: 'number',
  stream: 'boolean',
  strict: 'boolean',
}

interface Inputs {
  operation: Operation
  images: Asset[]
  mask: Asset | undefined
  fallbackModel: string | undefined
}

function decodeFields(reader: Reader, inputs: Inputs): ImageOrder {
  const { operation, images, mask, fallbackModel } = inputs
  if (operation !== 'generate' && images.length === 0) reader.fail('image', 'one or more images')
  const strict = reader.maybeBoolean('strict') ?? false
  const deliver = reader.maybeOneOf('response_format', ['b64_json', 'url']) ?? 'b64_json'
  const { quality, kept } = decodeQuality(reader)
  const format = decodeFormat(reader)
  const background = reader.maybeOneOf('background', ['transparent', 'opaque', 'auto'])
  const optional = defined({
    user: reader.maybeString('user'),
    ...decodeShape(reader),
    format: format.known,
    compression: within(reader, 'output_compression', [0, 100]),
    quality,
    background: background === 'auto' ? undefined : background,
    seed: reader.maybeInteger('seed'),
    negativePrompt: reader.maybeString('negative_prompt'),
    strength: within(reader, 'strength', [0, 1]),
    style: reader.maybeString('style'),
    moderation: reader.maybeString('moderation'),
    inputFidelity: reader.maybeOneOf('input_fidelity', ['high', 'low']),
    mask,
    partialImages: wholeWithin(reader, 'partial_images', [0, 3]),
  })
  const request: ImageRequest = {
    model: reader.maybeString('model') ?? fallbackModel ?? reader.string('model'),
    operation,
    prompt: operation === 'variation' ? (reader.maybeString('prompt') ?? '') : promptOf(reader),
    count: wholeWithin(reader, 'n', [1, 10]) ?? 1,
    ...optional,
    images,
    stream: reader.maybeBoolean('stream') ?? false,
    extra: { protocol: imageProtocol, fields: {} },
  }
  request.extra.fields = defined({ ...withoutNulls(reader.rest), ...kept, ...format.kept })
  return { request, deliver, strict }
}

function promptOf(reader: Reader): string {
  const prompt = reader.string('prompt')
  if (prompt.trim() === '') reader.fail('prompt', 'a text that is not empty')
  return prompt
}

const within = (
  reader: Reader,
  key: string,
  [least, most]: [number, number],
): number | undefined => {
  const value = reader.maybeNumber(key)
  if (value !== undefined && (value < least || value > most))
    reader.fail(key, `a number from ${least} to ${most}`)
  return value
}

function wholeWithin(reader: Reader, key: string, range: [number, number]): number | undefined {
  const value = within(reader, key, range)
  if (value !== undefined && !Number.isInteger(value))
    reader.fail(key, `a whole number from ${range[0]} to ${range[1]}`)
  return value
}

function decodeShape(reader: Reader) {
  const size = reader.maybeString('size')
  const aspectRatio = reader.maybeString('aspect_ratio')
  const match = size === undefined || size === 'auto' ? undefined : sizePattern.exec(size)
  if (match === null) reader.fail('size', "'auto' or WIDTHxHEIGHT")
  if (aspectRatio !== undefined && !ratioPattern.test(aspectRatio))
    reader.fail('aspect_ratio', 'WIDTH:HEIGHT, such as 16:9')
  if (match === undefined) return { aspectRatio }
  if (aspectRatio !== undefined) reader.fail('aspect_ratio', 'absent when size is given')
  const [, width, height] = match
  return { size: { width: Number(width), height: Number(height) } }
}

const sizePattern = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/
const ratioPattern = /^[1-9]\d{0,3}:[1-9]\d{0,3}$/

/** The words of all generations of the API; ours are the three every model has. */
const qualities = {
  auto: undefined,
  low: 'low',
  medium: 'medium',
  high: 'high',
  standard: 'medium',
  hd: 'high',
  xhigh: 'high',
  max: 'high',
} as const satisfies Record<string, ImageQuality | undefined>
const qualityNames = ['auto', 'low', 'medium', 'high', 'standard', 'hd', 'xhigh', 'max'] as const

function decodeQuality(reader: Reader): { quality?: ImageQuality | undefined; kept: JsonObject } {
  const word = reader.maybeOneOf('quality', qualityNames)
  if (word === undefined) return { kept: {} }
  const isFiner = word === 'xhigh' || word === 'max'
  return { quality: qualities[word], kept: isFiner ? { quality: word } : {} }
}

/** GIF and SVG exist only here (openai 7.57, `ImageGenerateParams.output_format`): kept, never converted. */
function decodeFormat(reader: Reader) {
  const word = reader.maybeOneOf('output_format', [...imageFormats, 'gif', 'svg'])
  return word === 'gif' || word === 'svg' ? { kept: { output_format: word } } : { known: word }
}

type HeldAsset = Asset & { body: { bytes: Uint8Array } }

async function fileAsset(file: File): Promise<HeldAsset> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return {
    mediaType: imageTypeOf(bytes) ?? (file.type === '' ? 'application/octet-stream' : file.type),
    body: { bytes },
    ...(file.name === '' ? {} : { name: file.name }),
  }
}

const toDataUrl = (asset: HeldAsset): string =>
  `data:${asset.mediaType};base64,${toBase64(asset.body.bytes)}`

function linkedImages(reader: Reader): Asset[] {
  const single = linkedAsset(reader.json('image') ?? null, 'image')
  const listed = reader.maybeValues('images')?.map((value, index) => {
    const path = `images[${index}]`
    return linkedAsset(value, path) ?? badLink(path)
  })
  return [...(single === undefined ? [] : [single]), ...(listed ?? [])]
}

function linkedAsset(value: Json, path: string): Asset | undefined {
  if (value === null) return undefined
  const url = isObject(value) ? value['image_url'] : value
  if (typeof url !== 'string') badLink(path)
  const data = parseDataUrl(url)
  if (data !== undefined)
    return { mediaType: data.mediaType, body: { bytes: fromBase64(data.base64) } }
  if (!URL.canParse(url)) badLink(path)
  return { mediaType: 'image/*', body: { url } }
}

function badLink(path: string): never {
  throw new GatewayError('invalid_request', `${path} must be { image_url: a link or a data URL }`, {
    param: path,
  })
}

/** Brings an input image to hand; a `FetchedAsset` fits. */
export type LoadImage = (asset: Asset) => Promise<{ mediaType: string; bytes: Uint8Array }>

/** The body for a vendor of this protocol: a form where there are input images, JSON otherwise. */
export async function encodeImageRequest(
  request: ImageRequest,
  model: string,
  load: LoadImage,
): Promise<EncodedImageRequest> {
  const fields = encodeFields(request, model)
  if (request.operation === 'generate' && request.images.length === 0) return { json: fields }
  const form = new FormData()
  const name = request.images.length === 1 ? 'image' : 'image[]'
  for (const image of request.images)
    form.append(name, fileOf(await load(image), image.name, 'image'))
  if (request.mask !== undefined)
    form.append('mask', fileOf(await load(request.mask), request.mask.name, 'mask'))
  const { markup, ...others } = fields
  const drawn = typeof markup === 'string' ? parseDataUrl(markup) : undefined
  if (drawn === undefined) appendField(form, 'markup', markup)
  else
    form.append(
      'markup',
      fileOf({ ...drawn, bytes: fromBase64(drawn.base64) }, undefined, 'markup'),
    )
  for (const [key, value] of Object.entries(others)) appendField(form, key, value)
  return { form }
}

function encodeFields(request: ImageRequest, model: string): JsonObject {
  const { size, extra } = request
  return defined({
    model,
    prompt: request.prompt === '' ? undefined : request.prompt,
    n: request.count === 1 ? undefined : request.count,
    size: size === undefined ? undefined : `${size.width}x${size.height}`,
    aspect_ratio: request.aspectRatio,
    quality: request.quality,
    output_format: request.format,
    output_compression: request.compression,
    background: request.background,
    seed: request.seed,
    negative_prompt: request.negativePrompt,
    strength: request.strength,
    style: request.style,
    moderation: request.moderation,
    input_fidelity: request.inputFidelity,
    user: request.user,
    stream: request.stream ? true : undefined,
    partial_images: request.stream ? request.partialImages : undefined,
    ...(extra.protocol === imageProtocol ? extra.fields : {}),
  })
}

function fileOf(
  image: { mediaType: string; bytes: Uint8Array },
  name: string | undefined,
  role: string,
): File {
  const kind = /^image\/([a-z]+)$/.exec(image.mediaType)?.[1] ?? 'png'
  return new File([image.bytes], name ?? `${role}.${kind}`, { type: `image/${kind}` })
}

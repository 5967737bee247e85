// Brings a media request inside what a model takes: the nearest it can do, each change reported.

import type {
  ImageLimits,
  ImageOption,
  ImageRequest,
  SpeechFormat,
  SpeechRequest,
} from './media.ts'
import { GatewayError } from './error.ts'
import type { Lose, Model } from './provider.ts'

/** The request as the model takes it, and how many images each call should ask for. */
export interface FittedImage {
  request: ImageRequest
  counts: number[]
}

/** @throws GatewayError `unsupported` for what has no nearest: an operation or a mask the model lacks. */
export function fitImage(request: ImageRequest, model: Model, lose: Lose): FittedImage {
  const limits = model.image
  if (limits === undefined || !limits.operations.includes(request.operation))
    throw unsupported(
      request.operation === 'generate' ? 'model' : 'image',
      `${model.id} does not ${verbs[request.operation]}`,
    )
  if (request.mask !== undefined && !limits.takes.includes('mask'))
    throw unsupported('mask', `${model.id} does not take a mask`)
  const fitted: ImageRequest = { ...request }
  fitSize(fitted, limits, lose)
  fitFormat(fitted, limits, lose)
  fitQuality(fitted, limits, lose)
  for (const option of Object.keys(optionFields)) dropUntaken(fitted, option, limits, lose)
  fitInputs(fitted, limits, lose)
  return { request: fitted, counts: fitCount(request.count, limits, lose) }
}

const verbs = {
  generate: 'generate images',
  edit: 'edit images',
  variation: 'make variations',
} as const

const unsupported = (param: string, message: string): GatewayError =>
  new GatewayError('unsupported', message, { param })

/** Wire names of the optional fields, as callers know them. */
const optionFields: Record<string, string> = {
  background: 'background',
  compression: 'output_compression',
  seed: 'seed',
  negativePrompt: 'negative_prompt',
  strength: 'strength',
  style: 'style',
  moderation: 'moderation',
  inputFidelity: 'input_fidelity',
  user: 'user',
}

function dropUntaken(request: ImageRequest, option: string, limits: ImageLimits, lose: Lose): void {
  if (!isOption(option) || limits.takes.includes(option) || request[option] === undefined) return
  delete request[option]
  const field = optionFields[option] ?? option
  lose(field, `${field} is not supported by this model and was left out`)
}

const isOption = (option: string): option is Exclude<ImageOption, 'mask'> =>
  option !== 'mask' && option in optionFields

function fitSize(request: ImageRequest, limits: ImageLimits, lose: Lose): void {
  const { size, aspectRatio } = request
  if (size === undefined && aspectRatio === undefined) return
  const asked =
    size === undefined ? `aspect_ratio ${aspectRatio}` : `size ${size.width}x${size.height}`
  const field = size === undefined ? 'aspect_ratio' : 'size'
  const ratio = size === undefined ? parseRatio(aspectRatio ?? '1:1') : size.width / size.height
  delete request.size
  delete request.aspectRatio
  if (limits.sizes !== undefined || limits.freeSize !== undefined) {
    const made = size === undefined ? sizeOfRatio(ratio, limits) : nearestSize(size, limits)
    request.size = made
    if (size !== undefined && (made.width !== size.width || made.height !== size.height))
      lose(field, `${asked} became ${made.width}x${made.height}, the nearest this model makes`)
    return
  }
  if (limits.ratios !== undefined) {
    const made = nearestRatio(ratio, limits.ratios)
    request.aspectRatio = made
    if (size !== undefined)
      lose(field, `${asked} became aspect ratio ${made}: this model chooses the pixels`)
    else if (made !== aspectRatio)
      lose(field, `${asked} became ${made}, the nearest this model makes`)
    return
  }
  lose(field, `${asked} was left out: this model chooses its own size`)
}

/** Width over height. @throws GatewayError `invalid_request` unless it reads like `16:9`. */
function parseRatio(text: string): number {
  const [width, height] = text.split(':').map(Number)
  if (width === undefined || height === undefined || !(width > 0) || !(height > 0))
    throw new GatewayError(
      'invalid_request',
      `aspect_ratio must look like '16:9', but is '${text}'`,
      {
        param: 'aspect_ratio',
      },
    )
  return width / height
}

/** How unlike two ratios are: 0 for the same, symmetric in swapping width and height. */
const ratioDistance = (left: number, right: number): number => Math.abs(Math.log(left / right))

/** The ratio of the list that is most like `ratio`. */
const nearestRatio = (ratio: number, ratios: readonly string[]): string =>
  nearest(ratios, (candidate) => ratioDistance(ratio, parseRatio(candidate)))

function nearest<T>(items: readonly T[], distance: (item: T) => number): T {
  const [first, ...others] = items
  if (first === undefined) throw new GatewayError('internal', 'A list of limits is empty')
  return others.reduce((best, item) => (distance(item) < distance(best) ? item : best), first)
}

interface Size {
  width: number
  height: number
}

function parseSize(text: string): Size | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text)
  const width = Number(match?.[1])
  const height = Number(match?.[2])
  return width > 0 && height > 0 ? { width, height } : undefined
}

function nearestSize(size: Size, limits: ImageLimits): Size {
  const { freeSize, sizes } = limits
  if (freeSize !== undefined) return clampSize(size, freeSize)
  const area = size.width * size.height
  return nearest(
    (sizes ?? []).flatMap((text) => parseSize(text) ?? []),
    (candidate) =>
      // The shape matters more than the pixels.
      ratioDistance(size.width / size.height, candidate.width / candidate.height) * 4 +
      Math.abs(Math.log(area / (candidate.width * candidate.height))),
  )
}

function sizeOfRatio(ratio: number, limits: ImageLimits): Size {
  const area = 1024 * 1024
  return nearestSize(
    { width: Math.round(Math.sqrt(area * ratio)), height: Math.round(Math.sqrt(area / ratio)) },
    limits,
  )
}

type FreeSize = NonNullable<ImageLimits['freeSize']>

/** The size on the model's grid, within all its bounds, that is most like the one asked for. */
function clampSize(size: Size, free: FreeSize): Size {
  if (isOnGrid(size, free) && isInside(size, free)) return size
  const ratio = Math.min(free.maxRatio, Math.max(1 / free.maxRatio, size.width / size.height))
  const pixels = size.width * size.height
  const area = Math.max(free.minPixels ?? 0, Math.min(pixels, free.maxPixels ?? Infinity))
  const width = Math.sqrt(area * ratio)
  const height = width / ratio
  const shrink = Math.min(1, free.maxSide / width, free.maxSide / height)
  const heights = sidesAround(height * shrink, free)
  const around = sidesAround(width * shrink, free).flatMap((side) =>
    heights.map((other) => ({ width: side, height: other })),
  )
  const inside = around.filter((candidate) => isInside(candidate, free))
  return nearest(
    inside.length > 0 ? inside : around,
    (candidate) =>
      ratioDistance(candidate.width, width * shrink) +
      ratioDistance(candidate.height, height * shrink),
  )
}

const isOnGrid = ({ width, height }: Size, { step }: FreeSize): boolean =>
  width % step === 0 && height % step === 0

function isInside({ width, height }: Size, free: FreeSize): boolean {
  const pixels = width * height
  return (
    Math.min(width, height) >= free.minSide &&
    Math.max(width, height) <= free.maxSide &&
    Math.max(width / height, height / width) <= free.maxRatio &&
    pixels >= (free.minPixels ?? 0) &&
    pixels <= (free.maxPixels ?? Infinity)
  )
}

/** Sides on the grid next to a length, two each way: rounding one side may need the other to give. */
function sidesAround(length: number, { step, minSide, maxSide }: FreeSize): number[] {
  const least = Math.ceil(minSide / step)
  const most = Math.floor(maxSide / step)
  const below = Math.floor(length / step)
  const steps = [-1, 0, 1, 2].map((more) => Math.min(most, Math.max(least, below + more)))
  return [...new Set(steps)].map((count) => count * step)
}

function fitFormat(request: ImageRequest, limits: ImageLimits, lose: Lose): void {
  if (request.format === undefined || limits.formats.includes(request.format)) return
  const [made] = limits.formats
  lose(
    'output_format',
    `output_format ${request.format} became ${made ?? 'the default'}: this model does not make it`,
  )
  if (made === undefined) delete request.format
  else request.format = made
}

const qualityRank = { low: 0, medium: 1, high: 2 } as const

function fitQuality(request: ImageRequest, limits: ImageLimits, lose: Lose): void {
  const { quality } = request
  if (quality === undefined || limits.qualities?.includes(quality) === true) return
  if (limits.qualities === undefined || limits.qualities.length === 0) {
    delete request.quality
    lose('quality', 'quality is not supported by this model and was left out')
    return
  }
  const made = nearest(limits.qualities, (candidate) =>
    Math.abs(qualityRank[candidate] - qualityRank[quality]),
  )
  request.quality = made
  lose('quality', `quality ${quality} became ${made}, the nearest this model makes`)
}

function fitInputs(request: ImageRequest, limits: ImageLimits, lose: Lose): void {
  const most = limits.maxInputs ?? 1
  if (request.images.length <= most) return
  lose('image', `${request.images.length} input images became ${most}: this model takes no more`)
  request.images = request.images.slice(0, most)
}

function fitCount(count: number, limits: ImageLimits, lose: Lose): number[] {
  if (count <= limits.maxCount) return [count]
  if (limits.repeat !== true) {
    lose('n', `n ${count} became ${limits.maxCount}: this model makes no more at once`)
    return [limits.maxCount]
  }
  const calls = Math.ceil(count / limits.maxCount)
  return Array.from({ length: calls }, (_, call) =>
    Math.min(limits.maxCount, count - call * limits.maxCount),
  )
}

/** What stands in for a sound format a model does not make: alike in loss and use. */
const standIns: Record<SpeechFormat, readonly SpeechFormat[]> = {
  mp3: ['opus', 'aac', 'wav', 'flac', 'pcm'],
  opus: ['mp3', 'aac', 'wav', 'flac', 'pcm'],
  aac: ['mp3', 'opus', 'wav', 'flac', 'pcm'],
  flac: ['wav', 'pcm', 'mp3', 'opus', 'aac'],
  wav: ['flac', 'pcm', 'mp3', 'opus', 'aac'],
  pcm: ['wav', 'flac', 'mp3', 'opus', 'aac'],
}

/** @throws GatewayError `unsupported` when the model makes no speech. */
export function fitSpeech(request: SpeechRequest, model: Model, lose: Lose): SpeechRequest {
  const limits = model.speech
  if (limits === undefined) throw unsupported('model', `${model.id} does not make speech`)
  const fitted = { ...request }
  if (!limits.formats.includes(request.format)) {
    const made = standIns[request.format].find((format) => limits.formats.includes(format))
    if (made === undefined)
      throw unsupported('response_format', `${model.id} makes no sound format`)
    fitted.format = made
    lose(
      'response_format',
      `response_format ${request.format} became ${made}, the nearest this model makes`,
    )
  }
  if (request.instructions !== undefined && limits.instructions !== true) {
    delete fitted.instructions
    lose('instructions', 'instructions are not supported by this model and were left out')
  }
  if (request.speed !== undefined && request.speed !== 1 && limits.speed !== true) {
    delete fitted.speed
    lose('speed', 'speed is not supported by this model and was left out')
  }
  return fitted
}

import {
  defined,
  GatewayError,
  grayscaleMask,
  type Asset,
  type Call,
  type ImageRequest,
  type ImageStream,
  type Immediate,
  type WireResponse,
} from '#kit'
import { styles } from './styles.ts'

interface Service {
  path: string
  /** The model's name in the form, where several models share a place. */
  model?: string
  /** `strength` for callers who do not say: it must be given beside an image. */
  strength?: number
}

const services: Record<string, Service | undefined> = {
  'stable-image-ultra': { path: 'generate/ultra' },
  'stable-image-core': { path: 'generate/core' },
  'stable-diffusion-3.5-large': { path: 'generate/sd3', model: 'sd3.5-large' },
  'stable-diffusion-3.5-large-turbo': { path: 'generate/sd3', model: 'sd3.5-large-turbo' },
  'stable-diffusion-3.5-medium': { path: 'generate/sd3', model: 'sd3.5-medium' },
  // Stability names 0.94 to 0.97 as the best strength of this one.
  'stable-diffusion-3.5-flash': { path: 'generate/sd3', model: 'sd3.5-flash', strength: 0.95 },
}
const inpaint: Service = { path: 'edit/inpaint' }
const strengths = { generate: 0.7, edit: 0.7, variation: 0.5 }

/** `prompt` must not be empty; a variation has none of its own. */
const variationPrompt = 'A variation of the same picture'

const maxSeed = 4_294_967_294

/**
 * Stable Image: one form out, the picture's bytes in.
 *
 * Without an input image the prompt is drawn; with one it is image-to-image; with a mask it is
 * `edit/inpaint`, which is one service for all models.
 */
export const images: Immediate<'image'> = {
  async run(request, call) {
    const masked = request.mask !== undefined
    const service = masked ? inpaint : services[call.model.id]
    if (service === undefined)
      throw new GatewayError('not_found', `${call.model.id} is not a model of Stability AI`)
    const form = new FormData()
    for (const [name, value] of Object.entries(await fields(request, service, call)))
      if (value instanceof Blob) form.append(name, value, fileName(name, value))
      else form.append(name, String(value))
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v2beta/stable-image/${service.path}`,
      headers: defined({ accept: 'image/*', 'stability-client-user-id': userId(request, call) }),
      body: form,
    })
    return picture(response)
  },
}

type Fields = Record<string, string | number | Blob>

async function fields(request: ImageRequest, service: Service, call: Call): Promise<Fields> {
  const { images, mask, operation } = request
  const [image] = images
  return defined({
    prompt: request.prompt === '' ? variationPrompt : request.prompt,
    model: service.model,
    negative_prompt: request.negativePrompt,
    style_preset: styleOf(request, call),
    seed: seedOf(request, call),
    output_format: request.format,
    ...(image === undefined
      ? { aspect_ratio: request.aspectRatio }
      : {
          image: await file(image, call),
          aspect_ratio: ratioOfInput(request, call),
          ...(mask === undefined
            ? {
                mode: service.model === undefined ? undefined : 'image-to-image',
                strength: request.strength ?? service.strength ?? strengths[operation],
              }
            : { mask: await maskFile(mask, call), strength: strengthOfMask(request, call) }),
        }),
  })
}

/** The mask's brightness is the strength. */
function strengthOfMask({ strength }: ImageRequest, call: Call): undefined {
  if (strength !== undefined)
    call.lose('strength', 'strength is not supported beside a mask and was left out')
}

/** The result has the shape of the input image. */
function ratioOfInput(request: ImageRequest, call: Call): undefined {
  if (request.aspectRatio !== undefined || request.size !== undefined)
    call.lose(
      request.size === undefined ? 'aspect_ratio' : 'size',
      'the result has the size of the input image',
    )
}

function styleOf({ style }: ImageRequest, call: Call): string | undefined {
  if (style === undefined || styles.some((known) => known === style)) return style
  call.lose('style', `style must be one of ${styles.join(', ')} and was left out`)
  return undefined
}

function seedOf({ seed }: ImageRequest, call: Call): number | undefined {
  if (seed === undefined || (seed > 0 && seed <= maxSeed)) return seed
  // Stability takes 0 for a random seed.
  call.lose('seed', `seed must be from 1 to ${maxSeed} and was left out`)
  return undefined
}

function userId({ user }: ImageRequest, call: Call): string | undefined {
  if (user === undefined || /^[\x20-\x7e]{1,256}$/.test(user)) return user
  call.lose('user', 'user must be at most 256 plain characters and was left out')
  return undefined
}

async function file(asset: Asset, call: Call): Promise<Blob> {
  const fetched = await call.fetchAsset(asset)
  return new Blob([new Uint8Array(await fetched.bytes())], { type: fetched.mediaType })
}

/** Stability's masks are white where the image may change. */
async function maskFile(asset: Asset, call: Call): Promise<Blob> {
  const fetched = await call.fetchAsset(asset)
  const mask = await grayscaleMask(await fetched.bytes(), 'white')
  return new Blob([new Uint8Array(mask)], { type: 'image/png' })
}

const fileName = (name: string, { type }: Blob): string => `${name}.${type.replace(/^.*\//, '')}`

/** @throws GatewayError `content_policy` for a picture that was blurred by the filter. */
async function picture(response: WireResponse): Promise<ImageStream> {
  const mediaType = response.header('content-type') ?? ''
  const reason = response.header('finish-reason')
  if (reason === 'CONTENT_FILTERED') {
    await response.discard()
    throw new GatewayError('content_policy', 'The picture was withheld by the content filter', {
      code: reason,
    })
  }
  if (!mediaType.startsWith('image/')) {
    await response.discard()
    throw new GatewayError('upstream', 'Stability AI answered with something that is no picture')
  }
  const seed = Number(response.header('seed') ?? Number.NaN)
  const asset: Asset = { mediaType, body: { stream: response.body } }
  return (async function* (): ImageStream {
    yield Number.isInteger(seed) ? { type: 'image', asset, seed } : { type: 'image', asset }
    yield { type: 'end', usage: { images: 1 } }
  })()
}

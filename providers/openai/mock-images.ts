import type { Hono } from 'hono'
import {
  countTokens,
  decodeImageForm,
  decodeImageRequest,
  encodeImageReply,
  encodeImageStream,
  picture,
  probe,
  toReadable,
  utf8,
  type Asset,
  type ImageFormat,
  type ImageOrder,
  type ImageRequest,
  type ImageStream,
  type MediaUsage,
  type MockCall,
  type MockEnv,
  type Model,
} from '#kit'
import {
  modelFor,
  nowInSeconds,
  readForm,
  readJson,
  unknownField,
  type MockContext,
} from './mock-body.ts'
import { badRequest } from './mock-dialect.ts'
import { hasFinerQualities } from './models-media.ts'

/** The fields of both endpoints (openai 7.57, `ImageGenerateParams` and `ImageEditParams`). */
const shared = [
  'prompt',
  'model',
  'n',
  'size',
  'quality',
  'background',
  'output_format',
  'output_compression',
  'complexity',
  'frame_count',
  'frame_duration_ms',
  'svg',
  'safety_identifier',
  'user',
  'stream',
  'partial_images',
]
const knownFields = {
  generate: [...shared, 'moderation'],
  edit: [...shared, 'image', 'images', 'mask', 'markup', 'input_fidelity'],
}
// The default of openai-openapi, 2026-08-21 (`EditImageBodyJsonParam`).
const fallbackModel = 'gpt-image-1.5'

/** `/v1/images/generations` and `/v1/images/edits`; variations are gone. */
export function mockImages(mock: Hono<MockEnv>): void {
  mock.post('/v1/images/generations', async (c) => {
    const body = await readJson(c)
    const refused = unknownField(c, Object.keys(body), knownFields.generate)
    return refused ?? answer(c, decodeImageRequest(body, 'generate', fallbackModel))
  })
  mock.post('/v1/images/edits', async (c) => {
    if (c.req.header('content-type')?.includes('json') === true) {
      const body = await readJson(c)
      const refused = unknownField(c, Object.keys(body), knownFields.edit)
      return refused ?? answer(c, decodeImageRequest(body, 'edit', fallbackModel))
    }
    const form = await readForm(c)
    const refused = unknownField(c, form.keys(), knownFields.edit)
    return refused ?? answer(c, await decodeImageForm(form, 'edit', fallbackModel))
  })
}

function answer(c: MockContext, { request }: ImageOrder): Response {
  const model = modelFor('image', request.model)
  checkFields(request, model)
  checkInputs(request)
  const created = nowInSeconds(c)
  const events = paint(request, c.var.call)
  if (!request.stream) {
    const headers = { 'content-type': 'application/json' }
    return new Response(toReadable(encodeImageReply(events, { created })), { headers })
  }
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' }
  return new Response(toReadable(encoded(encodeImageStream(events, { request, created }))), {
    headers,
  })
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield utf8.encode(text)
}

function checkFields(request: ImageRequest, model: Model): void {
  const { size, background, format, compression, extra } = request
  const limits = model.image
  if (size !== undefined && limits?.freeSize === undefined) {
    const wanted = `${size.width}x${size.height}`
    if (limits?.sizes?.includes(wanted) === false)
      throw badRequest(
        'size',
        `Invalid value: '${wanted}'. It must be one of ${limits.sizes.join(', ')} or auto.`,
      )
  } else if (size !== undefined) checkFreeSize(size)
  if (extra.fields['quality'] !== undefined && !hasFinerQualities(model.id))
    throw badRequest('quality', 'This quality is not supported by the model')
  if (extra.fields['output_format'] !== undefined)
    throw badRequest('output_format', 'This project has no access to this output format')
  if (background === 'transparent' && format === 'jpeg')
    throw badRequest('background', 'A transparent background needs png or webp')
  if (compression !== undefined && compression < 100 && (format ?? 'png') === 'png')
    throw badRequest('output_compression', 'Compression less than 100 is not supported for PNG')
  if (request.inputFidelity !== undefined && limits?.takes.includes('inputFidelity') === false)
    throw badRequest('input_fidelity', 'input_fidelity is not supported by the model')
}

function checkFreeSize({ width, height }: { width: number; height: number }): void {
  if (width % 16 !== 0 || height % 16 !== 0)
    throw badRequest('size', 'Width and height must both be divisible by 16')
  if (Math.max(width, height) > 3 * Math.min(width, height))
    throw badRequest('size', 'The aspect ratio must be between 1:3 and 3:1')
  if (Math.max(width, height) > 3840 || width * height > 3840 * 2160)
    throw badRequest('size', 'The size is larger than 3840x2160')
}

const bytesIn = (asset: Asset): Uint8Array | undefined =>
  'bytes' in asset.body ? asset.body.bytes : undefined

function checkInputs({ images, mask }: ImageRequest): void {
  if (images.length > 16) throw badRequest('image', 'No more than 16 images may be edited')
  const sizes = images.map((image, index) => {
    const bytes = bytesIn(image)
    const media = bytes === undefined ? undefined : probe(bytes)
    if (bytes !== undefined && media?.width === undefined)
      throw badRequest('image', `Invalid image file or mode for image ${index + 1}`)
    return media
  })
  if (mask === undefined) return
  const media = probe(bytesIn(mask) ?? new Uint8Array(0))
  if (media?.mediaType !== 'image/png') throw badRequest('mask', 'The mask must be a PNG file')
  if (media.width !== sizes[0]?.width || media.height !== sizes[0]?.height)
    throw badRequest('mask', 'The mask must have the dimensions of the image')
}

async function* paint(request: ImageRequest, call: MockCall): ImageStream {
  const { width, height } = request.size ?? { width: 1024, height: 1024 }
  const format: ImageFormat = request.format ?? 'png'
  const transparent = request.background === 'transparent'
  const draw = async (seed: number): Promise<Asset> => {
    const subject = { prompt: request.prompt, width, height, format, seed, transparent }
    return { mediaType: `image/${format}`, body: { bytes: await picture(call, subject) } }
  }
  const previews = request.stream ? (request.partialImages ?? 0) : 0
  for (let index = 0; index < previews; index++)
    yield { type: 'partial', index, asset: await draw(1000 + index) }
  for (let index = 0; index < request.count; index++)
    yield { type: 'image', asset: await draw(index) }
  yield {
    type: 'end',
    usage: usageOf(request, width * height),
    details: {
      background: transparent ? 'transparent' : 'opaque',
      output_format: format,
      quality: request.extra.fields['quality'] ?? request.quality ?? 'high',
      size: `${width}x${height}`,
    },
  }
}

/** Output tokens of a picture of 1024 x 1024 pixels. */
const tokensOfQuality = { low: 272, medium: 1056, high: 4160 } as const
const tokensOfInput = 323

function usageOf(request: ImageRequest, pixels: number): MediaUsage {
  const inputTextTokens = countTokens(request.prompt)
  const inputImageTokens = request.images.length * tokensOfInput
  const each = tokensOfQuality[request.quality ?? 'high'] * (pixels / (1024 * 1024))
  return {
    images: request.count,
    inputTextTokens,
    inputImageTokens,
    inputTokens: inputTextTokens + inputImageTokens,
    outputTokens: Math.round(each) * request.count,
  }
}

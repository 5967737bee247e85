import {
  fromBase64,
  GatewayError,
  mockApp,
  parseDataUrl,
  picture,
  probe,
  type ImageFormat,
  type JsonObject,
} from '#kit'
import { imageModels } from '../catalogue.ts'
import { openDialect } from './dialect.ts'
import { files } from './files.ts'
import { formatOf, isExpired, predictions, statusAt, textIn, type Stored } from './store.ts'

/** `replicate.delivery`: the pictures of predictions, for an hour. */
export const deliveryMock = mockApp(openDialect)

deliveryMock.get('/xezq/:id/:file', async (c) => {
  const { id, file } = c.req.param()
  const stored = predictions.get(id)
  const now = c.var.call.world.now()
  const [, number, extension = ''] = /^out-(\d)\.(\w+)$/.exec(file) ?? []
  const format = formats[extension]
  if (stored === undefined || number === undefined || format === undefined) throw unknown(file)
  if (statusAt(stored, now) !== 'succeeded' || isExpired(stored, now)) throw unknown(file)
  const bytes = await draw(stored, Number(number))
  return c.body(new Uint8Array(bytes), 200, {
    'content-type': probe(bytes)?.mediaType ?? `image/${format}`,
  })
})

const unknown = (file: string): GatewayError => new GatewayError('not_found', file)

const formats: Record<string, ImageFormat | undefined> = {
  png: 'png',
  jpg: 'jpeg',
  webp: 'webp',
}

async function draw({ model, input, madeBy }: Stored, index: number): Promise<Uint8Array> {
  const { seed } = input
  const [width, height] = sizeOf(model, input)
  return picture(madeBy, {
    prompt: textIn(input, 'prompt'),
    width,
    height,
    format: formatOf(input),
    seed: (typeof seed === 'number' ? seed : 0) + index,
  })
}

/** A megapixel in the asked shape, the asked size, or that of the input picture. */
function sizeOf(model: string, input: JsonObject): [number, number] {
  const { width, height } = input
  if (typeof width === 'number' && typeof height === 'number') return [width, height]
  const [, wide, high] = /^(\d+)x(\d+)$/.exec(textIn(input, 'size')) ?? []
  if (wide !== undefined && high !== undefined) return [Number(wide), Number(high)]
  const [, across, down] = /^(\d+):(\d+)$/.exec(textIn(input, 'aspect_ratio')) ?? []
  if (across !== undefined && down !== undefined) {
    const ratio = Number(across) / Number(down)
    return [nearest(1024 * Math.sqrt(ratio)), nearest(1024 / Math.sqrt(ratio))]
  }
  const size = pictureSize(model, input)
  return size ?? [1024, 1024]
}

const nearest = (side: number): number => Math.round(side / 32) * 32

function pictureSize(model: string, input: JsonObject): [number, number] | undefined {
  const name = imageModels.find(({ id }) => id === model)?.inputs.image?.name
  const value = name === undefined ? undefined : input[name]
  const [url] = Array.isArray(value) ? value : [value]
  if (typeof url !== 'string') return undefined
  const inline = parseDataUrl(url)
  const bytes =
    inline === undefined ? files.get(url.split('/').at(-1) ?? '')?.bytes : fromBase64(inline.base64)
  const found = bytes === undefined ? undefined : probe(bytes)
  if (found?.width === undefined || found.height === undefined) return undefined
  return [found.width, found.height]
}

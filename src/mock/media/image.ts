import type { Bytes } from './bytes.ts'
import { encodeJpeg } from './jpeg.ts'
import { type Picture, type Subject, paint } from './paint.ts'
import { encodePng } from './png.ts'
import { encodeWebp } from './webp.ts'

export type ImageFormat = 'png' | 'jpeg' | 'webp'
export type ImageRequest = Subject & { format: ImageFormat }

const largestSide = 4096

/**
 * A real image of exactly `width` x `height` pixels (whole, 1 to 4096) with coloured tiles drawn
 * from the prompt and the seed, and on them the label (`MIMUS MOCK` when not given) and the prompt
 * as far as there is room. The same request gives the same bytes in the same runtime.
 *
 * `transparent` leaves the ground clear in PNG and WebP; JPEG has no alpha and shows it on white.
 *
 * @throws RangeError when a side is out of range
 * @example
 * const bytes = await drawImage({ prompt: 'A fox', width: 1024, height: 1024, format: 'png' })
 */
export const drawImage = async (request: ImageRequest): Promise<Bytes> => {
  for (const side of ['width', 'height'] as const) checkSide(side, request[side])
  return encoders[request.format](paint(request))
}

const encoders = {
  png: encodePng,
  jpeg: encodeJpeg,
  webp: encodeWebp,
} satisfies Record<ImageFormat, (picture: Picture) => Bytes | Promise<Bytes>>

const checkSide = (name: string, pixels: number): void => {
  if (Number.isInteger(pixels) && pixels >= 1 && pixels <= largestSide) return
  throw new RangeError(`${name} must be a whole number of pixels from 1 to 4096, not ${pixels}`)
}

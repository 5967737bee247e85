// Indexed PNG (PLTE, tRNS) of four bits a pixel.

import { type Bytes, fromText, join, toBig32 } from './bytes.ts'
import { checkPng } from '#core/checksum'
import type { Picture } from './paint.ts'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const bitDepth = 4
const indexedColor = 3
// Most rows repeat the one above, so their differences are zeros, which deflate fastest.
const filterUp = 2

export const encodePng = async (picture: Picture): Promise<Bytes> => {
  const { width, height, palette } = picture
  const alphas = palette.map((entry) => entry[3])
  return join([
    signature,
    chunk('IHDR', [...toBig32(width), ...toBig32(height), bitDepth, indexedColor, 0, 0, 0]),
    chunk(
      'PLTE',
      palette.flatMap((entry) => entry.slice(0, 3)),
    ),
    ...(alphas.some((alpha) => alpha < 255) ? [chunk('tRNS', alphas)] : []),
    chunk('IDAT', await deflate(packRows(picture))),
    chunk('IEND', []),
  ])
}

const chunk = (name: string, data: ArrayLike<number>): Bytes => {
  const body = join([fromText(name), data])
  return join([toBig32(data.length), body, toBig32(checkPng(body))])
}

const packRows = ({ width, height, pixels }: Picture): Bytes => {
  const stride = Math.ceil(width / 2) + 1
  const packed = new Uint8Array(stride * height)
  for (let row = 0; row < height; row++) {
    const from = row * width
    let to = row * stride
    packed[to++] = filterUp
    for (let column = 0; column < width; column += 2) {
      const right = column + 1 < width ? (pixels[from + column + 1] ?? 0) : 0
      packed[to++] = ((pixels[from + column] ?? 0) << 4) | right
    }
  }
  return takeDifferences(packed, stride)
}

// From the last row up, so that the row above still is whole.
const takeDifferences = (packed: Bytes, stride: number): Bytes => {
  for (let start = packed.length - stride; start > 0; start -= stride) {
    for (let at = start + 1; at < start + stride; at++) {
      packed[at] = (packed[at] ?? 0) - (packed[at - stride] ?? 0)
    }
  }
  return packed
}

const deflate = async (bytes: Bytes): Promise<Bytes> => {
  const { readable, writable } = new CompressionStream('deflate')
  const writer = writable.getWriter()
  const [parts] = await Promise.all([collect(readable), writer.write(bytes), writer.close()])
  return join(parts)
}

const collect = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> => {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value)
  }
  return parts
}

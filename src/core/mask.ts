// Turns a mask that marks by transparency (OpenAI's convention) into one that marks by brightness.
// PNG, third edition: https://www.w3.org/TR/png-3/

import { concat, gather, once, toReadable, utf8 } from './bytes.ts'
import { checkPng } from './checksum.ts'
import { GatewayError } from './error.ts'
import type { Bytes } from './transport.ts'

/** Which pixels of a grayscale mask may change. */
export type MaskPaint = 'white' | 'black'

/** The most pixels a mask may have: eight bits each are held at once. */
const maxPixels = 36_000_000

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Samples of one pixel, by PNG colour type. */
const samples: Record<number, number | undefined> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** First column, first row, column step and row step of each pass of an Adam7 image. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
const straight = [[0, 0, 1, 1]] as const

interface Header {
  width: number
  height: number
  depth: number
  color: number
  interlaced: boolean
}

/**
 * A grayscale PNG whose `paint` pixels are the transparent ones of `mask`; half-transparent pixels become gray.
 *
 * @throws GatewayError `invalid_request` (`mask`) when the mask is no PNG, is broken, or has no transparency at all.
 */
export async function grayscaleMask(mask: Uint8Array, paint: MaskPaint): Promise<Uint8Array> {
  const chunks = readChunks(mask)
  const header = readHeader(chunks)
  const alpha = await readAlpha(chunks, header)
  const rows = new Uint8Array(header.height * (header.width + 1))
  for (let row = 0, from = 0, to = 0; row < header.height; row++) {
    to += 1
    for (let column = 0; column < header.width; column++, from++, to++) {
      const opacity = alpha[from] ?? 0
      rows[to] = paint === 'white' ? 255 - opacity : opacity
    }
  }
  const shape = new Uint8Array(13)
  const view = new DataView(shape.buffer)
  view.setUint32(0, header.width)
  view.setUint32(4, header.height)
  view.setUint8(8, 8)
  const data = await gather(through(rows, new CompressionStream('deflate')))
  const ihdr = writeChunk('IHDR', shape)
  const end = writeChunk('IEND', new Uint8Array(0))
  return concat([Uint8Array.from(signature), ihdr, writeChunk('IDAT', data), end])
}

function readChunks(bytes: Uint8Array): Map<string, Uint8Array> {
  if (signature.some((byte, index) => bytes[index] !== byte)) throw broken('must be a PNG image')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = new Map<string, Uint8Array[]>()
  for (let offset = 8; offset + 12 <= bytes.length;) {
    const length = view.getUint32(offset)
    const name = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8))
    const data = bytes.subarray(offset + 8, offset + 8 + length)
    found.set(name, [...(found.get(name) ?? []), data])
    offset += length + 12
  }
  return new Map([...found].map(([name, parts]) => [name, concat(parts)]))
}

function readHeader(chunks: Map<string, Uint8Array>): Header {
  const data = chunks.get('IHDR')
  if (data === undefined || data.length < 13) throw broken('is not a whole PNG image')
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width === 0 || height === 0 || width * height > maxPixels)
    throw broken(`must have at most ${maxPixels} pixels`)
  const [depth, color] = [view.getUint8(8), view.getUint8(9)]
  return { width, height, depth, color, interlaced: view.getUint8(12) === 1 }
}

/** One byte for each pixel: 0 is transparent, 255 opaque. */
async function readAlpha(chunks: Map<string, Uint8Array>, header: Header): Promise<Uint8Array> {
  const { width, height, depth, color } = header
  const opacity = opacityOf(header, chunks.get('tRNS'))
  const bitsPerPixel = (samples[color] ?? 0) * depth
  const alpha = new Uint8Array(width * height)
  const data = reader(through(chunks.get('IDAT') ?? new Uint8Array(0), inflate()))
  try {
    for (const [left, top, across, down] of header.interlaced ? adam7 : straight) {
      const columns = Math.ceil((width - left) / across)
      if (columns <= 0) continue
      let above = new Uint8Array(Math.ceil((columns * bitsPerPixel) / 8))
      for (let row = top; row < height; row += down) {
        const [filter = 0] = await data.read(1)
        const line = await data.read(above.length)
        unfilter(line, above, filter, Math.max(1, bitsPerPixel >> 3))
        for (let index = 0; index < columns; index++)
          alpha[row * width + left + index * across] = opacity(line, index)
        above = line
      }
    }
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : broken('is not a whole PNG image', cause)
  }
  return alpha
}

const inflate = () => new DecompressionStream('deflate')

/** How opaque a pixel of a line is: by its alpha sample, by the palette, or by the one transparent colour. */
function opacityOf({ color, depth }: Header, transparency: Uint8Array | undefined) {
  const count = samples[color]
  if (count === undefined) throw broken('is a PNG image of an unknown kind')
  const bytes = depth >> 3
  if (color === 4 || color === 6)
    return (line: Uint8Array, index: number) => line[(index * count + count - 1) * bytes] ?? 0
  if (transparency === undefined)
    throw broken('must have an alpha channel: transparent where the image may change')
  if (color === 3)
    return (line: Uint8Array, index: number) => transparency[sample(line, index, depth)] ?? 255
  const key = Array.from({ length: count }, (_, at) => sample(transparency, at, 16))
  return (line: Uint8Array, index: number) =>
    key.every((value, at) => sample(line, index * count + at, depth) === value) ? 0 : 255
}

function sample(line: Uint8Array, index: number, depth: number): number {
  if (depth === 16) return ((line[index * 2] ?? 0) << 8) | (line[index * 2 + 1] ?? 0)
  const bit = index * depth
  return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
}

function unfilter(line: Uint8Array, above: Uint8Array, filter: number, step: number): void {
  if (filter === 0) return
  for (let index = 0; index < line.length; index++) {
    const left = index < step ? 0 : (line[index - step] ?? 0)
    const up = above[index] ?? 0
    const corner = index < step ? 0 : (above[index - step] ?? 0)
    line[index] = (line[index] ?? 0) + predict(filter, left, up, corner)
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value))
  if (toLeft === undefined || toUp === undefined || toCorner === undefined) return 0
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** Reads a byte stream in pieces of the wanted size. */
function reader(bytes: Bytes) {
  const iterator = bytes[Symbol.asyncIterator]()
  let held = new Uint8Array(0)
  return {
    /** A copy the caller may write to. @throws GatewayError when the stream is shorter. */
    async read(size: number): Promise<Uint8Array<ArrayBuffer>> {
      const piece = new Uint8Array(size)
      for (let filled = 0; filled < size;) {
        if (held.length === 0) {
          const next = await iterator.next()
          if (next.done === true) throw broken('is not a whole PNG image')
          held = new Uint8Array(next.value)
        }
        const taken = held.subarray(0, size - filled)
        piece.set(taken, filled)
        filled += taken.length
        held = held.subarray(taken.length)
      }
      return piece
    },
  }
}

const through = (bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Bytes =>
  toReadable(once(bytes)).pipeThrough(stream)

function writeChunk(name: string, data: Uint8Array): Uint8Array {
  const body = concat([utf8.encode(name), data])
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(body, 4)
  view.setUint32(body.length + 4, checkPng(body))
  return chunk
}

const broken = (fault: string, cause?: unknown): GatewayError =>
  new GatewayError('invalid_request', `The mask ${fault}`, { param: 'mask', cause })

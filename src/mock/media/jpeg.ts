// Baseline JPEG (ITU-T T.81), all components in full size and with the same tables. Blocks of one
// colour, which are most of a mock picture, skip the transform.

import { type Bytes, fromText, join } from './bytes.ts'
import { transform } from './dct.ts'
import { hash } from './hash.ts'
import { acCodes, acHuffman, dcCodes, dcHuffman, quantization, zigzag } from './jpeg-tables.ts'
import type { Color, Picture } from './paint.ts'

type BitSink = { put: (value: number, count: number) => void; finish: () => Uint8Array }

/** Alpha is blended onto white, as JPEG has none. */
export const encodeJpeg = (picture: Picture): Bytes => {
  const { width, height } = picture
  const frame = [8, ...toBig16(height), ...toBig16(width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]
  const scan = putBlocks(picture)
  return join([
    [0xff, 0xd8],
    segment(0xe0, [...fromText('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    // Near colours quantize alike, so the palette's hash keeps even one-pixel pictures apart.
    segment(0xfe, fromText(`mimus ${hash(picture.palette.join()).toString(16)}`)),
    segment(0xdb, [0, ...zigzag.map((at) => quantization[at] ?? 1)]),
    segment(0xc0, frame),
    segment(0xc4, [0x00, ...dcHuffman.counts, ...dcHuffman.values]),
    segment(0xc4, [0x10, ...acHuffman.counts, ...acHuffman.values]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    scan,
    [0xff, 0xd9],
  ])
}

const toBig16 = (value: number): number[] => [value >> 8, value & 255]

const segment = (marker: number, data: ArrayLike<number>): Bytes =>
  join([[0xff, marker], toBig16(data.length + 2), data])

const toComponents = ([red, green, blue, alpha]: Color): number[] => {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map(
    (value) => 255 + ((value - 255) * alpha) / 255,
  )
  return [
    0.299 * r + 0.587 * g + 0.114 * b - 128,
    -0.168736 * r - 0.331264 * g + 0.5 * b,
    0.5 * r - 0.418688 * g - 0.081312 * b,
  ]
}

const putBlocks = (picture: Picture): Uint8Array => {
  const { width, height, palette } = picture
  const bits = bitSink()
  const colors = palette.map(toComponents)
  const planes = [0, 1, 2].map((plane) =>
    Float32Array.from({ length: 256 }, (_, index) => colors[index]?.[plane] ?? 0),
  )
  const before = [0, 0, 0]
  const indices = new Uint8Array(64)
  const samples = new Float32Array(64)
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const isPlain = readBlock(picture, { left, top }, indices)
      planes.forEach((plane, component) => {
        before[component] = isPlain
          ? putPlain(bits, plane[indices[0] ?? 0] ?? 0, before[component] ?? 0)
          : putBlock(bits, fill(samples, plane, indices), before[component] ?? 0)
      })
    }
  }
  return bits.finish()
}

const readBlock = (
  picture: Picture,
  from: { left: number; top: number },
  indices: Uint8Array,
): boolean => {
  const { width, height, pixels } = picture
  const first = pixels[from.top * width + from.left] ?? 0
  const columns = Math.min(8, width - from.left)
  let different = 0
  for (let row = 0; row < 8; row++) {
    const start = Math.min(height - 1, from.top + row) * width + from.left
    for (let column = 0; column < 8; column++) {
      const index = pixels[start + (column < columns ? column : columns - 1)] ?? 0
      indices[row * 8 + column] = index
      different |= index ^ first
    }
  }
  return different === 0
}

const fill = (samples: Float32Array, plane: Float32Array, indices: Uint8Array): Float32Array => {
  for (let at = 0; at < 64; at++) samples[at] = plane[indices[at] ?? 0] ?? 0
  return samples
}

const putPlain = (bits: BitSink, value: number, before: number): number => {
  const level = Math.round((value * 8) / (quantization[0] ?? 1))
  putDifference(bits, level - before)
  putCode(bits, acCodes, 0)
  return level
}

const putBlock = (bits: BitSink, samples: Float32Array, before: number): number => {
  const levels = transform(samples)
  putDifference(bits, (levels[0] ?? 0) - before)
  let zeros = 0
  for (let at = 1; at < 64; at++) {
    const level = levels[at] ?? 0
    if (level === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) putCode(bits, acCodes, 0xf0)
    const size = 32 - Math.clz32(Math.abs(level))
    putCode(bits, acCodes, zeros * 16 + size)
    putMagnitude(bits, level, size)
    zeros = 0
  }
  if (zeros > 0) putCode(bits, acCodes, 0)
  return levels[0] ?? 0
}

const putDifference = (bits: BitSink, difference: number): void => {
  const size = 32 - Math.clz32(Math.abs(difference))
  putCode(bits, dcCodes, size)
  putMagnitude(bits, difference, size)
}

const putMagnitude = (bits: BitSink, value: number, size: number): void => {
  if (size > 0) bits.put(value < 0 ? value + (1 << size) - 1 : value, size)
}

// The codes hold their length in the upper half.
const putCode = (bits: BitSink, codes: Uint32Array, symbol: number): void => {
  const code = codes[symbol] ?? 0
  bits.put(code & 0xffff, code >>> 16)
}

// Bits go in highest first; a zero follows each byte 0xff of data.
const bitSink = (): BitSink => {
  let bytes = new Uint8Array(65536)
  let size = 0
  let held = 0
  let waiting = 0
  const put = (value: number, count: number): void => {
    held = (held << count) | value
    waiting += count
    if (size + 8 > bytes.length) bytes = join([bytes, new Uint8Array(bytes.length)])
    while (waiting >= 8) {
      waiting -= 8
      const byte = (held >>> waiting) & 255
      bytes[size++] = byte
      if (byte === 255) bytes[size++] = 0
    }
    held &= 255
  }
  return {
    put,
    finish: function finish() {
      put(0x7f, 7)
      return bytes.subarray(0, size)
    },
  }
}

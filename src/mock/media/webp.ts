// Lossless WebP (VP8L) for pictures of at most 16 colours: a colour table, two pixels a byte, and
// copies of the byte to the left or of the row above. The prefix codes are fixed, so there is no
// statistics pass.
// https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification

import { type Bytes, fromText, join, toLittle32 } from './bytes.ts'
import type { Picture } from './paint.ts'

type BitSink = { put: (value: number, count: number) => void; finish: () => Uint8Array }

const paletteSize = 16
const pixelsPerByte = 2
const channelSymbols = 256
const lengthSymbols = 24
const longestCopy = 4096
// Distance codes of the format's neighbour table, as prefix symbols: 0 is above, 1 is left.
const above = 0
const left = 1

export const encodeWebp = (picture: Picture): Bytes => {
  const bits = bitSink()
  bits.put(0x2f, 8)
  bits.put(picture.width - 1, 14)
  bits.put(picture.height - 1, 14)
  bits.put(picture.palette.some((entry) => entry[3] < 255) ? 1 : 0, 1)
  bits.put(0, 3)
  putPalette(bits, picture)
  bits.put(0, 1) // no further transform
  bits.put(0, 2) // no colour cache, one set of prefix codes
  putWideCode(bits, channelSymbols + lengthSymbols)
  for (let channel = 0; channel < 3; channel++) putSingleCode(bits)
  putPairCode(bits)
  putPixels(bits, packPixels(picture), Math.ceil(picture.width / pixelsPerByte))
  const data = bits.finish()
  const padding = new Uint8Array(data.length % 2)
  const body = join([fromText('WEBPVP8L'), toLittle32(data.length), data, padding])
  return join([fromText('RIFF'), toLittle32(body.length), body])
}

// The table is an image of its own, each colour less the one before.
const putPalette = (bits: BitSink, { palette }: Picture): void => {
  bits.put(1, 1)
  bits.put(3, 2) // colour indexing
  bits.put(paletteSize - 1, 8)
  bits.put(0, 1) // no colour cache
  putWideCode(bits, channelSymbols + lengthSymbols)
  for (let channel = 0; channel < 3; channel++) putWideCode(bits, channelSymbols)
  putSingleCode(bits)
  let before: readonly number[] = [0, 0, 0, 0]
  for (let index = 0; index < paletteSize; index++) {
    const entry = palette[index] ?? before
    const [red = 0, green = 0, blue = 0, alpha = 0] = entry.map(
      (value, channel) => (value - (before[channel] ?? 0)) & 255,
    )
    putSymbol(bits, green, channelSymbols + lengthSymbols)
    for (const value of [red, blue, alpha]) putSymbol(bits, value, channelSymbols)
    before = entry
  }
}

// 256 symbols of 8 bits each fill a code; with 24 more, 48 symbols take 9 bits. Those are the
// highest literals, which pictures of a dozen colours seldom hold.
const firstLong = channelSymbols - 2 * lengthSymbols
const isLong = (symbol: number, count: number): boolean =>
  count > channelSymbols && symbol >= firstLong && symbol < channelSymbols

const putWideCode = (bits: BitSink, count: number): void => {
  bits.put(0, 1) // a normal code: lengths follow
  bits.put(9, 4) // 13 code length codes, up to the one for length 9
  for (const length of [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9]) {
    bits.put(length === 8 || length === 9 ? 1 : 0, 3)
  }
  bits.put(0, 1) // lengths for the whole alphabet
  for (let symbol = 0; symbol < count; symbol++) bits.put(isLong(symbol, count) ? 1 : 0, 1)
}

const putSingleCode = (bits: BitSink): void => bits.put(0b0001, 4) // symbol 0, no bits to read
const putPairCode = (bits: BitSink): void => {
  bits.put(0b011, 3) // a simple code of two symbols, the first written in one bit
  bits.put(above, 1)
  bits.put(left, 8)
}

const reverse = (value: number, count: number): number => {
  let reversed = 0
  for (let bit = 0; bit < count; bit++) reversed |= ((value >> bit) & 1) << (count - 1 - bit)
  return reversed
}

// Canonical codes: the 8-bit symbols in order, then the 9-bit ones; sent highest bit first.
const shortOf = Uint16Array.from({ length: channelSymbols + lengthSymbols }, (_, symbol) => {
  if (isLong(symbol, channelSymbols + lengthSymbols)) {
    return reverse(2 * (firstLong + lengthSymbols) + symbol - firstLong, 9)
  }
  return reverse(symbol < firstLong ? symbol : symbol - 2 * lengthSymbols, 8)
})

const putSymbol = (bits: BitSink, symbol: number, count: number): void => {
  if (count === channelSymbols) bits.put(reverse(symbol, 8), 8)
  else bits.put(shortOf[symbol] ?? 0, isLong(symbol, count) ? 9 : 8)
}

const packPixels = ({ width, height, pixels }: Picture): Uint8Array => {
  const stride = Math.ceil(width / pixelsPerByte)
  const packed = new Uint8Array(stride * height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * stride + (column >> 1)
      packed[at] = (packed[at] ?? 0) | ((pixels[row * width + column] ?? 0) << ((column & 1) * 4))
    }
  }
  return packed
}

const putPixels = (bits: BitSink, packed: Uint8Array, stride: number): void => {
  let at = 0
  while (at < packed.length) {
    const fromAbove = at >= stride ? matchLength(packed, at, stride) : 0
    const fromLeft = at >= 1 && fromAbove < stride ? matchLength(packed, at, 1) : 0
    const length = Math.max(fromAbove, fromLeft)
    if (length < 3) {
      putSymbol(bits, packed[at] ?? 0, channelSymbols + lengthSymbols)
      at++
      continue
    }
    putLength(bits, length)
    bits.put(fromAbove >= fromLeft ? above : left, 1)
    at += length
  }
}

const matchLength = (packed: Uint8Array, at: number, distance: number): number => {
  const limit = Math.min(longestCopy, packed.length - at)
  let length = 0
  while (length < limit && packed[at + length] === packed[at + length - distance]) length++
  return length
}

const putLength = (bits: BitSink, length: number): void => {
  const value = length - 1
  if (value < 4) return putSymbol(bits, channelSymbols + value, channelSymbols + lengthSymbols)
  const highest = 31 - Math.clz32(value)
  const second = (value >> (highest - 1)) & 1
  putSymbol(bits, channelSymbols + 2 * highest + second, channelSymbols + lengthSymbols)
  bits.put(value & ((1 << (highest - 1)) - 1), highest - 1)
}

// Bits go in lowest first.
const bitSink = (): BitSink => {
  let bytes = new Uint8Array(4096)
  let size = 0
  let held = 0
  let waiting = 0
  return {
    put: function put(value, count) {
      held |= value << waiting
      waiting += count
      if (size + 4 > bytes.length) bytes = grow(bytes)
      while (waiting >= 8) {
        bytes[size++] = held & 255
        held >>>= 8
        waiting -= 8
      }
    },
    finish: function finish() {
      if (waiting > 0) bytes[size++] = held & 255
      return bytes.subarray(0, size)
    },
  }
}

const grow = (bytes: Bytes): Bytes => {
  const grown = new Uint8Array(bytes.length * 2)
  grown.set(bytes)
  return grown
}

// Length of FLAC sound.

import { big16, big24, big32, byteAt, hasText } from './read.ts'
import { checkFlacHeader } from '../checksum.ts'
import type { Media } from '../probe.ts'

const mediaType = 'audio/flac'

export const probeFlac = (bytes: Uint8Array): Media | undefined => {
  if (!hasText(bytes, 0, 'fLaC')) return undefined
  const rate = big24(bytes, 18) >> 4
  if (rate === 0 || (byteAt(bytes, 4) & 127) !== 0) return { mediaType }
  const total = (byteAt(bytes, 21) & 15) * 0x100000000 + big32(bytes, 22)
  const samples = total > 0 ? total : endOfLastFrame(bytes)
  return samples === undefined ? { mediaType } : { mediaType, seconds: samples / rate }
}

// Encoders that write to a pipe leave the total 0; the last frame tells where it ends.
const endOfLastFrame = (bytes: Uint8Array): number | undefined => {
  for (let at = bytes.length - 6; at >= 42; at--) {
    const isSync = byteAt(bytes, at) === 0xff && (byteAt(bytes, at + 1) & 0xfe) === 0xf8
    const end = isSync ? endOfFrame(bytes, at) : undefined
    if (end !== undefined) return end
  }
  return undefined
}

const endOfFrame = (bytes: Uint8Array, at: number): number | undefined => {
  const number = readNumber(bytes, at + 4)
  if (number === undefined) return undefined
  const sizeCode = byteAt(bytes, at + 2) >> 4
  const rateCode = byteAt(bytes, at + 2) & 15
  const sizeAt = at + 4 + number.length
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0
  const checkAt = sizeAt + sizeBytes + rateBytes
  if (sizeCode === 0 || checkAt >= bytes.length) return undefined
  if (checkFlacHeader(bytes.subarray(at, checkAt)) !== byteAt(bytes, checkAt)) return undefined
  const size = blockSize(bytes, sizeCode, sizeAt)
  const isVariable = (byteAt(bytes, at + 1) & 1) === 1
  // Frames of a fixed size are numbered; the size itself is that of the first frame.
  const usual = big16(bytes, 8)
  return isVariable ? number.value + size : number.value * usual + size
}

const blockSize = (bytes: Uint8Array, code: number, at: number): number => {
  if (code === 1) return 192
  if (code <= 5) return 144 << code
  if (code === 6) return byteAt(bytes, at) + 1
  if (code === 7) return byteAt(bytes, at) * 256 + byteAt(bytes, at + 1) + 1
  return 1 << code
}

// Spelled like a character in UTF-8, up to seven bytes.
const readNumber = (bytes: Uint8Array, at: number) => {
  const first = byteAt(bytes, at)
  const ones = Math.clz32(~(first << 24))
  if (ones === 1 || ones > 7) return undefined
  const length = Math.max(1, ones)
  let value = ones === 0 ? first : first & (0x7f >> ones)
  for (let step = 1; step < length; step++) {
    if (byteAt(bytes, at + step) >> 6 !== 2) return undefined
    value = value * 64 + (byteAt(bytes, at + step) & 63)
  }
  return { value, length }
}

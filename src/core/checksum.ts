// The cyclic redundancy checks of PNG, Ogg and FLAC.

const reflected = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    return value >>> 0
  })

// The polynomial and the register sit in the top bits of 32, whatever the width of the check.
const straight = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index << 24
    for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ polynomial : value << 1
    return value >>> 0
  })

const pngTable = reflected(0xedb88320)
const oggTable = straight(0x04c11db7)
const flac16Table = straight(0x80050000)
const flac8Table = straight(0x07000000)

const runStraight = (table: Uint32Array, bytes: Uint8Array): number => {
  let value = 0
  for (let at = 0; at < bytes.length; at++) {
    value = (value << 8) ^ (table[(value >>> 24) ^ (bytes[at] ?? 0)] ?? 0)
  }
  return value >>> 0
}

/** CRC-32 of a PNG chunk (its type and its data), and of everyone else who says CRC-32. */
export const checkPng = (bytes: Uint8Array): number => {
  let value = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    value = (value >>> 8) ^ (pngTable[(value ^ (bytes[at] ?? 0)) & 255] ?? 0)
  }
  return (value ^ 0xffffffff) >>> 0
}

/** CRC-32 of an Ogg page whose own check field is zero. */
export const checkOgg = (bytes: Uint8Array): number => runStraight(oggTable, bytes)

/** CRC-16 of a FLAC frame. */
export const checkFlacFrame = (bytes: Uint8Array): number => runStraight(flac16Table, bytes) >>> 16

/** CRC-8 of a FLAC frame header. */
export const checkFlacHeader = (bytes: Uint8Array): number => runStraight(flac8Table, bytes) >>> 24

// Reading bytes; reads past the end give 0, so probes need no bounds checks.

export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

export const big16 = (bytes: Uint8Array, at: number): number =>
  byteAt(bytes, at) * 0x100 + byteAt(bytes, at + 1)

export const big24 = (bytes: Uint8Array, at: number): number =>
  big16(bytes, at) * 0x100 + byteAt(bytes, at + 2)

export const big32 = (bytes: Uint8Array, at: number): number =>
  big16(bytes, at) * 0x10000 + big16(bytes, at + 2)

/** Exact up to 2^53; larger values lose their last bits. */
export const big64 = (bytes: Uint8Array, at: number): number =>
  big32(bytes, at) * 0x100000000 + big32(bytes, at + 4)

export const little16 = (bytes: Uint8Array, at: number): number =>
  byteAt(bytes, at) + byteAt(bytes, at + 1) * 0x100

export const little24 = (bytes: Uint8Array, at: number): number =>
  little16(bytes, at) + byteAt(bytes, at + 2) * 0x10000

export const little32 = (bytes: Uint8Array, at: number): number =>
  little16(bytes, at) + little16(bytes, at + 2) * 0x10000

export const hasText = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let step = 0; step < text.length; step++) {
    if (bytes[at + step] !== text.charCodeAt(step)) return false
  }
  return true
}

export const textAt = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

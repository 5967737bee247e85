// Forward cosine transform and quantization of one 8x8 block (Arai, Agui and Nakajima's method).

import { quantization, zigzag } from './jpeg-tables.ts'

const levels = new Int16Array(64)

/** Quantized levels in zigzag order. The samples are overwritten; the result is reused. */
export const transform = (samples: Float32Array): Int16Array => {
  for (let row = 0; row < 64; row += 8) pass(samples, row, 1)
  for (let column = 0; column < 8; column++) pass(samples, column, 8)
  for (let at = 0; at < 64; at++) {
    levels[at] = Math.round((samples[zigzag[at] ?? 0] ?? 0) * (scaling[at] ?? 0))
  }
  return levels
}

// The method leaves each frequency scaled; quantization takes that in.
const frequencyScale = Array.from({ length: 8 }, (_, index) =>
  index === 0 ? 1 : Math.cos((index * Math.PI) / 16) * Math.SQRT2,
)
const scaling = Float32Array.from(zigzag, (at) => {
  const row = frequencyScale[at >> 3] ?? 1
  const column = frequencyScale[at & 7] ?? 1
  return 1 / ((quantization[at] ?? 1) * row * column * 8)
})

const pass = (data: Float32Array, from: number, step: number): void => {
  const a = data[from] ?? 0
  const b = data[from + step] ?? 0
  const c = data[from + 2 * step] ?? 0
  const d = data[from + 3 * step] ?? 0
  const e = data[from + 4 * step] ?? 0
  const f = data[from + 5 * step] ?? 0
  const g = data[from + 6 * step] ?? 0
  const h = data[from + 7 * step] ?? 0

  const outer = a + h + d + e
  const inner = b + g + c + f
  const outerGap = a + h - d - e
  const turned = (b + g - c - f + outerGap) * Math.SQRT1_2
  data[from] = outer + inner
  data[from + 4 * step] = outer - inner
  data[from + 2 * step] = outerGap + turned
  data[from + 6 * step] = outerGap - turned

  const low = d - e + c - f
  const middle = (c - f + b - g) * Math.SQRT1_2
  const high = b - g + a - h
  const shared = (low - high) * 0.382683433
  const lowTurned = 0.5411961 * low + shared
  const highTurned = 1.306562965 * high + shared
  const plus = a - h + middle
  const minus = a - h - middle
  data[from + 5 * step] = minus + lowTurned
  data[from + 3 * step] = minus - lowTurned
  data[from + step] = plus + highTurned
  data[from + 7 * step] = plus - highTurned
}

// Fits a label and a prompt into a box: the largest whole scale at which all words are seen.

import { cell } from './font.ts'

export type Layout = { scale: number; lines: string[]; labelLines: number }

const largestScale = 24
// Fewer columns would break most words; more would be small print on small pictures.
const fewestColumns = 18

const wrap = (text: string, columns: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= columns) {
      line += ` ${word}`
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (line.length > columns) {
      lines.push(line.slice(0, columns))
      line = line.slice(columns)
    }
  }
  return line === '' ? lines : [...lines, line]
}

const shorten = (lines: string[], count: number, columns: number): string[] => {
  if (lines.length <= count) return lines
  const kept = lines.slice(0, count)
  const last = kept.pop() ?? ''
  return [...kept, `${last.slice(0, Math.max(0, columns - 3))}...`.slice(0, columns)]
}

// Whole blocks of 8 pixels make JPEG several times faster.
const startingScale = (width: number): number => {
  const widest = Math.floor(width / (cell.width * fewestColumns))
  const scale = Math.min(largestScale, Math.max(1, widest))
  return scale > 8 ? scale - (scale % 8) : scale
}

/**
 * Lines and scale for a box of `width` x `height` pixels, or undefined when not even one line of
 * three characters fits. What does not fit at scale 1 is cut and ends in dots.
 */
export const layOut = (label: string, prompt: string, box: { width: number; height: number }) => {
  for (let scale = startingScale(box.width); scale >= 1; scale--) {
    const columns = Math.floor(box.width / (cell.width * scale))
    const rows = Math.floor(box.height / (cell.height * scale))
    const heading = wrap(label, Math.max(1, columns))
    const body = wrap(prompt, Math.max(1, columns))
    const fits = heading.length + body.length <= rows
    if (!fits && scale > 1) continue
    if (columns < 3 || rows < 1) return undefined
    const labelLines = Math.min(heading.length, rows)
    const lines = [
      ...shorten(heading, rows, columns),
      ...(rows > labelLines ? shorten(body, rows - labelLines, columns) : []),
    ]
    return { scale, lines, labelLines } satisfies Layout
  }
  return undefined
}

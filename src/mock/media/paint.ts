// Paints the mock picture as palette indices; the encoders turn it into PNG, JPEG or WebP.

import { cell, glyphRows, transliterate } from './font.ts'
import { dice, hash } from './hash.ts'
import { type Layout, layOut } from './layout.ts'

export type Color = readonly [red: number, green: number, blue: number, alpha: number]

/** `pixels` holds one index into `palette` (at most 16 colours) per pixel, row by row. */
export type Picture = { width: number; height: number; palette: Color[]; pixels: Uint8Array }

export type Subject = {
  prompt: string
  width: number
  height: number
  seed?: number
  transparent?: boolean
  label?: string
}

type Area = { left: number; top: number; width: number; height: number }

const tileShades = 6
const panelColor = 7
const labelColor = 8
const textColor = 9
// Beyond this no picture of 4096 pixels shows more, and wrapping costs time.
const longestPrompt = 4000

export const paint = (subject: Subject): Picture => {
  const { width, height } = subject
  const root = hash(subject.prompt, subject.seed)
  const transparent = subject.transparent ?? false
  const picture = {
    width,
    height,
    palette: choosePalette(root, transparent),
    pixels: new Uint8Array(width * height),
  }
  drawTiles(picture, root, transparent)
  drawText(picture, subject.label ?? 'MIMUS MOCK', subject.prompt)
  return picture
}

const choosePalette = (root: number, transparent: boolean): Color[] => {
  const roll = dice(root)
  const hue = roll(3600) / 10
  const turn = 20 + roll(120)
  const shades = Array.from({ length: tileShades }, (_, index) =>
    color({
      hue: hue + (index * turn) / tileShades,
      saturation: 0.35 + roll(400) / 1000,
      lightness: 0.3 + index * 0.08 + roll(60) / 1000,
      alpha: transparent && index % 2 === 0 ? 144 : 255,
    }),
  )
  const ground = color({ hue, saturation: 0.3, lightness: 0.85, alpha: transparent ? 0 : 255 })
  return [
    ground,
    ...shades,
    color({ hue, saturation: 0.3, lightness: 0.09, alpha: 255 }),
    color({ hue: hue + 180, saturation: 0.9, lightness: 0.72, alpha: 255 }),
    [255, 255, 255, 255],
  ]
}

const color = (from: { hue: number; saturation: number; lightness: number; alpha: number }) => {
  const spread = from.saturation * Math.min(from.lightness, 1 - from.lightness)
  const channel = (offset: number): number => {
    const place = (offset + from.hue / 30) % 12
    return Math.round(
      255 * (from.lightness - spread * Math.max(-1, Math.min(place - 3, 9 - place, 1))),
    )
  }
  return [channel(0), channel(8), channel(4), from.alpha] satisfies Color
}

const drawTiles = (picture: Picture, root: number, transparent: boolean): void => {
  const roll = dice(root ^ 0x5bd1e995)
  // Multiples of 8 keep JPEG blocks of one colour, which need no transform.
  const edge = Math.max(8, Math.round(Math.min(picture.width, picture.height) / 96) * 8)
  const columns = Math.ceil(picture.width / edge)
  for (let top = 0; top < picture.height; top += edge) {
    const tiles = Array.from({ length: Math.ceil(columns / 2) }, () =>
      transparent && roll(2) === 0 ? 0 : roll(tileShades + 1),
    )
    for (let column = 0; column < columns; column++) {
      // Mirrored halves make a pattern that people tell apart at a glance.
      const shade = tiles[Math.min(column, columns - 1 - column)] ?? 0
      fill(picture, { left: column * edge, top, width: edge, height: edge }, shade)
    }
  }
}

const fill = (picture: Picture, area: Area, shade: number): void => {
  const right = Math.min(picture.width, area.left + area.width)
  const bottom = Math.min(picture.height, area.top + area.height)
  for (let row = area.top; row < bottom; row++) {
    picture.pixels.fill(shade, row * picture.width + area.left, row * picture.width + right)
  }
}

const drawText = (picture: Picture, label: string, prompt: string): void => {
  const margin = Math.floor(Math.min(picture.width, picture.height) / 24)
  const room = { width: picture.width - 2 * margin, height: picture.height - 2 * margin }
  const words = transliterate(prompt.slice(0, longestPrompt))
  const layout = layOut(transliterate(label), words, room)
  if (layout === undefined || layout.lines.length === 0) return
  const { scale, lines } = layout
  const longest = Math.max(...lines.map((line) => line.length))
  const width = (longest * cell.width - 1) * scale
  const height = lines.length * cell.height * scale
  const left = alignToBlock((picture.width - width) / 2)
  const top = alignToBlock((picture.height - height) / 2)
  const border = Math.min(left, top, Math.max(2, alignToBlock(margin)))
  const frame = { left: left - border, top: top - border }
  fill(picture, { ...frame, width: width + 2 * border, height: height + 2 * border }, panelColor)
  drawLines(picture, layout, { left, top: top + scale })
}

// Small pictures have no room to give away.
const alignToBlock = (place: number): number =>
  place > 16 ? Math.floor(place / 8) * 8 : Math.floor(place)

const drawLines = (picture: Picture, layout: Layout, from: { left: number; top: number }): void => {
  const { scale, lines, labelLines } = layout
  lines.forEach((line, index) => {
    const shade = index < labelLines ? labelColor : textColor
    const top = from.top + index * cell.height * scale
    Array.from(line).forEach((character, column) => {
      const left = from.left + column * cell.width * scale
      drawGlyph(picture, character, { left, top, width: scale, height: scale }, shade)
    })
  })
}

const drawGlyph = (picture: Picture, character: string, dot: Area, shade: number): void => {
  glyphRows(character).forEach((bits, row) => {
    const top = dot.top + row * dot.height
    for (let column = 0; column < 5; column++) {
      if ((bits & (16 >> column)) === 0) continue
      fill(picture, { ...dot, left: dot.left + column * dot.width, top }, shade)
    }
  })
}

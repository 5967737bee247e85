// Pictures and sounds in a chat reply.

import { gather, toBase64 } from '#core/bytes'
import type { ChatRequest, FilePart } from '#core/chat'
import { digits } from '../chance.ts'
import { drawImage } from '../media/image.ts'
import { contentTypes, synthesize, type SoundFormat } from '../media/sound.ts'
import { speechSeconds } from '../media/speech.ts'

/** A picture of the asked shape: about a square of 1024 pixels, or of the size that is named. */
export async function drawn(
  request: ChatRequest,
  prompt: string,
  { seed, shape = shapeOf }: { seed: number; shape?: ImageShape },
): Promise<FilePart> {
  const { width, height } = shape(request.image ?? {})
  const bytes = await drawImage({ prompt, width, height, format: 'png', seed })
  return { type: 'file', mediaType: 'image/png', source: { base64: toBase64(bytes) } }
}

// The sizes of https://ai.google.dev/gemini-api/docs/image-generation for its aspect ratios.
const shapes: { [ratio: string]: readonly [width: number, height: number] | undefined } = {
  '1:1': [1024, 1024],
  '3:2': [1248, 832],
  '4:3': [1184, 864],
  '5:4': [1152, 896],
  '16:9': [1344, 768],
  '21:9': [1536, 672],
}

/** The pixels a vendor makes of what was asked. */
export type ImageShape = (asked: NonNullable<ChatRequest['image']>) => {
  width: number
  height: number
}

function shapeOf({ aspectRatio = '1:1', size = '1K' }: NonNullable<ChatRequest['image']>) {
  const scale = (sides[size.toUpperCase()] ?? 1024) / 1024
  const [across, down] = aspectRatio.split(':')
  const upright = shapes[`${down}:${across}`]
  const [width, height] =
    shapes[aspectRatio] ??
    (upright === undefined ? shapeOfRatio(Number(across), Number(down)) : [upright[1], upright[0]])
  return { width: width * scale, height: height * scale }
}

/** About as many pixels as a square of 1024 has. */
function shapeOfRatio(across: number, down: number): [number, number] {
  const ratio = across > 0 && down > 0 ? Math.min(8, Math.max(1 / 8, across / down)) : 1
  const side = (length: number): number => Math.round((1024 * length) / 32) * 32
  return [side(Math.sqrt(ratio)), side(1 / Math.sqrt(ratio))]
}

const sides: { [size: string]: number | undefined } = {
  '512': 512,
  '1K': 1024,
  '2K': 2048,
  '4K': 2048,
}

/** How long a vendor keeps a sound for later turns, in seconds. */
const kept = 3600

export interface Spoken {
  text: string
  /** Milliseconds since the epoch. */
  now: number
  /** The vendor's media type for a format, where it is not the usual one. */
  mediaType?: (format: string) => string
}

/** The text, spoken in the asked format. */
export async function spoken(
  request: ChatRequest,
  { text, now, mediaType }: Spoken,
): Promise<FilePart> {
  const asked = request.audio?.format ?? 'wav'
  const format = soundFormats[asked] ?? 'wav'
  const sound = synthesize({ text, seconds: speechSeconds(text), format })
  return {
    type: 'file',
    mediaType: mediaType?.(asked) ?? contentTypes[format],
    source: { base64: toBase64(await gather(sound)) },
    transcript: text,
    id: digits(`sound ${text}`, 24),
    expiresAt: Math.floor(now / 1000) + kept,
  }
}

const soundFormats: { [format: string]: SoundFormat | undefined } = {
  mp3: 'mp3',
  wav: 'wav',
  flac: 'flac',
  opus: 'opus',
  aac: 'aac',
  pcm: 'pcm',
  pcm16: 'pcm',
}

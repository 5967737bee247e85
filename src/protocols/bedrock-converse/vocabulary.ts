// The words this protocol and the hub have for the same things: one table each, used in both directions.
// Names and values: @aws-sdk/client-bedrock-runtime 3.1164 (`models_0.d.ts`, `enums.d.ts`).

import type { Finish } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'

/** The id of the protocol, under which parts keep what only it can say. */
export const id = 'bedrock-converse'

/** `StopReason` of the SDK. */
const reasons = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  guardrail_intervened: 'content-filter',
  content_filtered: 'content-filter',
  malformed_model_output: 'other',
  malformed_tool_use: 'other',
} as const satisfies Record<string, Finish['reason']>

const isReason = (word: string): word is keyof typeof reasons => Object.hasOwn(reasons, word)

export const decodeFinish = (reason: unknown): Finish =>
  typeof reason === 'string'
    ? { reason: isReason(reason) ? reasons[reason] : 'other', raw: reason }
    : { reason: 'other' }

const words = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'content_filtered',
  other: 'end_turn',
} as const satisfies Record<Finish['reason'], keyof typeof reasons>

/** The vendor's own word where it came from here, else the nearest one. */
export function encodeFinish({ reason, raw, sequence }: Finish): string {
  if (raw !== undefined && isReason(raw) && reasons[raw] === reason) return raw
  return reason === 'stop' && sequence !== undefined ? 'stop_sequence' : words[reason]
}

/** Formats of files by the block they come in, each with its media type; the first of a type is written. */
const formats = {
  image: { png: 'image/png', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' },
  document: {
    pdf: 'application/pdf',
    txt: 'text/plain',
    md: 'text/markdown',
    csv: 'text/csv',
    html: 'text/html',
    doc: 'application/msword',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    xls: 'application/vnd.ms-excel',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  video: {
    mp4: 'video/mp4',
    mov: 'video/quicktime',
    mkv: 'video/x-matroska',
    webm: 'video/webm',
    flv: 'video/x-flv',
    mpeg: 'video/mpeg',
    wmv: 'video/x-ms-wmv',
    three_gp: 'video/3gpp',
    mpg: 'video/mpeg',
  },
  audio: {
    wav: 'audio/wav',
    mp3: 'audio/mpeg',
    flac: 'audio/flac',
    ogg: 'audio/ogg',
    opus: 'audio/opus',
    aac: 'audio/aac',
    m4a: 'audio/mp4',
    webm: 'audio/webm',
    pcm: 'audio/pcm',
    mp4: 'audio/mp4',
    mka: 'audio/x-matroska',
    mkv: 'audio/x-matroska',
    mpeg: 'audio/mpeg',
    mpga: 'audio/mpeg',
    'x-aac': 'audio/aac',
  },
} as const satisfies Record<string, Record<string, string>>

export type FileKind = keyof typeof formats
export const isFileKind = (key: string): key is FileKind => Object.hasOwn(formats, key)

export const mediaTypeOf = (kind: FileKind, format: string): string | undefined =>
  Object.entries(formats[kind]).find(([name]) => name === format)?.[1]

export const formatOf = (kind: FileKind, mediaType: string): string | undefined =>
  Object.entries(formats[kind]).find(([, type]) => type === mediaType)?.[0]

/** What a part has to say in this protocol only. */
export const own = (extra: { [protocol: string]: JsonObject } | undefined): JsonObject =>
  extra?.[id] ?? {}

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

export const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** The fields that have a value and are not among the known ones. */
export const others = (value: JsonObject, known: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) => item !== null && item !== undefined && !known.includes(key),
    ),
  )

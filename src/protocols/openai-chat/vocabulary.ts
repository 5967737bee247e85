// The words this protocol and the hub have for the same things: one table each, used in both directions.

import type { CacheMark, Effort, Finish } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'

/** The id of the protocol, under which parts keep what only it can say. */
export const id = 'openai-chat'

/** Fields of the hub that have another name in a request body; read backwards, the last of two wins. */
export const names = {
  system: 'messages',
  messages: 'messages',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  maxOutputTokens: 'max_completion_tokens',
  topP: 'top_p',
  topK: 'top_k',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  candidates: 'n',
  reasoning: 'reasoning_effort',
  'reasoning.effort': 'reasoning_effort',
  output: 'response_format',
  'output.description': 'response_format.json_schema.description',
  image: 'image_config',
  serviceTier: 'service_tier',
  cacheKey: 'prompt_cache_key',
  cache: 'prompt_cache_breakpoint',
  '.cache': '.prompt_cache_breakpoint',
} as const

/** `finish_reason`: the SDK's five words, then words of compatible hosts, which are read and not written. */
const reasons = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
  function_call: 'tool-calls',
  eos: 'stop',
  model_length: 'length',
} as const satisfies Record<string, Finish['reason']>

const isReason = (word: string): word is keyof typeof reasons => Object.hasOwn(reasons, word)

export const decodeFinish = (word: string): Finish => ({
  reason: isReason(word) ? reasons[word] : 'other',
  raw: word,
})

/** SDKs type the field as a closed set, so what it lacks is `stop`. */
export const finishWords = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
} as const satisfies Record<Finish['reason'], string>

/** `input_audio.format`: `wav` and `mp3` are OpenAI's, the others are taken by compatible hosts. */
const audioFormats: Record<string, string | undefined> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/opus',
  m4a: 'audio/mp4',
  pcm16: 'audio/pcm',
}

/** Other names of the same media types. */
const audioSynonyms: Record<string, string | undefined> = {
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mp3': 'mp3',
  'audio/l16': 'pcm16',
}

export const audioMediaType = (format: string): string => audioFormats[format] ?? `audio/${format}`

export function audioFormat(mediaType: string): string {
  const [essence = mediaType] = mediaType.split(';')
  const [format] = Object.entries(audioFormats).find(([, type]) => type === essence) ?? []
  return format ?? audioSynonyms[essence] ?? essence.slice(essence.indexOf('/') + 1)
}

/** What base64 of a sound begins with; the protocol names no type for the sounds of a reply. */
const soundBeginnings = [
  ['UklGR', 'audio/wav'],
  ['SUQz', 'audio/mpeg'],
  ['ZkxhQ', 'audio/flac'],
  ['T2dnU', 'audio/ogg'],
] as const

export const soundType = (base64: string): string =>
  soundBeginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? 'audio/*'

/** Media types of documents by the end of their file name, for `file_data` that does not say its own. */
const documentTypes: Record<string, string | undefined> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

export const documentType = (name: string | undefined): string | undefined =>
  name === undefined
    ? undefined
    : documentTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()]

/** A name for a file without one: `file_data` is only taken together with a `filename`. */
export function fileName(mediaType: string): string {
  const [ending = 'bin'] =
    Object.entries(documentTypes).find(([, type]) => type === mediaType) ?? []
  return `file.${ending}`
}

/** `prompt_cache_breakpoint.ttl` is 30 minutes or 12 hours. */
export const cacheTtls = {
  '5m': '30m',
  '30m': '30m',
  '1h': '30m',
  '12h': '12h',
} as const satisfies Record<Exclude<CacheMark['ttl'], undefined>, '30m' | '12h'>

/** What an effort is worth in tokens where models think by a budget; after Google's table for this protocol. */
const effortBudgets = { none: 0, low: 1024, medium: 8192, high: 24_576 } as const satisfies Partial<
  Record<Effort, number>
>

/** The effort nearest to a budget, and whether it says exactly the same. */
export function effortOfBudget(tokens: number): { effort: Effort; exact: boolean } {
  const { none, low, medium } = effortBudgets
  const effort =
    tokens <= none ? 'none' : tokens <= 4 * low ? 'low' : tokens <= 2 * medium ? 'medium' : 'high'
  return { effort, exact: effortBudgets[effort] === tokens }
}

/** `format` of `reasoning_details`, by the protocol a proof belongs to (OpenRouter's documented names). */
const detailFormats: Record<string, string | undefined> = {
  'anthropic-messages': 'anthropic-claude-v1',
  'openai-responses': 'openai-responses-v1',
  gemini: 'google-gemini-v1',
}

export const detailFormat = (protocol: string): string => detailFormats[protocol] ?? protocol

export const formatProtocol = (format: string): string => keyOf(detailFormats, format) ?? format

/** Keys of `extra_content`, by protocol; Google's documentation has `google` for its thought signatures. */
const extraKeys: Record<string, string | undefined> = { gemini: 'google' }

export const extraKey = (protocol: string): string => extraKeys[protocol] ?? protocol

export const extraProtocol = (key: string): string => keyOf(extraKeys, key) ?? key

const keyOf = (table: Record<string, string | undefined>, value: string): string | undefined =>
  Object.keys(table).find((key) => table[key] === value)

// ---- loose reading of what providers send

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

export const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined

export const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** The fields that have a value and are not among the known ones. */
export const others = (value: JsonObject, known: ReadonlySet<string>): JsonObject =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) => item !== null && item !== undefined && !known.has(key),
    ),
  )

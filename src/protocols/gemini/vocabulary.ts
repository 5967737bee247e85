// Words of the Gemini API and what they mean here: one table for each vocabulary, read in both directions.
// Source: the type definitions of @google/genai 3.3 and https://ai.google.dev/api/generate-content.

import type { Effort, Finish } from '#core/chat'
import { isObject, type JsonObject } from '#core/json'
import type { Model } from '#core/provider'
import type { Reader } from '#core/reader'

export const protocolId = 'gemini'

const config = 'generationConfig'
const thinking = `${config}.thinkingConfig`

/** Fields of the hub that have another name in a request body. */
export const names = {
  system: 'systemInstruction',
  messages: 'contents',
  '.content': '.parts',
  '.signature': '.thoughtSignature',
  toolChoice: 'toolConfig.functionCallingConfig',
  maxOutputTokens: `${config}.maxOutputTokens`,
  temperature: `${config}.temperature`,
  topP: `${config}.topP`,
  topK: `${config}.topK`,
  stop: `${config}.stopSequences`,
  seed: `${config}.seed`,
  presencePenalty: `${config}.presencePenalty`,
  frequencyPenalty: `${config}.frequencyPenalty`,
  candidates: `${config}.candidateCount`,
  reasoning: thinking,
  'reasoning.effort': `${thinking}.thinkingLevel`,
  'reasoning.budgetTokens': `${thinking}.thinkingBudget`,
  'reasoning.visible': `${thinking}.includeThoughts`,
  output: `${config}.responseMimeType`,
  modalities: `${config}.responseModalities`,
  audio: `${config}.speechConfig`,
  image: `${config}.imageConfig`,
  metadata: 'labels',
} as const

/** Why a candidate ended. A `STOP` after function calls means the calls; see `finishOf`. */
const finishWords: Record<string, Finish['reason'] | undefined> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  // The limit of one request was reached; the same request may be sent again with the token given.
  CONTINUATION: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  LANGUAGE: 'other',
  OTHER: 'other',
  MALFORMED_FUNCTION_CALL: 'other',
  IMAGE_OTHER: 'other',
  NO_IMAGE: 'other',
  UNEXPECTED_TOOL_CALL: 'other',
  TOO_MANY_TOOL_CALLS: 'other',
  MISSING_THOUGHT_SIGNATURE: 'other',
  MALFORMED_RESPONSE: 'other',
}

const reasonWords = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  other: 'OTHER',
} as const satisfies Record<Finish['reason'], string>

/** What a `finishReason` means; the API reports `STOP` when the model waits for tools. */
export function finishOf(word: string, hasCalls: boolean): Finish {
  const reason = finishWords[word] ?? 'other'
  return { reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason, raw: word }
}

/** The `finishReason` of an answer: the vendor's own word where it was one. */
export const finishWord = (finish: Finish): string =>
  finish.raw !== undefined && finishWords[finish.raw] !== undefined
    ? finish.raw
    : reasonWords[finish.reason]

/** `thinkingLevel`, from the least. */
export const thinkingLevels = {
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'XHIGH',
} as const satisfies Partial<Record<Effort, string>>

/** Thinking tokens for each effort, as https://ai.google.dev/gemini-api/docs/openai maps them. */
export const effortBudgets = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
} as const satisfies Record<Effort, number>

/** `serviceTier`; other words pass as they are. */
export const serviceTiers = { default: 'standard', flex: 'flex', priority: 'priority' } as const

/** The key on the left for a value on the right. */
export const keyOf = <K extends string>(
  table: { readonly [key in K]: string },
  value: string,
): K | undefined => keysOf(table).find((key) => table[key] === value)

const keysOf = <K extends string>(table: { readonly [key in K]: string }): K[] =>
  Object.keys(table).filter((key): key is K => key in table)

/**
 * Google's documented stand-ins for a signature nobody has, for histories that other models wrote
 * (https://ai.google.dev/gemini-api/docs/thought-signatures). They are no signatures.
 */
export const dummySignature = 'skip_thought_signature_validator'
const dummySignatures = [dummySignature, 'context_engineering_is_the_way_to_go']
export const isDummySignature = (value: string): boolean => dummySignatures.includes(value)

/** Base64 of the URL alphabet, as Google's client for Python writes it, in the standard one. */
export const standardBase64 = (text: string): string =>
  text.includes('-') || text.includes('_') ? text.replaceAll('-', '+').replaceAll('_', '/') : text

/**
 * The generation in a model's name: 2.5 in `gemini-2.5-flash`. A name without one (`gemini-pro-latest`,
 * a tuned model) is taken for the newest.
 */
const generationOf = (model: Model): number => {
  const match = /^[a-z]+-(\d+(?:\.\d+)?)(?:-|$)/.exec(model.id)
  return match === null ? Infinity : Number(match[1])
}

/** Since Gemini 3 a function call of the current turn must carry a thought signature. */
export const wantsSignatures = (model: Model): boolean => generationOf(model) >= 3
/** Since Gemini 3 a function response may hold media. */
export const takesResponseMedia = (model: Model): boolean => generationOf(model) >= 3
/** Since Gemini 3 functions and a response schema go together. */
export const mixesToolsAndJson = (model: Model): boolean => generationOf(model) >= 3
/** Since Gemini 2.5 schemas may be JSON Schema; before, the OpenAPI subset (see `schema.ts`). */
export const takesJsonSchema = (model: Model): boolean => generationOf(model) >= 2.5

/** Ids made here for calls the wire gave none; they are not sent back. */
const madeIdPrefix = 'unnamed_call_'
export const makeCallId = (number: number, reply = ''): string =>
  madeIdPrefix + (reply === '' ? '' : `${reply}_`) + number
export const isMadeCallId = (id: string): boolean => id.startsWith(madeIdPrefix)

/** The name under which a field was sent: the API reads `fileUri` and `file_uri` alike. */
export function spelled(reader: Reader, name: string): string {
  if (reader.has(name)) return name
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return reader.has(snake) ? snake : name
}

/** One of the API's upper-case words, in any case: its own examples write `any`, `low` and `Image`. */
export function maybeWord<const T extends string>(
  reader: Reader,
  key: string,
  words: readonly T[],
): T | undefined {
  const written = reader.maybeString(key)?.toUpperCase()
  if (written === undefined) return undefined
  return words.find((word) => word === written) ?? reader.fail(key, `one of ${words.join(', ')}`)
}

/** The API's JSON reader takes a single object where a list of objects belongs. */
export function listOrOne<T>(
  reader: Reader,
  name: string,
  item: (reader: Reader, index: number) => T,
): T[] | undefined {
  const key = spelled(reader, name)
  const value = reader.json(key)
  return isObject(value) ? [item(reader.object(key), 0)] : reader.maybeList(key, item)
}

/** Absent, `null`, `[]` and `{}` mean the same; clients send the last two out of habit. */
export function skipEmpty(reader: Reader): void {
  for (const [key, value] of Object.entries(reader.rest)) if (isEmpty(value)) reader.skip(key)
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

/** What is left of an object, marked as read. */
export function takeRest(reader: Reader): JsonObject {
  const { rest } = reader
  reader.skip(...Object.keys(rest))
  return rest
}

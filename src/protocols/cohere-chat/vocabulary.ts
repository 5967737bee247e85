// The words this protocol and the hub have for the same things: one table each, used in both directions.
// Names and values: the serialization of cohere-ai 8.1.0.

import type { Effort, Finish } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'

/** The id of the protocol, under which parts keep what only it can say. */
export const id = 'cohere-chat'

/** `ChatFinishReason` of the SDK, but for `ERROR` and `TIMEOUT`, which are failures. */
const reasons = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool-calls',
} as const satisfies Record<string, Finish['reason']>

const isReason = (word: string): word is keyof typeof reasons => Object.hasOwn(reasons, word)

export const decodeFinish = (reason: unknown): Finish =>
  typeof reason === 'string'
    ? { reason: isReason(reason) ? reasons[reason] : 'other', raw: reason }
    : { reason: 'other' }

const words = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  'tool-calls': 'TOOL_CALL',
  'content-filter': 'COMPLETE',
  other: 'COMPLETE',
} as const satisfies Record<Finish['reason'], keyof typeof reasons>

/** The vendor's own word where it came from here, else the nearest one. */
export function encodeFinish({ reason, raw, sequence }: Finish): string {
  if (raw !== undefined && isReason(raw) && reasons[raw] === reason) return raw
  return reason === 'stop' && sequence !== undefined ? 'STOP_SEQUENCE' : words[reason]
}

/** What an effort is worth in tokens: `thinking` is steered by a budget only. */
export const effortBudgets = {
  minimal: 512,
  low: 1024,
  medium: 4096,
  high: 12_000,
  xhigh: 20_000,
  max: 31_000,
} as const satisfies Record<Exclude<Effort, 'none'>, number>

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

export const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** What a reply has to say in this protocol only. */
export const own = (extra: { [protocol: string]: JsonObject } | undefined): JsonObject =>
  extra?.[id] ?? {}

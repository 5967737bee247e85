// The words this protocol and the hub have for the same things: one table each, used in both directions.

import type { CacheMark, Effort, Finish } from '#core/chat'
import type { JsonObject } from '#core/json'

/** The id of the protocol, under which parts keep what only it can say. */
export const id = 'anthropic-messages'

/** Fields of the hub that have another name in a request body. */
export const names = {
  toolChoice: 'tool_choice',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  maxOutputTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop_sequences',
  reasoning: 'thinking',
  'reasoning.effort': 'output_config.effort',
  'reasoning.budgetTokens': 'thinking.budget_tokens',
  'reasoning.visible': 'thinking.display',
  output: 'output_config.format',
  serviceTier: 'service_tier',
  user: 'metadata.user_id',
  cache: 'cache_control',
  '.cache': '.cache_control',
  '.isError': '.is_error',
} as const

/** `StopReason` of the SDK; `compaction` is beta. `pause_turn` wants the turn to be sent again. */
const reasons = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  pause_turn: 'other',
  compaction: 'other',
} as const satisfies Record<string, Finish['reason']>

const isReason = (word: string): word is keyof typeof reasons => Object.hasOwn(reasons, word)

export function decodeFinish(reason: unknown, sequence: unknown): Finish {
  if (typeof reason !== 'string') return { reason: 'other' }
  const finish: Finish = { reason: isReason(reason) ? reasons[reason] : 'other', raw: reason }
  return typeof sequence === 'string' ? { ...finish, sequence } : finish
}

/** The vendor's own word where it came from here, else the nearest one. */
export function encodeFinish(finish: Finish): string {
  const { raw } = finish
  if (raw !== undefined && isReason(raw) && reasons[raw] === finish.reason) return raw
  switch (finish.reason) {
    case 'stop':
      return finish.sequence === undefined ? 'end_turn' : 'stop_sequence'
    case 'length':
      return 'max_tokens'
    case 'tool-calls':
      return 'tool_use'
    case 'content-filter':
      return 'refusal'
    case 'other':
      return 'end_turn'
    default:
      return finish.reason satisfies never
  }
}

/** `output_config.effort` has no `none` (thinking is switched off instead) and no `minimal`. */
export const wireEfforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const
export type WireEffort = (typeof wireEfforts)[number]

export const effortWords = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
} as const satisfies Record<Effort, WireEffort>

/** What an effort is worth in tokens, for models that are steered by a budget; ascending. */
export const effortBudgets = {
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
} as const satisfies Record<WireEffort, number>

/** The effort whose budget is nearest. */
export const effortOfBudget = (tokens: number): WireEffort =>
  wireEfforts.find((effort) => tokens <= effortBudgets[effort]) ?? 'max'

/** Cache entries live five minutes or an hour here; longer wishes get the hour. */
export const cacheTtls = {
  '5m': '5m',
  '30m': '1h',
  '1h': '1h',
  '12h': '1h',
} as const satisfies Record<Exclude<CacheMark['ttl'], undefined>, '5m' | '1h'>

/** What a part has to say in this protocol only. */
export const own = (extra: { [protocol: string]: JsonObject } | undefined): JsonObject =>
  extra?.[id] ?? {}

/** As `extra` of a part or a reply; `undefined` when there is nothing. */
export const owned = (fields: JsonObject): { [protocol: string]: JsonObject } | undefined =>
  Object.keys(fields).length === 0 ? undefined : { [id]: fields }

/** The fields that have a value and are not among the known ones. */
export const others = (value: JsonObject, known: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) => item !== null && item !== undefined && !known.includes(key),
    ),
  )

import type { Usage as WireUsage } from '@anthropic-ai/sdk/resources/messages'
import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { others } from './vocabulary.ts'

export interface UsageRead {
  usage: Usage
  serviceTier?: string
  /** What the hub has no place for: `cache_creation`, `server_tool_use`, `speed` ... */
  rest: JsonObject
}

const known = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens_details',
  'service_tier',
] as const satisfies (keyof WireUsage)[]

/** Anthropic counts cached input apart from `input_tokens`; ours are totals. */
export function decodeUsage(wire: Json | undefined): UsageRead {
  const said = isObject(wire) ? wire : {}
  const read = count(said['cache_read_input_tokens'])
  const written = count(said['cache_creation_input_tokens'])
  const details = said['output_tokens_details']
  const usage: Usage = defined({
    inputTokens: (count(said['input_tokens']) ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: count(said['output_tokens']) ?? 0,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: isObject(details) ? count(details['thinking_tokens']) : undefined,
  })
  const { service_tier: tier, cache_creation: creation = null } = said
  const rest = others({ ...said, cache_creation: saysNothing(creation) ? null : creation }, known)
  const isUsual = typeof tier !== 'string' || tier === usualTier
  return isUsual ? { usage, rest } : { usage, serviceTier: tier, rest }
}

/** Whether nothing was written, which the encoder says by itself. */
const saysNothing = (creation: Json): boolean =>
  isObject(creation) && Object.values(creation).every((tokens) => tokens === 0)

/** The tier of whoever asked for none. */
const usualTier = 'standard' satisfies WireUsage['service_tier']

/** The word for a tier of the hub; `default` is OpenAI's for the usual one. */
export const tierOf = (serviceTier: string | undefined): string =>
  serviceTier === undefined || serviceTier === 'default' ? usualTier : serviceTier

/** How long entries are kept that nobody wrote. */
const noneWritten = {
  ephemeral_5m_input_tokens: 0,
  ephemeral_1h_input_tokens: 0,
} satisfies WireUsage['cache_creation']

/**
 * Every field the vendor has, `null` where it says nothing. Of the cache it always speaks, in zeros if
 * need be, and clients add the numbers.
 */
export const encodeUsage = (
  usage: Usage,
  serviceTier: string | undefined,
  rest: JsonObject,
): JsonObject => ({
  cache_creation: (usage.cacheWriteTokens ?? 0) === 0 ? noneWritten : null,
  inference_geo: null,
  speed: null,
  service_tier: tierOf(serviceTier),
  ...encodeCounts(usage, rest),
})

/** `MessageDeltaUsage`: what the last part of a stream repeats, cumulative. */
export const encodeCounts = (usage: Usage, rest: JsonObject): JsonObject => ({
  server_tool_use: null,
  ...rest,
  input_tokens: Math.max(
    0,
    usage.inputTokens - (usage.cacheReadTokens ?? 0) - (usage.cacheWriteTokens ?? 0),
  ),
  cache_creation_input_tokens: usage.cacheWriteTokens ?? 0,
  cache_read_input_tokens: usage.cacheReadTokens ?? 0,
  output_tokens: usage.outputTokens,
  output_tokens_details:
    usage.reasoningTokens === undefined ? null : { thinking_tokens: usage.reasoningTokens },
})

/** A later report over an earlier one: what it does not say stays. */
export const mergeUsage = (earlier: JsonObject, later: Json | undefined): JsonObject =>
  isObject(later) ? { ...earlier, ...others(later, []) } : earlier

const count = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

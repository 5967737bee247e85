import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'

/** Cached input is counted apart from `inputTokens`; ours are totals (`TokenUsage` of the SDK). */
export function decodeUsage(wire: Json | undefined): Usage {
  const said = isObject(wire) ? wire : {}
  const read = count(said['cacheReadInputTokens'])
  const written = count(said['cacheWriteInputTokens'])
  return defined({
    inputTokens: (count(said['inputTokens']) ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: count(said['outputTokens']) ?? 0,
    cacheReadTokens: read,
    cacheWriteTokens: written,
  })
}

export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
  return defined({
    inputTokens: inputTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0),
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: cacheWriteTokens,
  })
}

const count = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

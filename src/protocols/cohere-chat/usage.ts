import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'

/** `tokens` is what was read and written, `billed_units` what of it is paid for. */
export function decodeUsage(wire: Json | undefined): Usage {
  const said = isObject(wire) ? wire : {}
  const counts = isObject(said['tokens']) ? said['tokens'] : billedUnits(wire)
  return defined({
    inputTokens: count(counts?.['input_tokens']) ?? 0,
    outputTokens: count(counts?.['output_tokens']) ?? 0,
    cacheReadTokens: count(said['cached_tokens']),
  })
}

export const billedUnits = (wire: Json | undefined): JsonObject | undefined =>
  isObject(wire) && isObject(wire['billed_units']) ? wire['billed_units'] : undefined

export function encodeUsage(usage: Usage, billed: Json | undefined): JsonObject {
  const tokens = { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens }
  return defined({
    billed_units: billed ?? tokens,
    tokens,
    cached_tokens: usage.cacheReadTokens,
  })
}

const count = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

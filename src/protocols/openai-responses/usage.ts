// Token counts (`ResponseUsage` of the SDK), both ways: totals include their subsets here as in the hub.

import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { number } from '../openai-chat/vocabulary.ts'

export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isObject(value)) return undefined
  const input = details(value['input_tokens_details'])
  const output = details(value['output_tokens_details'])
  return defined({
    inputTokens: number(value['input_tokens']) ?? 0,
    outputTokens: number(value['output_tokens']) ?? 0,
    cacheReadTokens: number(input['cached_tokens']),
    cacheWriteTokens: number(input['cache_write_tokens']),
    reasoningTokens: number(output['reasoning_tokens']),
  })
}

const details = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** Counts that the vendor always gives are 0 where they are not known. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: {
    cached_tokens: usage.cacheReadTokens ?? 0,
    cache_write_tokens: usage.cacheWriteTokens ?? 0,
  },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
})

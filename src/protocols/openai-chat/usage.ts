// Token counts (`CompletionUsage` of the SDK), both ways: totals include their subsets here as in the hub.

import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { number } from './vocabulary.ts'

export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isObject(value)) return undefined
  const input = details(value['prompt_tokens_details'])
  const output = details(value['completion_tokens_details'])
  const inputTokens = number(value['prompt_tokens']) ?? 0
  const completion = number(value['completion_tokens']) ?? 0
  const total = number(value['total_tokens']) ?? 0
  return defined({
    inputTokens,
    // Some hosts leave reasoning out of completion_tokens and count it in the total only.
    outputTokens: Math.max(completion, total - inputTokens),
    cacheReadTokens: number(input['cached_tokens']) ?? number(value['prompt_cache_hit_tokens']),
    cacheWriteTokens: number(input['cache_write_tokens']),
    inputAudioTokens: number(input['audio_tokens']),
    reasoningTokens: number(output['reasoning_tokens']),
    outputAudioTokens: number(output['audio_tokens']),
    outputImageTokens: number(output['image_tokens']),
  })
}

/** The usage of a chunk, wherever hosts put it: beside the choices, under `x_groq`, or in a choice. */
export function chunkUsage(chunk: JsonObject): Usage | undefined {
  const own = decodeUsage(chunk['usage'])
  if (own !== undefined) return own
  const groq = chunk['x_groq']
  const nested = isObject(groq) ? decodeUsage(groq['usage']) : undefined
  if (nested !== undefined) return nested
  const choices = chunk['choices']
  const choice = Array.isArray(choices) ? choices[0] : undefined
  return isObject(choice) ? decodeUsage(choice['usage']) : undefined
}

const details = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** Counts that the vendor always gives are 0 where they are not known. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  prompt_tokens_details: defined({
    cached_tokens: usage.cacheReadTokens ?? 0,
    cache_write_tokens: usage.cacheWriteTokens,
    audio_tokens: usage.inputAudioTokens ?? 0,
  }),
  completion_tokens_details: defined({
    reasoning_tokens: usage.reasoningTokens ?? 0,
    audio_tokens: usage.outputAudioTokens ?? 0,
    image_tokens: usage.outputImageTokens,
    // Of predicted outputs, which the hub does not ask for.
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  }),
})

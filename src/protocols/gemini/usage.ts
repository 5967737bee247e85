// `usageMetadata` in both directions. Ours are totals that include their subsets.

import type { Usage } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'

const count = (meta: JsonObject, key: string): number | undefined => {
  const value = meta[key]
  return typeof value === 'number' ? value : undefined
}

/**
 * `promptTokenCount` holds the cached tokens but not those of tool results that the server fed back;
 * `candidatesTokenCount` excludes thoughts. `totalTokenCount` is the sum of all four.
 */
export const readUsage = (meta: JsonObject): Usage =>
  defined({
    inputTokens:
      (count(meta, 'promptTokenCount') ?? 0) + (count(meta, 'toolUsePromptTokenCount') ?? 0),
    outputTokens:
      (count(meta, 'candidatesTokenCount') ?? 0) + (count(meta, 'thoughtsTokenCount') ?? 0),
    cacheReadTokens: count(meta, 'cachedContentTokenCount'),
    reasoningTokens: count(meta, 'thoughtsTokenCount'),
    inputAudioTokens: ofModality(meta['promptTokensDetails'], 'AUDIO'),
    outputAudioTokens: ofModality(meta['candidatesTokensDetails'], 'AUDIO'),
    outputImageTokens: ofModality(meta['candidatesTokensDetails'], 'IMAGE'),
  })

/** Tokens of one modality in a list of `{ modality, tokenCount }`. */
function ofModality(details: Json | undefined, modality: string): number | undefined {
  if (!Array.isArray(details)) return undefined
  const detail = details.find((entry) => isObject(entry) && entry['modality'] === modality)
  return isObject(detail) ? count(detail, 'tokenCount') : undefined
}

export function writeUsage(usage: Usage): JsonObject {
  const thoughts = usage.reasoningTokens
  const produced = usage.outputTokens - (thoughts ?? 0)
  return defined({
    promptTokenCount: usage.inputTokens,
    cachedContentTokenCount: usage.cacheReadTokens,
    candidatesTokenCount: produced,
    thoughtsTokenCount: thoughts,
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    promptTokensDetails: details(usage.inputTokens, { AUDIO: usage.inputAudioTokens }),
    candidatesTokensDetails: details(produced, {
      IMAGE: usage.outputImageTokens,
      AUDIO: usage.outputAudioTokens,
    }),
  })
}

/** The given modalities, and text for the rest; `undefined` when only text is known. */
function details(
  total: number,
  modalities: Record<string, number | undefined>,
): JsonObject[] | undefined {
  const known = Object.entries(modalities).flatMap(([modality, tokenCount]) =>
    tokenCount === undefined ? [] : [{ modality, tokenCount }],
  )
  if (known.length === 0) return undefined
  const text = total - known.reduce((sum, detail) => sum + detail.tokenCount, 0)
  return text > 0 ? [{ modality: 'TEXT', tokenCount: text }, ...known] : known
}

/** The fields that writing the usage again would not bring back. */
export function unwrittenUsage(meta: JsonObject): JsonObject {
  const written = writeUsage(readUsage(meta))
  return Object.fromEntries(
    Object.entries(meta).filter(
      ([key, value]) => JSON.stringify(written[key]) !== JSON.stringify(value),
    ),
  )
}

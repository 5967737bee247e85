// The catalogue. Ids: @google/genai 3.3 and @ai-sdk/google 4.0.121; ends: ai.google.dev/gemini-api/docs/deprecations.

import type { Model } from '#kit'
import { chatModels } from './models-chat.ts'
import { mediaModels } from './models-media.ts'
import { retiredModels } from './models-retired.ts'

export const models: readonly Model[] = [...chatModels, ...mediaModels, ...retiredModels]

/** What an id that the catalogue does not list is, by the vendor's habit of naming. */
export function resolve(id: string): Model | undefined {
  const family = families.find(({ pattern }) => pattern.test(id))
  const like = models.find((model) => model.id === family?.like)
  if (like === undefined) return undefined
  const { price: _, shutdown: __, name: ___, aliases: ____, ...model } = like
  return { ...model, id }
}

const families = [
  { pattern: /^gemini-[\w.-]*-tts/, like: 'gemini-3.8-flash-tts' },
  { pattern: /^gemini-[\w.-]*(image|banana)/, like: 'gemini-3.1-flash-image' },
  { pattern: /^gemini-[\w.-]*transcribe$/, like: 'gemini-3.5-transcribe' },
  { pattern: /^gemini-embedding-/, like: 'gemini-embedding-2' },
  { pattern: /^gemini-2\.5-/, like: 'gemini-2.5-flash' },
  { pattern: /^(gemini|gemma|learnlm)-/, like: 'gemini-3.8-flash' },
]

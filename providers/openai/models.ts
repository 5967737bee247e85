// The catalogue. Life and death of the ids: openai 7.57 (`ChatModel`, `ImageModel`, `SpeechModel`, `AudioModel`)
// and developers.openai.com/api/docs/deprecations, November 2026.

import type { Model } from '#kit'
import { chatModels } from './models-chat.ts'
import { mediaModels } from './models-media.ts'
import { retiredModels } from './models-retired.ts'

export const models: readonly Model[] = [...chatModels, ...mediaModels, ...retiredModels]

/** What an id that the catalogue does not list is, by the vendor's habit of naming. */
export function resolve(id: string): Model | undefined {
  const family = families.find(({ pattern }) => pattern.test(id))
  return family === undefined ? undefined : { ...family.like(), id }
}

const template = (id: string) => (): Model => {
  const { price: _, shutdown: __, name: ___, ...model } = modelOf(id)
  return model
}

function modelOf(id: string): Model {
  const model = models.find((candidate) => candidate.id === id)
  if (model === undefined) throw new Error(`The catalogue has no ${id}`)
  return model
}

const families: readonly { pattern: RegExp; like: () => Model }[] = [
  { pattern: /^(gpt-image-|chatgpt-image-)/, like: template('gpt-image-2') },
  { pattern: /^gpt-[\w.-]*transcribe/, like: template('gpt-transcribe') },
  { pattern: /^gpt-[\w.-]*tts/, like: template('gpt-4o-mini-tts') },
  { pattern: /^text-embedding-/, like: template('text-embedding-3-small') },
  { pattern: /^omni-moderation-/, like: template('omni-moderation-latest') },
  { pattern: /^(ft:)?gpt-(3|4)/, like: template('gpt-4.1') },
  { pattern: /^(ft:)?(gpt-|o\d)/, like: template('gpt-6.1-sol') },
]

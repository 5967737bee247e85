import type { Model, Price } from '#kit'

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: '@pydantic/genai-prices 0.1.8, September 2026',
})

const chat = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context: 262_144,
  accepts: ['image', 'pdf'],
  can: ['tools', 'json'],
  rejects: ['topK'],
  ...facts,
})

const reasoner: Partial<Model> = {
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'off'],
}

/** @ai-sdk/mistral 4.0 and docs.mistral.ai/getting-started/models. */
export const models: readonly Model[] = [
  chat('mistral-large-4', { ...reasoner, reasoning: ['effort'] }),
  chat('mistral-large-2512', { aliases: ['mistral-large-latest'], price: tokens(0.5, 0.05, 1.5) }),
  chat('mistral-medium-3-5', {
    ...reasoner,
    aliases: ['mistral-medium-latest'],
    price: tokens(1.5, 0.15, 7.5),
  }),
  chat('mistral-small-2603', {
    ...reasoner,
    aliases: ['mistral-small-latest'],
    price: tokens(0.15, 0.015, 0.6),
  }),
  chat('ministral-14b-2512', { price: tokens(0.2, 0.02, 0.2) }),
  chat('ministral-8b-2512', { price: tokens(0.15, 0.015, 0.15) }),
  chat('ministral-3b-2512', { context: 131_072, price: tokens(0.1, 0.01, 0.1) }),
  chat('codestral-2508', { context: 256_000, accepts: [], price: tokens(0.3, 0.03, 0.9) }),
  chat('voxtral-small-2507', {
    context: 32_768,
    accepts: ['audio'],
    can: ['tools', 'json'],
    price: tokens(0.1, 0.01, 0.4),
  }),
  {
    id: 'mistral-embed',
    does: ['embedding'],
    context: 8192,
    embedding: { dimensions: 1024 },
    price: { input: 0.1, source: tokens(0, 0, 0).source },
  },
  {
    id: 'voxtral-mini-2602',
    does: ['transcription'],
    aliases: ['voxtral-mini-latest'],
    transcription: { formats: ['json', 'text'] },
    price: { second: 0.18 / 3600, source: tokens(0, 0, 0).source },
  },
]

/** The only model with efforts between none and high (@ai-sdk/mistral 4.0). */
export const hasEfforts = (id: string): boolean => id.startsWith('mistral-large-4')

export const resolve = (id: string): Model | undefined =>
  /^(mistral|ministral|codestral|devstral|magistral|open-mistral|zai-|glm-|labs-|ft:)/.test(id)
    ? { id, does: ['chat'], rejects: ['topK'] }
    : undefined

import type { Model, Price } from '#kit'

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: '@pydantic/genai-prices 0.1.8, September 2026',
})

const flash = tokens(0.44, 0.014, 1.32)

const chat = (id: string, price: Price, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context: 1_000_000,
  maxOutput: 384_000,
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'off'],
  rejects: ['topK'],
  price,
  ...facts,
})

/** @ai-sdk/deepseek 3.0 and api-docs.deepseek.com. */
export const models: readonly Model[] = [
  chat('deepseek-v4-pro', tokens(1.32, 0.044, 3.96)),
  chat('deepseek-v4-flash', flash),
  chat('deepseek-v4-flash-vision-exp', flash, { accepts: ['image'] }),
  // The older names of V4 Flash, without and with thinking.
  chat('deepseek-chat', flash, { can: ['tools', 'json'] }),
  chat('deepseek-reasoner', flash, { reasoning: ['effort'] }),
]

export const resolve = (id: string): Model | undefined =>
  id.startsWith('deepseek') ? { id, does: ['chat'], rejects: ['topK'] } : undefined

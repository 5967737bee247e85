// Ids: cohere-ai 8.1.0 and @ai-sdk/cohere 4.0.52. Prices: @pydantic/genai-prices 0.1.8.

import type { Model, Price } from '#kit'

const source = '@pydantic/genai-prices 0.1.8, September 2026'

const price = (input: number, output?: number): Price =>
  output === undefined ? { input, source } : { input, output, source }

const talker = {
  does: ['chat'],
  context: 256_000,
  maxOutput: 8000,
  can: ['tools', 'json', 'system-messages'],
} as const satisfies Partial<Model>

const older = { ...talker, context: 128_000, maxOutput: 4000 } as const satisfies Partial<Model>

const embedding = (id: string, dimensions: number): Model => ({
  id,
  does: ['embedding'],
  context: 512,
  embedding: { dimensions },
})

export const models: readonly Model[] = [
  { id: 'command-a-03-2025', released: '2025-03-13', ...talker, price: price(2.5, 10) },
  {
    id: 'command-a-reasoning-08-2025',
    released: '2025-08-21',
    ...talker,
    maxOutput: 32_000,
    can: ['tools', 'json', 'reasoning', 'system-messages'],
    reasoning: ['budget', 'off'],
  },
  {
    id: 'command-a-vision-07-2025',
    released: '2025-07-31',
    ...older,
    maxOutput: 8000,
    accepts: ['image'],
    can: ['json', 'system-messages'],
  },
  { id: 'command-r7b-12-2024', released: '2024-12-13', ...older, price: price(0.0375, 0.15) },
  { id: 'command-r-08-2024', released: '2024-08-30', ...older, price: price(0.15, 0.6) },
  { id: 'command-r-plus-08-2024', released: '2024-08-30', ...older, price: price(2.5, 10) },
  {
    id: 'embed-v4.0',
    does: ['embedding'],
    context: 128_000,
    embedding: { dimensions: 1536, reducible: true },
    price: price(0.12),
  },
  embedding('embed-english-v3.0', 1024),
  embedding('embed-multilingual-v3.0', 1024),
]

export function resolve(id: string): Model | undefined {
  if (/^embed-[\w.-]+$/.test(id)) return { id, does: ['embedding'] }
  return /^(command|c4ai)-[\w.-]+$/.test(id) ? { id, does: ['chat'] } : undefined
}

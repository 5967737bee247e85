import type { Model, Price } from '#kit'

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: '@pydantic/genai-prices 0.1.8, September 2026',
})

const chat = (name: string, context: number, price: Price, facts: Partial<Model> = {}): Model => ({
  id: `accounts/fireworks/models/${name}`,
  does: ['chat'],
  context,
  can: ['tools', 'json', 'reasoning'],
  rejects: ['topK'],
  price,
  ...facts,
})

/** app.fireworks.ai/models, as priced by genai-prices. */
export const models: readonly Model[] = [
  chat('kimi-k3', 1_040_000, tokens(3, 0.3, 15), { accepts: ['image'] }),
  chat('kimi-k2p7-code', 262_144, tokens(0.95, 0.19, 4)),
  chat('glm-5p2', 1_040_000, tokens(1.4, 0.14, 4.4)),
  chat('deepseek-v4-pro', 1_048_576, tokens(1.74, 0.145, 3.48)),
  chat('deepseek-v4-flash', 1_040_000, tokens(0.14, 0.028, 0.28)),
  chat('minimax-m3', 524_288, tokens(0.3, 0.06, 1.2)),
  chat('qwen3p7-plus', 262_144, tokens(0.4, 0.08, 1.6), { accepts: ['image'] }),
  chat('gpt-oss-120b', 131_072, tokens(0.15, 0.014, 0.6), { reasoning: ['effort'] }),
  chat('gpt-oss-20b', 131_072, tokens(0.07, 0.035, 0.3), { reasoning: ['effort'] }),
  {
    id: 'nomic-ai/nomic-embed-text-v1.5',
    does: ['embedding'],
    context: 8192,
    embedding: { dimensions: 768, reducible: true },
  },
]

/** `accounts/<account>/models/<model>`, deployments and routers. */
export const resolve = (id: string): Model | undefined =>
  id.startsWith('accounts/') ? { id, does: ['chat'] } : undefined

import type { Model, Price } from '#kit'

const tokens = (input: number, output: number): Price => ({
  input,
  output,
  source: '@pydantic/genai-prices 0.1.8 (Together through Hugging Face), September 2026',
})

const chat = (id: string, context: number, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context,
  can: ['tools', 'json', 'reasoning'],
  rejects: ['topK'],
  ...facts,
})

/** together-ai 0.52, @ai-sdk/togetherai 3.0; docs.together.ai/docs/serverless-models. */
export const models: readonly Model[] = [
  chat('openai/gpt-oss-120b', 131_072, { reasoning: ['effort'], price: tokens(0.15, 0.6) }),
  chat('openai/gpt-oss-20b', 131_072, { reasoning: ['effort'], price: tokens(0.05, 0.2) }),
  chat('moonshotai/Kimi-K2.5', 262_144, { accepts: ['image'], price: tokens(0.5, 2.8) }),
  chat('zai-org/GLM-5', 202_752, { price: tokens(1, 3.2) }),
  chat('Qwen/Qwen3.5-397B-A17B', 262_144, { accepts: ['image'], price: tokens(0.6, 3.6) }),
  chat('deepseek-ai/DeepSeek-V4-Flash-0731', 1_000_000),
  chat('meta-llama/Llama-3.3-70B-Instruct-Turbo', 131_072, {
    can: ['tools', 'json'],
    price: { input: 0.88, output: 0.88, source: '@pydantic/genai-prices 0.1.8, September 2026' },
  }),
  { id: 'BAAI/bge-large-en-v1.5', does: ['embedding'], embedding: { dimensions: 1024 } },
  { id: 'BAAI/bge-base-en-v1.5', does: ['embedding'], embedding: { dimensions: 768 } },
]

/** Models are named as on Hugging Face. */
export const resolve = (id: string): Model | undefined =>
  id.includes('/') ? { id, does: ['chat'] } : undefined

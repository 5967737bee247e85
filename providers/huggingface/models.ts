import type { Model } from '#kit'

const chat = (id: string, context: number, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context,
  can: ['tools', 'json', 'reasoning'],
  rejects: ['topK'],
  ...facts,
})

/** huggingface.co/models?inference_provider=all. The provider behind a model makes the price. */
export const models: readonly Model[] = [
  chat('openai/gpt-oss-120b', 131_072, { reasoning: ['effort'] }),
  chat('openai/gpt-oss-20b', 131_072, { reasoning: ['effort'] }),
  chat('moonshotai/Kimi-K2.5', 262_144, { accepts: ['image'] }),
  chat('zai-org/GLM-5', 202_752),
  chat('deepseek-ai/DeepSeek-V3.2', 163_840),
  chat('Qwen/Qwen3.5-397B-A17B', 262_144, { accepts: ['image'] }),
  chat('Qwen/Qwen3-Coder-480B-A35B-Instruct', 262_144, { can: ['tools', 'json'] }),
  chat('meta-llama/Llama-3.3-70B-Instruct', 131_072, { can: ['tools', 'json'] }),
]

/** `org/name`, with who shall serve it: `:fastest`, `:cheapest`, `:groq`. */
export const resolve = (id: string): Model | undefined =>
  id.includes('/') ? { id, does: ['chat'] } : undefined

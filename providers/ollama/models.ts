import type { Model } from '#kit'

const chat = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  can: ['tools', 'json'],
  rejects: ['topK'],
  ...facts,
})

/** A few of ollama.com/library; what is pulled on a machine is asked for by its name. */
export const models: readonly Model[] = [
  chat('gpt-oss:20b', {
    context: 131_072,
    can: ['tools', 'json', 'reasoning'],
    reasoning: ['effort'],
  }),
  chat('qwen3:8b', { context: 40_960, can: ['tools', 'json', 'reasoning'] }),
  chat('llama3.2', { context: 131_072 }),
  chat('gemma3', { context: 131_072, accepts: ['image'], can: ['json'] }),
  { id: 'nomic-embed-text', does: ['embedding'], embedding: { dimensions: 768 } },
]

export const resolve = (id: string): Model =>
  /embed|minilm|bge/.test(id)
    ? { id, does: ['embedding'] }
    : { id, does: ['chat'], rejects: ['topK'] }

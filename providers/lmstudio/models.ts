import type { Model } from '#kit'

/** A few of lmstudio.ai/models; what is on a machine is asked for by its name. */
export const models: readonly Model[] = [
  {
    id: 'openai/gpt-oss-20b',
    does: ['chat'],
    context: 131_072,
    can: ['tools', 'json', 'reasoning'],
    reasoning: ['effort'],
  },
  { id: 'qwen/qwen3-4b-2507', does: ['chat'], context: 262_144, can: ['tools', 'json'] },
  {
    id: 'text-embedding-nomic-embed-text-v1.5',
    does: ['embedding'],
    embedding: { dimensions: 768 },
  },
]

export const resolve = (id: string): Model => ({
  id,
  does: [id.startsWith('text-embedding-') ? 'embedding' : 'chat'],
})

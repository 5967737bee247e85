import type { Model } from '#kit'

/** A server has the model it was started with: these are those of its first steps (docs.vllm.ai). */
export const models: readonly Model[] = [
  {
    id: 'Qwen/Qwen3-0.6B',
    does: ['chat'],
    context: 40_960,
    can: ['tools', 'json', 'reasoning'],
    rejects: ['topK'],
  },
  { id: 'intfloat/e5-small', does: ['embedding'], context: 512, embedding: { dimensions: 384 } },
]

export const resolve = (id: string): Model => ({ id, does: ['chat'], rejects: ['topK'] })

import type { Model, Price } from '#kit'

/** Of prompts below 200,000 tokens; longer ones cost twice as much. */
const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: '@pydantic/genai-prices 0.1.8, September 2026',
})

const chat = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  accepts: ['image'],
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'off'],
  rejects: ['topK', 'stop', 'penalties'],
  ...facts,
})

const gone = (id: string, successor = 'grok-4.3'): Model => ({
  id,
  does: ['chat'],
  retired: { on: '2026-05-15', successor },
})

const image = (id: string): Model => ({
  id,
  does: ['image'],
  image: {
    ratios: ['1:1', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16', '2:1', '1:2', '19.5:9', '9:19.5'],
    formats: ['jpeg'],
    maxCount: 3,
    repeat: true,
    qualities: ['low', 'medium', 'high'],
    takes: ['user'],
    operations: ['generate', 'edit'],
    maxInputs: 3,
  },
})

/** @ai-sdk/xai 5.0, `XaiImageModel`. */
export const imageModels: readonly Model[] = [
  image('grok-imagine-image'),
  image('grok-imagine-image-quality'),
]

/** @ai-sdk/xai 5.0, `XaiResponsesModelId` and `XaiImageModelId`; docs.x.ai/docs/models. */
export const models: readonly Model[] = [
  chat('grok-4.7'),
  chat('grok-4.6', { context: 500_000, price: tokens(2, 0.5, 6) }),
  chat('grok-4.5', { context: 500_000, price: tokens(2, 0.3, 6) }),
  chat('grok-4.3', { context: 1_000_000, price: tokens(1.25, 0.2, 2.5) }),
  chat('grok-4.20-reasoning', {
    context: 1_000_000,
    reasoning: [],
    price: tokens(1.25, 0.2, 2.5),
  }),
  chat('grok-4.20-non-reasoning', {
    context: 1_000_000,
    can: ['tools', 'json'],
    rejects: ['topK'],
    price: tokens(1.25, 0.2, 2.5),
  }),
  chat('grok-build-0.1', { context: 256_000, price: tokens(1, 0.2, 2) }),
  ...imageModels,
  { ...gone('grok-imagine-image-pro', 'grok-imagine-image-quality'), does: ['image'] },
  gone('grok-3'),
  gone('grok-4-0709'),
  gone('grok-4-fast-reasoning'),
  gone('grok-4-fast-non-reasoning'),
  gone('grok-4-1-fast-reasoning'),
  gone('grok-4-1-fast-non-reasoning'),
  gone('grok-code-fast-1'),
]

export const resolve = (id: string): Model | undefined => {
  if (id.startsWith('grok-imagine-image')) return image(id)
  return id.startsWith('grok-') ? { ...chat(id), reasoning: ['effort', 'off'] } : undefined
}

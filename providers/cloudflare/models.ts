// Ids: `AiModels` of @cloudflare/workers-types 5.20261117. Prices: @pydantic/genai-prices 0.1.8.

import type { ImageLimits, Model, Price } from '#kit'

const source = '@pydantic/genai-prices 0.1.8, September 2026'

type Prices = [input: number, output?: number, cachedInput?: number]
const priced = ([input, output, cachedInput]: Prices): Price => ({
  input,
  ...(output === undefined ? {} : { output }),
  ...(cachedInput === undefined ? {} : { cachedInput }),
  source,
})

const chat = (id: string, prices: Prices | undefined, facts: Partial<Model> = {}): Model => ({
  id: `@cf/${id}`,
  does: ['chat'],
  can: ['tools', 'json'],
  rejects: ['topK', 'prefill'],
  ...(prices === undefined ? {} : { price: priced(prices) }),
  ...facts,
})

const thinking = { can: ['tools', 'json', 'reasoning'], reasoning: ['effort'] } as const
const seeing = { accepts: ['image'] } as const

const embedding = (id: string, dimensions: number, input?: number): Model => ({
  id: `@cf/${id}`,
  does: ['embedding'],
  embedding: { dimensions },
  ...(input === undefined ? {} : { price: priced([input]) }),
})

const drawn: ImageLimits = {
  formats: ['jpeg'],
  maxCount: 1,
  repeat: true,
  takes: [],
  operations: ['generate'],
}
/** Width and height are inputs; the bounds are those of the Leonardo pages of the docs. */
const freeSize = { step: 8, minSide: 256, maxSide: 2048, maxRatio: 8 }

const picture = (id: string, limits: Partial<ImageLimits>): Model => ({
  id: `@cf/${id}`,
  does: ['image'],
  image: { ...drawn, ...limits },
})

export const models: readonly Model[] = [
  chat('openai/gpt-oss-120b', [0.35, 0.75], { ...thinking, context: 128_000 }),
  chat('openai/gpt-oss-20b', [0.2, 0.3], { ...thinking, context: 128_000 }),
  chat('moonshotai/kimi-k2.7-code', [0.95, 4, 0.19], thinking),
  chat('moonshotai/kimi-k2.6', [0.95, 4, 0.16], thinking),
  chat('zai-org/glm-5.3', undefined, thinking),
  chat('zai-org/glm-5.3-flash', [0.15, 0.5, 0.03], thinking),
  chat('deepseek-ai/deepseek-v4-pro-0813', [1.32, 3.96, 0.044], thinking),
  chat('deepseek-ai/deepseek-v4-flash-0731', [0.44, 1.32, 0.014], thinking),
  chat('qwen/qwen3.8-27b', [0.45, 3.2], { ...thinking, context: 262_144 }),
  chat('nvidia/nemotron-3-120b-a12b', [0.5, 1.5], thinking),
  chat('google/gemma-4-26b-a4b-it', [0.1, 0.3], { ...seeing, context: 256_000 }),
  chat('meta/llama-4-scout-17b-16e-instruct', [0.27, 0.85], seeing),
  chat('meta/llama-3.3-70b-instruct-fp8-fast', [0.293, 2.253], { context: 24_000 }),
  chat('mistralai/mistral-small-3.1-24b-instruct', [0.351, 0.555], seeing),
  embedding('baai/bge-m3', 1024, 0.012),
  embedding('baai/bge-large-en-v1.5', 1024, 0.204),
  embedding('baai/bge-base-en-v1.5', 768, 0.067),
  embedding('baai/bge-small-en-v1.5', 384, 0.02),
  embedding('google/embeddinggemma-300m', 768),
  picture('black-forest-labs/flux-1-schnell', { sizes: ['1024x1024'] }),
  picture('leonardo/lucid-origin', { freeSize, takes: ['seed'] }),
  picture('leonardo/phoenix-1.0', { freeSize, takes: ['seed', 'negativePrompt'] }),
  {
    id: '@cf/openai/whisper-large-v3-turbo',
    does: ['transcription'],
    transcription: {
      formats: ['json', 'text', 'srt', 'verbose_json', 'vtt'],
      translates: true,
    },
  },
]

/** Any other text model; what it can is not known. */
export const resolve = (id: string): Model | undefined =>
  /^@(cf|hf)\/[\w.-]+\/[\w.-]+$/.test(id) ? { id, does: ['chat'] } : undefined

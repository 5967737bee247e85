import type { Model, Price } from '#kit'

const source = '@pydantic/genai-prices 0.1.8, September 2026'

const chat = (id: string, facts: Partial<Model>): Model => ({
  id,
  does: ['chat'],
  context: 131_072,
  can: ['tools', 'json', 'reasoning'],
  rejects: ['topK', 'penalties'],
  ...facts,
})

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source,
})

const whisper = (id: string): Model => ({
  id,
  does: ['transcription'],
  transcription: {
    formats: ['json', 'text', 'verbose_json'],
    translates: id === 'whisper-large-v3',
  },
})

const perHour = (dollars: number): Price => ({ second: dollars / 3600, source })

/** groq-sdk 1.6 and @ai-sdk/groq 4.0; life and death: console.groq.com/docs/deprecations. */
export const models: readonly Model[] = [
  chat('openai/gpt-oss-120b', {
    maxOutput: 65_536,
    reasoning: ['effort'],
    price: tokens(0.15, 0.075, 0.6),
  }),
  chat('openai/gpt-oss-20b', {
    maxOutput: 65_536,
    reasoning: ['effort'],
    price: tokens(0.075, 0.0375, 0.3),
  }),
  chat('qwen/qwen3.6-27b', { accepts: ['image'], reasoning: ['off'] }),
  chat('qwen/qwen3.8-27b', { accepts: ['image'], reasoning: ['off'] }),
  { ...whisper('whisper-large-v3'), price: perHour(0.111) },
  { ...whisper('whisper-large-v3-turbo'), price: perHour(0.04) },
  {
    id: 'llama-3.3-70b-versatile',
    does: ['chat'],
    retired: { on: '2026-08-16', successor: 'groq/openai/gpt-oss-120b' },
  },
]

export const isQwen = (id: string): boolean => id.startsWith('qwen/')

export const resolve = (id: string): Model =>
  id.startsWith('whisper') ? whisper(id) : { id, does: ['chat'] }

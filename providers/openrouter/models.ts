import type { Model, Price } from '#kit'

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: '@pydantic/genai-prices 0.1.8, September 2026',
})

const chat = (id: string, context: number, price: Price, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context,
  can: ['tools', 'json', 'reasoning'],
  price,
  ...facts,
})

const seeing: Partial<Model> = { accepts: ['image', 'pdf'] }
const sensing: Partial<Model> = { accepts: ['image', 'audio', 'video', 'pdf'] }

/** openrouter.ai/models, as priced by genai-prices; every other model there is asked for by its name. */
export const models: readonly Model[] = [
  chat('anthropic/claude-opus-5.5', 1_000_000, tokens(4, 0.2, 20), seeing),
  chat('anthropic/claude-fable-5.1', 1_000_000, tokens(10, 0.25, 50), seeing),
  chat('anthropic/claude-sonnet-5', 1_000_000, tokens(2, 0.2, 10), seeing),
  chat('anthropic/claude-haiku-4.5', 200_000, tokens(1, 0.1, 5), seeing),
  chat('openai/gpt-6-sol', 1_050_000, tokens(2, 0.2, 10), seeing),
  chat('openai/gpt-6-luna', 1_050_000, tokens(0.1, 0.01, 0.5), seeing),
  chat('openai/gpt-oss-120b', 131_072, {
    input: 0.039,
    output: 0.18,
    source: tokens(0, 0, 0).source,
  }),
  chat('google/gemini-3.1-pro-preview', 1_048_576, tokens(2, 0.2, 12), sensing),
  chat('google/gemini-3.5-flash', 1_048_576, tokens(1.5, 0.15, 9), sensing),
  chat('x-ai/grok-4.6', 500_000, tokens(2, 0.5, 6), { accepts: ['image'] }),
  chat('deepseek/deepseek-v4-pro', 1_000_000, tokens(0.435, 0.003625, 0.87)),
  chat('moonshotai/kimi-k3', 1_048_576, tokens(3, 0.3, 15), { accepts: ['image'] }),
  chat('mistralai/mistral-large-2512', 262_144, tokens(0.5, 0.05, 1.5), {
    accepts: ['image'],
    can: ['tools', 'json'],
  }),
  {
    id: 'openai/text-embedding-3-small',
    does: ['embedding'],
    context: 8192,
    embedding: { dimensions: 1536, reducible: true },
  },
]

/** `maker/model`, with a variant: `:free`, `:nitro`, `:online`. */
export const resolve = (id: string): Model | undefined =>
  id.includes('/') ? { id, does: ['chat'] } : undefined

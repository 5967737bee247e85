// Ids: @ai-sdk/amazon-bedrock 5.0.101. Prices and contexts: @pydantic/genai-prices 0.1.8.

import type { Model, Price } from '#kit'

const source = '@pydantic/genai-prices 0.1.8, September 2026'

type Family = Omit<Model, 'id' | 'does' | 'price'>
type Prices = [input: number, output: number, cachedInput?: number]

const priced = ([input, output, cachedInput]: Prices): Price =>
  cachedInput === undefined ? { input, output, source } : { input, output, cachedInput, source }

const chat = (id: string, family: Family, prices?: Prices): Model => ({
  id,
  does: ['chat'],
  ...family,
  ...(prices === undefined ? {} : { price: priced(prices) }),
})

const seeing = { accepts: ['image', 'pdf'] } as const satisfies Family

/** The rules of the models' maker hold here too (platform.claude.com/docs/en/models). */
const claude: Family = {
  ...seeing,
  context: 1_000_000,
  maxOutput: 128_000,
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'off'],
  rejects: ['temperature', 'topP', 'topK', 'penalties', 'prefill'],
}
const alwaysThinking: Family = { ...claude, reasoning: ['effort'] }
const claude46: Family = {
  ...claude,
  reasoning: ['effort', 'budget', 'off'],
  rejects: ['penalties', 'prefill'],
}
const claude45: Family = {
  ...claude46,
  context: 200_000,
  maxOutput: 64_000,
  reasoning: ['budget', 'off'],
  rejects: ['penalties'],
}

const nova: Family = {
  accepts: ['image', 'video', 'pdf'],
  context: 300_000,
  maxOutput: 10_000,
  can: ['tools'],
}
const { accepts: _, ...textNova } = nova
const talker: Family = { context: 128_000, can: ['tools'], rejects: ['topK'] }
const oss: Family = {
  context: 128_000,
  can: ['tools', 'reasoning'],
  reasoning: ['effort'],
  rejects: ['topK'],
}

export const models: readonly Model[] = [
  chat('global.anthropic.claude-fable-5-1', alwaysThinking, [10, 50, 0.25]),
  chat('global.anthropic.claude-opus-5-5', alwaysThinking, [4, 20, 0.2]),
  chat('global.anthropic.claude-opus-5', claude, [5, 25, 0.5]),
  chat('global.anthropic.claude-sonnet-5-5', claude),
  chat('global.anthropic.claude-sonnet-5', claude, [2, 10, 0.2]),
  chat('global.anthropic.claude-sonnet-4-6-v1', claude46, [3, 15, 0.3]),
  chat('global.anthropic.claude-sonnet-4-5-20250929-v1:0', claude45, [3, 15, 0.3]),
  chat('global.anthropic.claude-haiku-4-5-20251001-v1:0', claude45, [1, 5, 0.1]),
  chat('amazon.nova-pro-v1:0', nova, [0.8, 3.2, 0.2]),
  chat('amazon.nova-lite-v1:0', nova, [0.06, 0.24, 0.015]),
  chat('amazon.nova-micro-v1:0', { ...textNova, context: 128_000 }, [0.035, 0.14, 0.00875]),
  chat('openai.gpt-oss-120b-1:0', oss, [0.15, 0.6]),
  chat('openai.gpt-oss-20b-1:0', oss, [0.07, 0.3]),
  chat(
    'us.meta.llama4-maverick-17b-instruct-v1:0',
    { ...talker, accepts: ['image'], context: 1_000_000 },
    [0.24, 0.97],
  ),
  chat(
    'us.meta.llama4-scout-17b-instruct-v1:0',
    { ...talker, accepts: ['image'], context: 10_000_000 },
    [0.17, 0.66],
  ),
  chat('us.meta.llama3-3-70b-instruct-v1:0', talker, [0.72, 0.72]),
  chat(
    'us.mistral.pixtral-large-2502-v1:0',
    { ...talker, accepts: ['image'], rejects: [] },
    [2, 6],
  ),
  {
    id: 'amazon.titan-embed-text-v2:0',
    does: ['embedding'],
    context: 8192,
    embedding: { dimensions: 1024, reducible: true },
  },
]

const families: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/anthropic\.claude-.*-4-5/, claude45],
  [/anthropic\.claude-.*-4-6/, claude46],
  [/anthropic\.claude-(fable|mythos|opus-5-5)/, alwaysThinking],
  [/anthropic\.claude/, claude],
  [/amazon\.nova/, nova],
  [/openai\.gpt/, oss],
]

/** Any other model, inference profile (`us.`, `eu.`, `global.`) or ARN. */
export function resolve(id: string): Model | undefined {
  if (!/^(arn:aws[\w-]*:bedrock:|([a-z]+\.)+[\w-])/.test(id)) return undefined
  if (/embed/.test(id)) return { id, does: ['embedding'] }
  const [, family] = families.find(([pattern]) => pattern.test(id)) ?? [undefined, talker]
  return chat(id, family)
}

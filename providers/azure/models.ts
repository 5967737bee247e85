// Names that deployments usually have: those of their models. Any other name is a deployment too.

import type { Model, Price } from '#kit'

const source = '@pydantic/genai-prices 0.1.8, September 2026'

const price = (input: number, output?: number): Price =>
  output === undefined ? { input, source } : { input, output, source }

type Family = Omit<Model, 'id'>

/** As at OpenAI: no sampling parameters and no stop sequences (openai 7.57, `ChatCompletionCreateParams`). */
const reasoner: Family = {
  does: ['chat'],
  context: 400_000,
  maxOutput: 128_000,
  accepts: ['image'],
  can: ['tools', 'json', 'reasoning', 'system-messages'],
  reasoning: ['effort'],
  rejects: ['temperature', 'topP', 'topK', 'stop', 'penalties', 'prefill'],
}
/** Since GPT-5.1 the effort may be `none`. */
const optionalReasoner: Family = { ...reasoner, reasoning: ['effort', 'off'] }
const olderReasoner: Family = { ...reasoner, context: 200_000, maxOutput: 100_000 }
const talker: Family = {
  does: ['chat'],
  accepts: ['image'],
  can: ['tools', 'json', 'system-messages'],
  rejects: ['topK', 'prefill'],
}
const gpt41: Family = { ...talker, context: 1_047_576, maxOutput: 32_768 }
const gpt4o: Family = { ...talker, context: 128_000, maxOutput: 16_384 }

const embedding = (dimensions: number, input: number): Family => ({
  does: ['embedding'],
  context: 8192,
  embedding: { dimensions, reducible: true },
  price: price(input),
})

const families: { [id: string]: Family } = {
  'gpt-5.4': { ...optionalReasoner, context: 1_050_000 },
  'gpt-5.4-mini': optionalReasoner,
  'gpt-5.2': optionalReasoner,
  'gpt-5.1': optionalReasoner,
  'gpt-5': reasoner,
  'gpt-5-mini': reasoner,
  o3: { ...olderReasoner, price: price(2, 8) },
  'o4-mini': { ...olderReasoner, price: price(1.1, 4.4) },
  'gpt-4.1': gpt41,
  'gpt-4.1-mini': gpt41,
  'gpt-4o': gpt4o,
  'gpt-4o-mini': gpt4o,
  'text-embedding-3-large': embedding(3072, 0.13),
  'text-embedding-3-small': embedding(1536, 0.02),
}

export const models: readonly Model[] = Object.entries(families).map(([id, family]) => ({
  id,
  ...family,
}))

/** A deployment under a name of its own: what it holds is known only as far as the name tells. */
export function resolve(id: string): Model | undefined {
  if (!/^[\w.-]+$/.test(id)) return undefined
  if (/embed/i.test(id)) return { id, does: ['embedding'] }
  return /^(o\d|gpt-[5-9])/i.test(id) ? { id, ...optionalReasoner } : { id, does: ['chat'] }
}

import type { Model, Price } from '#kit'

const pricePage = '@pydantic/genai-prices 0.1.8, September 2026'

/** US dollars per million tokens. */
const price = (
  [input, cachedInput, output]: [number, number | undefined, number],
  source = pricePage,
): Price => ({ input, output, source, ...(cachedInput === undefined ? {} : { cachedInput }) })

type Family = Omit<Model, 'id' | 'does'>

/** Reasoning models take no sampling parameters, and no stop sequences since o3 (openai 7.57, `stop`). */
const reasoner: Family = {
  context: 1_050_000,
  accepts: ['image', 'pdf'],
  can: ['tools', 'json', 'reasoning', 'system-messages'],
  reasoning: ['effort', 'off'],
  rejects: ['temperature', 'topP', 'topK', 'stop', 'penalties', 'prefill'],
}
/** Before GPT-5.1 the effort could not be `none`. */
const alwaysReasoner: Family = { ...reasoner, reasoning: ['effort'] }
const gpt5: Family = { ...reasoner, context: 400_000, maxOutput: 128_000 }
const o3: Family = { ...alwaysReasoner, context: 200_000, maxOutput: 100_000 }
const talker: Family = {
  accepts: ['image', 'pdf'],
  can: ['tools', 'json', 'system-messages'],
  rejects: ['topK', 'prefill'],
}
const gpt41: Family = { ...talker, context: 1_047_576, maxOutput: 32_768 }
const gpt4o: Family = { ...talker, context: 128_000, maxOutput: 16_384 }
const speaker: Family = {
  ...talker,
  context: 128_000,
  maxOutput: 16_384,
  accepts: ['audio'],
  replies: ['audio'],
  can: ['tools', 'system-messages'],
}

interface Line {
  family: Family
  price?: Price
  shutdown?: string
  /** Dated versions, each a model of its own. */
  snapshots?: readonly string[]
}

const lines: { [id: string]: Line } = {
  'gpt-6.2-astra': {
    family: withoutContext(alwaysReasoner),
    price: price([8, 0.4, 40], 'LiteLLM discussion 52347, November 2026'),
  },
  'gpt-6.2-sol': {
    family: withoutContext(alwaysReasoner),
    price: price([2, undefined, 10], 'LiteLLM discussion 52347, November 2026'),
  },
  'gpt-6.1-sol': {
    family: withoutContext(reasoner),
    price: price([2, 0.1, 10], 'CodexManager release notes citing OpenAI, October 2026'),
  },
  'gpt-6.1-terra': { family: withoutContext(reasoner) },
  'gpt-6-astra': { family: reasoner, price: price([10, 1, 50]) },
  'gpt-6-sol': { family: reasoner, price: price([2, 0.2, 10]) },
  'gpt-6-luna': { family: reasoner, price: price([0.1, 0.01, 0.5]) },
  'gpt-5.6-sol': { family: reasoner, price: price([4, 0.4, 20]) },
  'gpt-5.6-terra': { family: reasoner, price: price([2, 0.2, 12]) },
  'gpt-5.6-luna': { family: reasoner, price: price([0.2, 0.02, 1.2]) },
  'gpt-5.5': {
    family: { ...gpt5, context: 1_000_000 },
    price: price([5, 0.5, 30]),
    snapshots: ['2026-04-23'],
  },
  'gpt-5.4': { family: { ...gpt5, context: 1_050_000 }, price: price([2.5, 0.25, 15]) },
  'gpt-5.4-mini': {
    family: gpt5,
    price: price([0.75, 0.075, 4.5]),
    snapshots: ['2026-03-17'],
  },
  'gpt-5.4-nano': {
    family: gpt5,
    price: price([0.2, 0.02, 1.25]),
    shutdown: '2027-04-01',
    snapshots: ['2026-03-17'],
  },
  'gpt-5.2': { family: gpt5, price: price([1.75, 0.175, 14]), snapshots: ['2025-12-11'] },
  'gpt-5.2-pro': {
    family: { ...gpt5, reasoning: ['effort'] },
    price: price([21, undefined, 168]),
    snapshots: ['2025-12-11'],
  },
  'gpt-5.1': {
    family: gpt5,
    price: price([1.25, 0.125, 10]),
    shutdown: '2027-04-01',
    snapshots: ['2025-11-13'],
  },
  'gpt-5': oldGpt5([1.25, 0.125, 10]),
  'gpt-5-mini': oldGpt5([0.25, 0.025, 2]),
  'gpt-5-nano': oldGpt5([0.05, 0.005, 0.4]),
  o3: {
    family: o3,
    price: price([2, 0.5, 8]),
    shutdown: '2026-12-11',
    snapshots: ['2025-04-16'],
  },
  'gpt-4.1': closing(gpt41, [2, 0.5, 8], ['2025-04-14']),
  'gpt-4.1-mini': closing(gpt41, [0.4, 0.1, 1.6], ['2025-04-14']),
  'gpt-4o': closing(gpt4o, [2.5, 1.25, 10], ['2024-11-20', '2024-08-06']),
  'gpt-4o-mini': closing(gpt4o, [0.15, 0.075, 0.6], ['2024-07-18']),
  // The prices are those of text; sound costs more (32 and 64, 10 and 20 dollars).
  'gpt-audio': { family: speaker, price: price([2.5, undefined, 10]) },
  'gpt-audio-mini': {
    family: speaker,
    price: price([0.6, undefined, 2.4]),
    shutdown: '2027-01-20',
    snapshots: ['2025-12-15'],
  },
}

function withoutContext({ context: _, ...family }: Family): Family {
  return family
}

function oldGpt5(prices: [number, number, number]): Line {
  const family: Family = { ...gpt5, reasoning: ['effort'] }
  return { family, price: price(prices), shutdown: '2026-12-11', snapshots: ['2025-08-07'] }
}

function closing(family: Family, prices: [number, number, number], snapshots: string[]): Line {
  return { family, price: price(prices), shutdown: '2027-01-14', snapshots }
}

export const chatModels: readonly Model[] = Object.entries(lines).flatMap(
  ([id, { family, snapshots = [], ...facts }]) =>
    [id, ...snapshots.map((date) => `${id}-${date}`)].map((name): Model => ({
      id: name,
      does: ['chat'],
      ...family,
      ...facts,
    })),
)

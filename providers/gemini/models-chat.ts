import type { Model, Price } from '#kit'

const pricePage = 'ai.google.dev/gemini-api/docs/pricing by @pydantic/genai-prices 0.1.8'

export const tokens = (input: number, output: number, cachedInput?: number): Price => ({
  input,
  output,
  ...(cachedInput === undefined ? {} : { cachedInput }),
  source: pricePage,
})

const chat = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['chat'],
  context: 1_048_576,
  maxOutput: 65_536,
  accepts: ['image', 'audio', 'video', 'pdf'],
  can: ['tools', 'json', 'reasoning'],
  // Since Gemini 3 by `thinkingLevel`; it cannot be switched off.
  reasoning: ['effort'],
  ...facts,
})

/** Until 31 December 2026; twice as much from then on. */
const introductory = tokens(0.75, 3.75, 0.075)
/** Up to 200,000 tokens of prompt; twice the input and 1.5 times the output above. */
const pro = tokens(2, 12, 0.2)
/** The day named by the deprecation list for the 2.5 family, "at the earliest". */
const shutdown = '2026-10-16'
/** The API for developers takes no penalties with this family (@ai-sdk/google 4.0.121). */
const rejects = ['penalties'] as const

export const chatModels: readonly Model[] = [
  chat('gemini-4-argon', { name: 'Gemini 4 Argon' }),
  chat('gemini-4-carbon', { name: 'Gemini 4 Carbon' }),
  chat('gemini-4-hydrogen', { name: 'Gemini 4 Hydrogen' }),
  chat('gemini-3.8-flash', {
    name: 'Gemini 3.8 Flash',
    released: '2026-09-02',
    price: introductory,
  }),
  chat('gemini-3.7-flash', {
    name: 'Gemini 3.7 Flash',
    released: '2026-08-13',
    price: introductory,
  }),
  chat('gemini-3.6-flash', {
    name: 'Gemini 3.6 Flash',
    released: '2026-07-21',
    price: introductory,
  }),
  chat('gemini-3.5-flash', {
    name: 'Gemini 3.5 Flash',
    released: '2026-05-19',
    price: tokens(1.5, 9, 0.15),
  }),
  chat('gemini-3.5-flash-lite', {
    name: 'Gemini 3.5 Flash-Lite',
    released: '2026-07-21',
    price: tokens(0.3, 2.5, 0.03),
  }),
  chat('gemini-3.1-pro-preview', {
    name: 'Gemini 3.1 Pro Preview',
    released: '2026-02-19',
    price: pro,
  }),
  chat('gemini-3.1-pro-preview-customtools', {
    name: 'Gemini 3.1 Pro Preview (custom tools)',
    price: pro,
  }),
  chat('gemini-3.1-flash-lite', {
    name: 'Gemini 3.1 Flash-Lite',
    released: '2026-05-07',
    shutdown: '2027-05-07',
    price: tokens(0.25, 1.5, 0.025),
  }),
  chat('gemini-3-flash-preview', {
    name: 'Gemini 3 Flash Preview',
    released: '2025-12-17',
    price: tokens(0.5, 3, 0.05),
  }),
  chat('gemini-pro-latest', { name: 'Gemini Pro Latest' }),
  chat('gemini-flash-latest', { name: 'Gemini Flash Latest' }),
  chat('gemini-flash-lite-latest', { name: 'Gemini Flash-Lite Latest' }),
  chat('gemini-2.5-pro', {
    name: 'Gemini 2.5 Pro',
    released: '2025-06-17',
    shutdown,
    rejects,
    reasoning: ['budget'],
    price: tokens(1.25, 10, 0.125),
  }),
  chat('gemini-2.5-flash', {
    name: 'Gemini 2.5 Flash',
    released: '2025-06-17',
    shutdown,
    rejects,
    reasoning: ['budget', 'off'],
    price: tokens(0.3, 2.5, 0.03),
  }),
  chat('gemini-2.5-flash-lite', {
    name: 'Gemini 2.5 Flash-Lite',
    released: '2025-07-22',
    shutdown,
    rejects,
    reasoning: ['budget', 'off'],
    price: tokens(0.1, 0.4, 0.01),
  }),
]

export interface Levels {
  least: 'MINIMAL' | 'LOW'
  most: 'HIGH' | 'XHIGH'
}

/** The thinking levels of a model, by @ai-sdk/google 4.0.121 (`google-model-catalog.ts`). */
export function levelsOf(id: string): Levels {
  if (id === 'gemini-4-hydrogen') return { least: 'LOW', most: 'XHIGH' }
  const version = Number(/^gemini-(\d+\.\d+)-flash(?!-lite)/.exec(id)?.[1] ?? 0)
  const isSlow = version >= 3.7 || id === 'gemini-flash-latest' || /^gemini-\d[\d.]*-pro/.test(id)
  return { least: isSlow ? 'LOW' : 'MINIMAL', most: 'HIGH' }
}

// Ids: @ai-sdk/google-vertex 5.0.141. The models are those of Google's and Anthropic's own APIs; prices
// differ by region and are not stated here.

import type { Model } from '#kit'

type Family = Omit<Model, 'id'>

const gemini: Family = {
  does: ['chat'],
  context: 1_048_576,
  maxOutput: 65_536,
  accepts: ['image', 'audio', 'video', 'pdf'],
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort'],
}

/** Adaptive thinking only, no sampling parameters, no prefill (platform.claude.com/docs/en/models). */
const claude: Family = {
  does: ['chat'],
  context: 1_000_000,
  maxOutput: 128_000,
  accepts: ['image', 'pdf'],
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'off'],
  rejects: ['temperature', 'topP', 'topK', 'prefill'],
}
const alwaysThinking: Family = { ...claude, reasoning: ['effort'] }
const claude46: Family = { ...claude, reasoning: ['effort', 'budget', 'off'], rejects: ['prefill'] }
const claude45: Family = {
  ...claude,
  context: 200_000,
  maxOutput: 64_000,
  reasoning: ['budget', 'off'],
  rejects: [],
}

const embedding = (dimensions: number): Family => ({
  does: ['embedding'],
  context: 2048,
  embedding: { dimensions, reducible: true },
})

const catalogue: { [id: string]: Family } = {
  'gemini-4-argon': gemini,
  'gemini-4-carbon': gemini,
  'gemini-4-hydrogen': gemini,
  'gemini-3.8-flash': gemini,
  'gemini-3.7-flash': gemini,
  'gemini-3.6-flash': gemini,
  'gemini-3.5-flash': { ...gemini, shutdown: '2027-05-19' },
  'gemini-3.5-flash-lite': gemini,
  'gemini-3.1-flash-lite': { ...gemini, shutdown: '2027-05-07' },
  'gemini-3.1-pro-preview': gemini,
  // Google Cloud's own list of model lifecycles.
  'gemini-2.5-pro': retired('gemini-3.5-flash'),
  'gemini-2.5-flash': retired('gemini-3.5-flash'),
  'gemini-2.5-flash-lite': retired('gemini-3.5-flash-lite'),
  'claude-fable-5-2': alwaysThinking,
  'claude-fable-5-1': alwaysThinking,
  'claude-fable-5': alwaysThinking,
  'claude-opus-5-5': alwaysThinking,
  'claude-opus-5': claude,
  'claude-sonnet-5-5': claude,
  'claude-sonnet-5': claude,
  'claude-haiku-5-5': claude,
  'claude-opus-4-8': claude,
  'claude-opus-4-7': claude,
  'claude-opus-4-6': claude46,
  'claude-sonnet-4-6': claude46,
  'claude-sonnet-4-5@20250929': claude45,
  'claude-opus-4-5@20251101': claude45,
  'gemini-embedding-001': embedding(3072),
  'text-embedding-005': embedding(768),
}

function retired(successor: string): Family {
  return { ...gemini, retired: { on: '2026-10-16', successor } }
}

export const models: readonly Model[] = Object.entries(catalogue).map(([id, family]) => ({
  id,
  ...family,
}))

/** Other models of the two publishers. */
export function resolve(id: string): Model | undefined {
  if (/embedding/.test(id)) return { id, does: ['embedding'] }
  if (/^gemini-[\w.-]+$/.test(id)) return { id, ...gemini }
  if (!/^claude-[\w.@-]+$/.test(id)) return undefined
  const [, family] = families.find(([pattern]) => pattern.test(id)) ?? [undefined, claude]
  return { id, ...family }
}

const families: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/-4-5/, claude45],
  [/-4-6/, claude46],
  [/-(fable|mythos)-|-opus-5-5/, alwaysThinking],
]

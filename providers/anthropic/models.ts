// What Anthropic serves, and what it has switched off.

import type { Model, Price } from '#kit'

/** The pages of each model on platform.claude.com, and genai-prices 0.1.8. */
const source = 'platform.claude.com/docs/en/models, 2026-11-24'

const price = (input: number, output: number, cachedInput?: number): Price =>
  cachedInput === undefined ? { input, output, source } : { input, output, cachedInput, source }

const chat = { does: ['chat'], accepts: ['image', 'pdf'] } as const satisfies Partial<Model>

/** Since 4.7: adaptive thinking only, no sampling parameters, no prefill (thinking and errors pages). */
const adaptive = {
  ...chat,
  context: 1_000_000,
  maxOutput: 128_000,
  can: ['tools', 'json', 'reasoning', 'system-messages'],
  reasoning: ['effort', 'off'],
  rejects: ['temperature', 'topP', 'topK', 'prefill'],
} as const satisfies Partial<Model>

/** Fable, Mythos and Opus 5.5: thinking cannot be switched off, so no tool can be forced. */
const alwaysThinking = { ...adaptive, reasoning: ['effort'] } as const satisfies Partial<Model>

/** Opus and Sonnet 4.6: both ways to think, no prefill. */
const between = {
  ...chat,
  context: 1_000_000,
  maxOutput: 128_000,
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['effort', 'budget', 'off'],
  rejects: ['prefill'],
} as const satisfies Partial<Model>

/** 4.5: thinking by budget only. */
const budgeted = {
  ...chat,
  context: 200_000,
  maxOutput: 64_000,
  can: ['tools', 'json', 'reasoning'],
  reasoning: ['budget', 'off'],
} as const satisfies Partial<Model>

const current: readonly Model[] = [
  {
    id: 'claude-fable-5-2',
    name: 'Claude Fable 5.2',
    released: '2026-11-09',
    ...alwaysThinking,
    price: price(8, 40, 0.2),
  },
  { id: 'claude-mythos-5-2', name: 'Claude Mythos 5.2', ...alwaysThinking },
  {
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    released: '2026-10-07',
    ...adaptive,
    price: {
      ...price(0.1, 0.5),
      source: `${source}: prompts up to 100,000 tokens; five times as much above`,
    },
  },
  {
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    released: '2026-09-22',
    ...alwaysThinking,
    price: price(4, 20, 0.2),
  },
  { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', ...adaptive, price: price(2, 10, 0.2) },
  {
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    ...alwaysThinking,
    price: price(10, 50, 0.25),
  },
  { id: 'claude-mythos-5-1', name: 'Claude Mythos 5.1', ...alwaysThinking },
  {
    id: 'claude-opus-5',
    name: 'Claude Opus 5',
    released: '2026-07-24',
    ...adaptive,
    price: price(5, 25, 0.5),
  },
  {
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    released: '2026-06-30',
    ...adaptive,
    price: price(2, 10, 0.2),
  },
  {
    id: 'claude-fable-5',
    name: 'Claude Fable 5',
    released: '2026-06-09',
    ...alwaysThinking,
    price: price(10, 50, 1),
  },
  {
    id: 'claude-mythos-5',
    name: 'Claude Mythos 5',
    released: '2026-06-09',
    ...alwaysThinking,
    price: price(10, 50, 1),
  },
  {
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    released: '2026-05-28',
    ...adaptive,
    price: price(5, 25, 0.5),
  },
  {
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    released: '2026-04-16',
    ...adaptive,
    can: ['tools', 'json', 'reasoning'],
    price: price(5, 25, 0.5),
  },
  {
    id: 'claude-mythos-preview',
    name: 'Claude Mythos Preview',
    shutdown: '2026-06-30',
    ...chat,
    context: 1_000_000,
    can: between.can,
    reasoning: between.reasoning,
    rejects: between.rejects,
  },
  {
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    released: '2026-02-17',
    ...between,
    price: price(3, 15, 0.3),
  },
  {
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    released: '2026-02-05',
    ...between,
    price: price(5, 25, 0.5),
  },
  {
    id: 'claude-opus-4-5-20251101',
    name: 'Claude Opus 4.5',
    aliases: ['claude-opus-4-5'],
    released: '2025-11-24',
    shutdown: '2027-01-22',
    ...budgeted,
    price: price(5, 25, 0.5),
  },
  {
    id: 'claude-haiku-4-5-20251001',
    name: 'Claude Haiku 4.5',
    aliases: ['claude-haiku-4-5'],
    released: '2025-10-15',
    ...budgeted,
    price: price(1, 5, 0.1),
  },
  {
    id: 'claude-sonnet-4-5-20250929',
    name: 'Claude Sonnet 4.5',
    aliases: ['claude-sonnet-4-5'],
    released: '2025-09-29',
    shutdown: '2026-11-30',
    ...budgeted,
    price: price(3, 15, 0.3),
  },
]

/**
 * Ids by the day they were switched off: the deprecation tables of SDK 0.65, 0.105 and 1.13, and the
 * deprecations page for Claude 3 Haiku and Claude 1. The successor is the line's current model.
 */
const switchedOff: Record<string, Record<string, readonly string[]>> = {
  '2026-08-05': { 'claude-opus-5-5': ['claude-opus-4-1-20250805 claude-opus-4-1'] },
  '2026-06-15': {
    'claude-opus-5-5': ['claude-opus-4-20250514 claude-opus-4-0'],
    'claude-sonnet-5-5': ['claude-sonnet-4-20250514 claude-sonnet-4-0'],
  },
  '2026-04-20': { 'claude-haiku-5-5': ['claude-3-haiku-20240307'] },
  '2026-02-19': {
    'claude-sonnet-5-5': ['claude-3-7-sonnet-20250219 claude-3-7-sonnet-latest'],
    'claude-haiku-5-5': ['claude-3-5-haiku-20241022 claude-3-5-haiku-latest'],
  },
  '2026-01-05': { 'claude-opus-5-5': ['claude-3-opus-20240229 claude-3-opus-latest'] },
  '2025-10-22': {
    'claude-sonnet-5-5': [
      'claude-3-5-sonnet-20241022 claude-3-5-sonnet-latest',
      'claude-3-5-sonnet-20240620',
    ],
  },
  '2025-07-21': { 'claude-sonnet-5-5': ['claude-3-sonnet-20240229', 'claude-2.1', 'claude-2.0'] },
  '2024-11-06': {
    'claude-sonnet-5-5': [
      'claude-1.0',
      'claude-1.1',
      'claude-1.2',
      'claude-1.3',
      'claude-1.3-100k',
    ],
    'claude-haiku-5-5': [
      'claude-instant-1.0',
      'claude-instant-1.1',
      'claude-instant-1.1-100k',
      'claude-instant-1.2',
    ],
  },
}

const retired: readonly Model[] = Object.entries(switchedOff).flatMap(([on, lines]) =>
  Object.entries(lines).flatMap(([successor, names]) =>
    names.map((line): Model => {
      const [id = line, ...aliases] = line.split(' ')
      return {
        id,
        ...(aliases.length === 0 ? {} : { aliases }),
        does: ['chat'],
        retired: { on, successor },
      }
    }),
  ),
)

export const models: readonly Model[] = [...current, ...retired]

/** A model newer than this list: it is asked as the newest ones are; 64k is what every model since 4.5 can write. */
export const resolve = (id: string): Model | undefined =>
  id.startsWith('claude-') ? { id, ...alwaysThinking, maxOutput: 64_000 } : undefined

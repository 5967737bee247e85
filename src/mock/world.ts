// What a mock may know of the outside: time, pace, and what a test has told it to do.

import { GatewayError } from '#core/error'
import type { Journal, JournalEntry } from './journal.ts'
import { remember, type Store } from './remember.ts'
import type { Scenario } from './scenario.ts'
import type { Answer } from './script/answer.ts'
import type { Scripts } from './script/scripts.ts'

export interface MockWorld {
  /** Milliseconds since the epoch. */
  now(): number
  /** @throws GatewayError `cancelled` when the signal fires first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** How replies arrive. */
  pace: Pace
  /** What the mocks have to keep between calls. */
  memory: Memory
  scripts?: Scripts
  journal?: Journal
  /** The id of the provider whose mock is asked; absent when a mock is called on its own. */
  provider?: string
}

/** How a reply arrives. `{ first: 400, between: 20, words: 1, jitter: 0.3 }` is much like a real model. */
export interface Pace {
  /** Milliseconds before the head of the reply. */
  first: number
  /** Milliseconds between chunks of the body; 1000 / n for n chunks a second. */
  between: number
  /** Words in a chunk of text. */
  words: number
  /** How far a pause may stray, as a share of it, either way. */
  jitter: number
}

export const noPace: Pace = { first: 0, between: 0, words: 1, jitter: 0 }

export interface Memory {
  /** What was counted, by scope. */
  counts: Store<{ [name: string]: number }>
  /** Prompts marked as cacheable that have been seen, with their tokens. */
  prompts: Store<number>
  /** Signatures that scripts have given, with the text they are for. */
  proofs: Store<string>
}

/** One request to a mock, as its routes see it. */
export interface MockCall {
  /** 32 hexadecimal digits; the dialect gives them the vendor's form. */
  requestId: string
  key: string
  scenario: Scenario
  /** What keeps the calls of one test apart from those of another. */
  scope: string
  world: MockWorld
  /** How this reply arrives: the world's pace, or what the scenario or a script says. */
  pace: Pace
  /** Breaks the reply after so many chunks. */
  cutAfter?: number
  /** What a script says about this call, for `hear`, `embed`, `moderate`, `picture` and `voice`. */
  scripted?: Answer
  /** Fires when the caller leaves. */
  signal: AbortSignal
  /** Set by a route whose stream carries the failure of the scenario itself. */
  failsInStream?: boolean
  /** The request in the journal. */
  entry?: JournalEntry
}

/** The environment of every mock: `c.env` is the world, `c.var.call` the call. */
export interface MockEnv {
  Bindings: Partial<MockWorld>
  Variables: { call: MockCall }
}

/** A world with everything in it; what is not given is real time and no pace. */
export const createWorld = (parts: Partial<MockWorld> = {}): MockWorld => ({
  now: () => Date.now(),
  sleep,
  pace: noPace,
  memory: createMemory(),
  ...parts,
})

const kept = 10_000

export const createMemory = (): Memory => ({
  counts: remember(kept),
  prompts: remember(kept),
  proofs: remember(kept),
})

const ordinary = createWorld()

/** The world of a mock that was given a part of it, or nothing. */
export const worldOf = (parts: Partial<MockWorld> | undefined): MockWorld =>
  parts === undefined ? ordinary : { ...ordinary, ...parts }

/** Counts one more of something in a scope, and says how many there have been. */
export function countUp({ counts }: Memory, scope: string, name: string): number {
  const known = counts.get(scope) ?? {}
  const count = (known[name] ?? 0) + 1
  counts.set(scope, { ...known, [name]: count })
  return count
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(cancelled(signal.reason))
  if (milliseconds <= 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(cancelled(signal?.reason))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

export const cancelled = (cause?: unknown): GatewayError =>
  new GatewayError('cancelled', 'The request was cancelled', { cause })

// The key is the scenario: every client lets its user set a key, so no wire is bent.

import type { MockFailure } from './dialect.ts'

/** What each `mock-<scenario>` key does; what fails does so as the vendor does. */
export const scenarios = {
  invalid: 'refused: the key is wrong (401)',
  forbidden: 'refused: the key may not do this (403)',
  'rate-limited': 'refused: too many requests, with the seconds to wait (429)',
  quota: 'refused: the account has no credit left (429 or 402)',
  overloaded: 'refused: the vendor is overloaded (503 or 529)',
  'server-error': 'refused: the vendor has failed (500)',
  'too-large': 'refused: the request is too large (413)',
  moderated: 'refused: the safety system does not allow the prompt',
  'context-length': 'refused: the prompt is longer than the model can read',
  flaky: 'refused as overloaded every other time, the first time too',
  timeout: 'no answer until the caller leaves; after ten minutes a gateway timeout (504)',
  slow: 'the head comes after two seconds, the chunks of the body 100 ms apart',
  cut: 'the connection breaks in the middle of the body, after three chunks at most',
  'error-in-stream':
    'a stream ends in the vendor\u2019s own error event; other calls as server-error',
  garbage:
    'a 200 whose body is broken: an event that is none, half of a JSON text, noise for media',
  'not-json': 'a 200 with an HTML page',
  empty: 'a 200 without a body',
} as const satisfies Record<string, string>

export type Scenario = keyof typeof scenarios | 'plain'

const isScenario = (name: string): name is keyof typeof scenarios => Object.hasOwn(scenarios, name)

/** Every scenario but `plain`. */
export const scenarioNames: readonly (keyof typeof scenarios)[] =
  Object.keys(scenarios).filter(isScenario)

/** The scenarios that are a refusal of the vendor, whatever is asked. */
export const refusals = {
  invalid: { kind: 'bad-key' },
  forbidden: { kind: 'forbidden' },
  'rate-limited': { kind: 'rate-limited', retryAfterSeconds: 2 },
  quota: { kind: 'quota' },
  overloaded: { kind: 'overloaded' },
  'server-error': { kind: 'server-error' },
  'too-large': { kind: 'too-large' },
  moderated: { kind: 'moderated' },
  'context-length': { kind: 'context-length' },
} as const satisfies { [name in Scenario]?: MockFailure }

export const isRefusal = (scenario: Scenario): scenario is keyof typeof refusals =>
  Object.hasOwn(refusals, scenario)

/** Milliseconds, and chunks. */
export const measures = {
  timeout: 600_000,
  slowHead: 2000,
  slowChunk: 100,
  cutAfter: 3,
  errorAfter: 2,
} as const

export interface KeyMeaning {
  scenario: Scenario
  /** What keeps the calls of one test apart from those of another. */
  scope: string
}

/**
 * Reads a key: `mock[-scenario][:scope]`. Any other key is a plain one, and a scope of its own.
 * @example readKey('mock-slow:test-17') // { scenario: 'slow', scope: 'test-17' }
 */
export function readKey(key: string): KeyMeaning {
  const [, name, scope = ''] = /^mock(?:-([a-z-]+))?(?::(.*))?$/s.exec(key) ?? []
  if (name !== undefined && isScenario(name)) return { scenario: name, scope }
  if (/^mock(?::|$)/.test(key)) return { scenario: 'plain', scope }
  return { scenario: 'plain', scope: key }
}

/** The key that asks for a scenario in a scope. */
export const writeKey = (scope: string, scenario: Scenario = 'plain'): string =>
  `mock${scenario === 'plain' ? '' : `-${scenario}`}${scope === '' ? '' : `:${scope}`}`

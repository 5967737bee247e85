// What tests of applications hold in their hands: a small internet of mocks, scripted and watched.

import type { Provider } from '#core/provider'
import type { Transport } from '#core/transport'
import { createInternet } from './internet.ts'
import { createJournal, type JournalEntry, type JournalFilter } from './journal.ts'
import { writeKey, type Scenario } from './scenario.ts'
import { readFixtures } from './script/fixtures.ts'
import type { When } from './script/match.ts'
import {
  createScripts,
  type Chaos,
  type Reply,
  type Rule,
  type Strictness,
} from './script/scripts.ts'
import { createMemory, noPace, type MockWorld, type Pace } from './world.ts'

export interface MockOptions {
  /** What happens to a request that no rule answers: `off` (usual) lets the mock think of an answer. */
  strict?: Strictness
  pace?: Partial<Pace>
  chaos?: Chaos
  /** What chance follows from. */
  seed?: number
  /** Milliseconds since the epoch; real time when absent. */
  now?: MockWorld['now']
  /** Waits, for pace and slow scenarios; real time when absent. */
  sleep?: MockWorld['sleep']
}

/** One test's part of a mock: what is scripted here is for calls with a key of its scope only. */
export interface MockScope {
  /** The key to give to a client, for this scope and a scenario. */
  key(scenario?: Scenario): string
  /** Adds a rule; of several that fit a request, the one added first answers. */
  when(when: When): MockRule
  /** Answers the next request, whatever it is, before any rule. */
  next(reply: Reply): Rule
  /** Adds the rules and settings of fixtures. @throws GatewayError with the path of a mistake. */
  load(fixtures: unknown): void
  /** How often calls fail by chance. */
  chaos(chaos: Chaos | undefined): void
  strict(strict: Strictness | undefined): void
  /** What was sent, oldest first. */
  requests(filter?: JournalFilter): JournalEntry[]
  last(filter?: JournalFilter): JournalEntry | undefined
  /** The names of rules that have not answered as often as they were to. */
  pending(): string[]
  /** Forgets rules, settings, counts and requests. */
  reset(): void
}

export interface MockRule {
  /** One reply for each call; the last one repeats. */
  reply(...replies: [Reply, ...Reply[]]): Rule
  /** One reply for each call; then the rule is spent, and later ones are asked. */
  once(...replies: [Reply, ...Reply[]]): Rule
  /** The same reply for so many calls. */
  times(count: number, reply: Reply): Rule
  /** Names the rule, for the journal. */
  named(name: string): MockRule
}

export interface Mock extends MockScope {
  /** Answers as the providers would: give it to a client that takes a `fetch`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  send: Transport
  /** Every host that is answered. */
  hosts: readonly string[]
  /** The origin of each provider, by id. */
  origins: { [provider: string]: string }
  /** A part of the mock for one test, apart from all others. */
  scope(name: string): MockScope
}

/** A mock of all the providers given. */
export function createMockOf(providers: readonly Provider[], options: MockOptions = {}): Mock {
  const { now, sleep } = options
  const scripts = createScripts(options.seed)
  const journal = createJournal()
  const memory = createMemory()
  const internet = createInternet(providers, {
    scripts,
    journal,
    memory,
    pace: { ...noPace, ...options.pace },
    ...(now === undefined ? {} : { now }),
    ...(sleep === undefined ? {} : { sleep }),
  })
  const begin = (): void => {
    scripts.setStrict(options.strict)
    scripts.setChaos(options.chaos)
  }
  begin()

  function scopeOf(scope: string | undefined): MockScope {
    const here = scope === undefined ? {} : { scope }
    return {
      key: (scenario) => writeKey(scope ?? '', scenario),
      when: (when) => ruleOf((rule) => scripts.add({ when, ...here, ...rule })),
      next: (reply) => scripts.prepend({ when: {}, replies: [reply], times: 1, ...here }),
      load(fixtures) {
        const { rules, strict, chaos } = readFixtures(fixtures)
        for (const rule of rules) scripts.add({ ...here, ...rule })
        if (strict !== undefined) scripts.setStrict(strict, scope)
        if (chaos !== undefined) scripts.setChaos(chaos, scope)
      },
      chaos: (chaos) => scripts.setChaos(chaos, scope),
      strict: (strict) => scripts.setStrict(strict, scope),
      requests: (filter) => journal.entries({ ...here, ...filter }),
      last: (filter) => journal.last({ ...here, ...filter }),
      pending: () => scripts.pending(scope).map(({ name }) => name),
      reset() {
        scripts.reset(scope)
        journal.clear(scope === undefined ? undefined : here)
        if (scope !== undefined) memory.counts.delete(scope)
        else {
          for (const store of [memory.counts, memory.prompts, memory.proofs]) store.clear()
          begin()
        }
      },
    }
  }

  return {
    ...scopeOf(undefined),
    fetch: (input, init) => internet.fetch(new Request(input, init)),
    send: internet.send,
    hosts: internet.hosts,
    origins: Object.fromEntries(providers.map(({ id, origin }) => [id, origin])),
    scope: scopeOf,
  }
}

type NewRule = Pick<Rule, 'replies'> & { name?: string; times?: number }

const ruleOf = (add: (rule: NewRule) => Rule, name?: string): MockRule => {
  const called = name === undefined ? {} : { name }
  return {
    reply: (...replies) => add({ replies, ...called }),
    once: (...replies) => add({ replies, times: replies.length, ...called }),
    times: (count, reply) => add({ replies: [reply], times: count, ...called }),
    named: (chosen) => ruleOf(add, chosen),
  }
}

// The rules of a mock: in which order they are asked, and which of their answers is due.

import { dice, hash } from '../chance.ts'
import { scenarioNames, type Scenario } from '../scenario.ts'
import { isFor, type Answer } from './answer.ts'
import { fits, type Asked, type When } from './match.ts'

/** A text is `{ text }`; a function is asked each time. */
export type Reply = string | Answer | ((asked: Asked) => string | Answer | Promise<string | Answer>)

export interface Rule {
  /** What the journal calls it. */
  name: string
  /** Only calls with a key of this scope are answered; all are when absent. */
  scope?: string
  when: When
  /** One for each call; the last one repeats. */
  replies: readonly Reply[]
  /** How many calls are answered in each scope. */
  times?: number
}

/** How often calls fail by chance: the probability of each scenario, 0 to 1. */
export type Chaos = { [name in Exclude<Scenario, 'plain'>]?: number }

/** What happens to a request that no rule answers: the mind answers, the vendor refuses, or `fetch` throws. */
export type Strictness = 'off' | 'refuse' | 'throw'

export interface Scripts {
  /** Adds a rule after the others; the first rule that fits a request answers it. */
  add(rule: Omit<Rule, 'name'> & { name?: string }): Rule
  /** Adds a rule before the others. */
  prepend(rule: Omit<Rule, 'name'> & { name?: string }): Rule
  remove(rule: Rule): void
  /** The answer due for a request, and the rule it comes from. */
  answer(asked: Asked): Promise<{ rule: Rule; answer: Answer } | undefined>
  rules(scope?: string): readonly Rule[]
  /** Rules that have not answered as often as they were to: `times`, or once. */
  pending(scope?: string): readonly Rule[]
  setChaos(chaos: Chaos | undefined, scope?: string): void
  /** The scenario that chance has chosen for the next call. */
  chaos(scope: string): Scenario | undefined
  setStrict(strict: Strictness | undefined, scope?: string): void
  strict(scope: string): Strictness
  /** Forgets the rules, counts and settings of a scope, or of all. */
  reset(scope?: string): void
}

/** @param seed What chance follows from. */
export function createScripts(seed = 0): Scripts {
  let rules: Rule[] = []
  let added = 0
  const uses = new Map<Rule, Tally>()
  const settings = new Map<string | undefined, { chaos?: Chaos; strict?: Strictness }>()
  const draws = new Map<string, (limit: number) => number>()

  const tally = (rule: Rule): Tally => {
    const known = uses.get(rule) ?? { seen: new Map(), answered: new Map() }
    uses.set(rule, known)
    return known
  }

  const named = (rule: Omit<Rule, 'name'> & { name?: string }): Rule => {
    added++
    return { name: `rule ${added}`, ...rule }
  }

  /** The reply whose turn it is; `undefined` for a rule that is spent. */
  function due(rule: Rule, scope: string): Reply | undefined {
    const turn = count(tally(rule).answered, scope)
    return turn >= (rule.times ?? Infinity)
      ? undefined
      : rule.replies[Math.min(turn, rule.replies.length - 1)]
  }

  /** Whether it is this rule's turn; a rule counts what it has seen, answered or not. */
  function takes(rule: Rule, asked: Asked): boolean {
    if (rule.scope !== undefined && rule.scope !== asked.scope) return false
    const reply = due(rule, asked.scope)
    if (reply === undefined || !isMeant(reply, asked) || !fits(rule.when, asked)) return false
    const { seen } = tally(rule)
    const before = count(seen, asked.scope)
    seen.set(asked.scope, before + 1)
    return rule.when.call === undefined || rule.when.call === before
  }

  const here = (rule: Rule, scope: string | undefined): boolean =>
    scope === undefined || rule.scope === scope

  return {
    add(rule) {
      const whole = named(rule)
      rules.push(whole)
      return whole
    },
    prepend(rule) {
      const whole = named(rule)
      rules.unshift(whole)
      return whole
    },
    remove(rule) {
      rules = rules.filter((kept) => kept !== rule)
      uses.delete(rule)
    },
    async answer(asked) {
      const rule = rules.find((candidate) => takes(candidate, asked))
      if (rule === undefined) return undefined
      const reply = due(rule, asked.scope) ?? ''
      const { answered } = tally(rule)
      answered.set(asked.scope, count(answered, asked.scope) + 1)
      return { rule, answer: await answerOf(reply, asked) }
    },
    rules: (scope) => rules.filter((rule) => here(rule, scope)),
    pending: (scope) =>
      rules.filter((rule) => {
        const { answered } = tally(rule)
        const total = [...answered.values()].reduce((sum, uses) => sum + uses, 0)
        return here(rule, scope) && total < (rule.times ?? 1)
      }),
    setChaos(chaos, scope) {
      const { chaos: _, ...rest } = settings.get(scope) ?? {}
      settings.set(scope, chaos === undefined ? rest : { ...rest, chaos })
    },
    chaos(scope) {
      const chances = settings.get(scope)?.chaos ?? settings.get(undefined)?.chaos
      if (chances === undefined) return undefined
      const roll = draws.get(scope) ?? dice(hash(scope, seed))
      draws.set(scope, roll)
      return drawn(chances, roll(1_000_000) / 1_000_000)
    },
    setStrict(strict, scope) {
      const { strict: _, ...rest } = settings.get(scope) ?? {}
      settings.set(scope, strict === undefined ? rest : { ...rest, strict })
    },
    strict: (scope) => settings.get(scope)?.strict ?? settings.get(undefined)?.strict ?? 'off',
    reset(scope) {
      rules = scope === undefined ? [] : rules.filter((rule) => rule.scope !== scope)
      if (scope === undefined) {
        uses.clear()
        settings.clear()
        draws.clear()
        return
      }
      for (const { seen, answered } of uses.values()) {
        seen.delete(scope)
        answered.delete(scope)
      }
      settings.delete(scope)
      draws.delete(scope)
    },
  }
}

interface Tally {
  /** Calls that fitted, and calls that were answered, by scope. */
  seen: Map<string, number>
  answered: Map<string, number>
}

const count = (counts: Map<string, number>, scope: string): number => counts.get(scope) ?? 0

/** Whether a reply says something to this kind of request: words are nothing to an image route. */
const isMeant = (reply: Reply, { chat }: Asked): boolean =>
  typeof reply === 'function' ||
  isFor(typeof reply === 'string' ? { text: reply } : reply, chat !== undefined)

async function answerOf(reply: Reply, asked: Asked): Promise<Answer> {
  const made = typeof reply === 'function' ? await reply(asked) : reply
  return typeof made === 'string' ? { text: made } : made
}

function drawn(chances: Chaos, drop: number): Scenario | undefined {
  let sum = 0
  for (const name of scenarioNames) {
    sum += chances[name] ?? 0
    if (drop < sum) return name
  }
  return undefined
}

// Thinking and effort, in both directions.

import type { OutputConfig, ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages'
import type { ChatRequest, Reasoning } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import type { Reader } from '#core/reader'
import {
  effortBudgets,
  effortOfBudget,
  effortWords,
  wireEfforts,
  type WireEffort,
} from './vocabulary.ts'

/** The least a budget may be (`ThinkingConfigEnabled` of the SDK). */
const leastBudget = 1024

const thinkingTypes = [
  'enabled',
  'adaptive',
  'disabled',
  'between_tools',
] as const satisfies ThinkingConfigParam['type'][]

/**
 * `enabled` is a budget, `adaptive` an effort (or none said), `disabled` and `between_tools` no
 * reasoning. An effort without `thinking` is an effort.
 */
export function decodeReasoning(body: Reader, config: Reader | undefined): Reasoning | undefined {
  const thinking = body.maybeObject('thinking')
  if (thinking === undefined) {
    const effort = config?.maybeOneOf('effort', wireEfforts)
    return effort === undefined ? undefined : { effort }
  }
  const type = thinking.oneOf('type', thinkingTypes)
  switch (type) {
    case 'disabled':
    case 'between_tools':
      return { effort: 'none' }
    case 'enabled':
    case 'adaptive': {
      const display = thinking.maybeOneOf('display', ['summarized', 'omitted'])
      return defined({
        effort: config?.maybeOneOf('effort', wireEfforts),
        budgetTokens: type === 'enabled' ? budget(thinking) : undefined,
        visible: display === undefined ? undefined : display === 'summarized',
      })
    }
    default:
      return type satisfies never
  }
}

const budget = (thinking: Reader): number =>
  thinking.maybeInteger('budget_tokens') ?? thinking.fail('budget_tokens', 'a whole number')

/** Whether the model must call a tool: the vendor does not think then. */
export const isForced = ({ toolChoice }: ChatRequest): boolean =>
  toolChoice === 'required' || typeof toolChoice === 'object'

/** Whether the model always thinks, whatever the request says. */
export const isAlwaysThinking = ({ reasoning }: Model): boolean =>
  reasoning !== undefined && !reasoning.includes('off')

interface ReasoningWords {
  thinking?: JsonObject
  effort?: NonNullable<OutputConfig['effort']>
}

/** @param maxTokens the `max_tokens` of the request, which a budget must stay below. */
export function encodeReasoning(
  request: ChatRequest,
  model: Model,
  maxTokens: number,
  lose: Lose,
): ReasoningWords {
  const { reasoning } = request
  if (reasoning === undefined) return {}
  if (model.can?.includes('reasoning') === false) {
    if (reasoning.effort !== 'none')
      lose('reasoning', 'this model does not reason: the wish was left out')
    return {}
  }
  if (reasoning.effort === 'none') return switchedOff(model, lose)
  if (isForced(request) && !isAlwaysThinking(model)) {
    lose('reasoning', 'this model does not reason when a tool is forced: it was switched off')
    return { thinking: { type: 'disabled' } }
  }
  const display = reasoning.visible === undefined ? {} : shown(reasoning.visible)
  const effort = wordOf(reasoning, model, lose)
  const steered = model.reasoning ?? ['effort', 'budget', 'off']
  const takesBudget = steered.includes('budget')
  if (takesBudget && (reasoning.budgetTokens !== undefined || !steered.includes('effort'))) {
    const budgetTokens = fitBudget(reasoning, maxTokens, lose)
    if (budgetTokens === undefined) return effort
    return { thinking: { type: 'enabled', budget_tokens: budgetTokens, ...display }, ...effort }
  }
  return { thinking: { type: 'adaptive', ...display }, ...effort }
}

function switchedOff(model: Model, lose: Lose): ReasoningWords {
  if (!isAlwaysThinking(model)) return { thinking: { type: 'disabled' } }
  lose('reasoning', 'this model always reasons: the lowest effort was asked for')
  return { effort: 'low' }
}

const shown = (visible: boolean): JsonObject => ({ display: visible ? 'summarized' : 'omitted' })

/** The effort to say, for models that take one. */
function wordOf(reasoning: Reasoning, model: Model, lose: Lose): { effort?: WireEffort } {
  if (model.reasoning?.includes('effort') === false) return {}
  const { effort, budgetTokens } = reasoning
  if (effort === 'minimal') lose('reasoning.effort', 'the effort minimal was mapped to low')
  if (effort !== undefined) return { effort: effortWords[effort] }
  if (budgetTokens === undefined || model.reasoning?.includes('budget') !== false) return {}
  const nearest = effortOfBudget(budgetTokens)
  lose(
    'reasoning.budgetTokens',
    `a budget of ${budgetTokens} tokens was mapped to the effort ${nearest}`,
  )
  return { effort: nearest }
}

/** The budget within what the vendor takes; `undefined` when there is no room for any. */
function fitBudget(reasoning: Reasoning, maxTokens: number, lose: Lose): number | undefined {
  const { budgetTokens, effort } = reasoning
  if (maxTokens <= leastBudget) {
    lose('reasoning', `reasoning needs more than ${leastBudget} output tokens: it was left out`)
    return undefined
  }
  const wanted = budgetTokens ?? effortBudgets[effortWords[effort ?? 'medium']]
  const fitted = Math.min(Math.max(wanted, leastBudget), maxTokens - 1)
  if (fitted !== wanted) lose('reasoning', `a budget of ${wanted} tokens was mapped to ${fitted}`)
  return fitted
}

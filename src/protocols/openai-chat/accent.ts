// Hosts that speak this protocol with an accent: what they call otherwise, and what they do not take.

import { isObject, type Json, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import type { SpeaksOptions } from '../speaks.ts'

/** What becomes of the fields of one object. */
interface FieldRules {
  /** Fields by another name: `{ max_completion_tokens: 'max_tokens' }`. */
  renames?: { readonly [field: string]: string }
  /** Fields that are refused or ignored: left out, and told. */
  lacks?: readonly string[]
  /** Fields that are refused although what they ask for happens anyway: left out without a word. */
  needless?: readonly string[]
}

export interface Accent extends FieldRules {
  /** Messages of earlier answers; without the proofs of other vendors when absent. */
  answers?: FieldRules
  /** Parts of messages; without marks of cached prefixes when absent. */
  parts?: FieldRules
  /** Whether the role `developer` is known; it becomes `system` where it is not. */
  developers?: boolean
  /** What each `reasoning_effort` becomes, where it is not taken as it is. */
  efforts?: Efforts | ((model: Model) => Efforts)
  /** What no table says: the same object when it is right already. */
  more?: Amend
  /** The keys in a caller's own body that `more` looks at. */
  moreKeys?: readonly string[]
}

/** Another effort, the nearest there is; or the fields that say the same. */
export interface Efforts {
  readonly [effort: string]: string | JsonObject
}

export type Amend = (body: JsonObject, model: Model, lose: Lose) => JsonObject

/** What only some models of OpenAI itself understand. */
export const openaiOnly: readonly string[] = [
  'audio',
  'image_config',
  'modalities',
  'prediction',
  'prompt_cache_retention',
  'store',
  'verbosity',
  'web_search_options',
]

/** Fields of earlier answers that carry what other vendors proved. */
const foreignProofs = ['annotations', 'audio', 'extra_content', 'reasoning_details', 'refusal']
const cacheMark = 'prompt_cache_breakpoint'

/** Values that ask for nothing: their loss is not worth a word. */
const idle: { readonly [field: string]: Json } = {
  frequency_penalty: 0,
  logprobs: false,
  n: 1,
  parallel_tool_calls: true,
  presence_penalty: 0,
  service_tier: 'auto',
  store: false,
  verbosity: 'medium',
}

/** The accent as `speaks` takes it: for bodies of ours, and for callers' own bodies that need it. */
export function accented(accent: Accent): Required<Pick<SpeaksOptions, 'amend' | 'foreign'>> {
  const answers = accent.answers ?? { lacks: foreignProofs }
  const parts = accent.parts ?? { lacks: [cacheMark] }
  const rules = { ...accent, answers, parts }
  const amend: Amend = (body, model, lose) => {
    const fielded = ruled(body, rules, (field) =>
      lose(field, `${field} is not taken here and was left out`),
    )
    const worded = withMessages(fielded, rules, lose)
    const { efforts = {} } = accent
    const paced = withEffort(worded, typeof efforts === 'function' ? efforts(model) : efforts, lose)
    return accent.more === undefined ? paced : accent.more(paced, model, lose)
  }
  const keys = [accent, answers, parts].flatMap(keysOf).concat(accent.moreKeys ?? [])
  if (accent.efforts !== undefined) keys.push('reasoning_effort')
  const roles = accent.developers === true ? [] : ['"role"\\s*:\\s*"developer"']
  const has = new RegExp([`"(?:${keys.join('|')})"\\s*:`, ...roles].join('|'))
  return { amend, foreign: { has, amend } }
}

const keysOf = ({ renames = {}, lacks = [], needless = [] }: FieldRules): string[] => [
  ...Object.keys(renames),
  ...lacks,
  ...needless,
]

type Rules = Accent & { answers: FieldRules; parts: FieldRules }

/** The object with its fields renamed and left out; the same object when nothing was to do. */
function ruled(value: JsonObject, rules: FieldRules, told: (field: string) => void): JsonObject {
  const { renames = {}, lacks = [], needless = [] } = rules
  if (!keysOf(rules).some((key) => key in value)) return value
  const made: JsonObject = {}
  const renamed: JsonObject = {}
  for (const [key, field] of Object.entries(value)) {
    const name = renames[key]
    if (needless.includes(key)) continue
    if (lacks.includes(key)) {
      if (field !== undefined && field !== null && field !== idle[key]) told(key)
    } else if (name === undefined) made[key] = field
    else if (field !== null) renamed[name] = field
  }
  return { ...made, ...renamed }
}

function withEffort(body: JsonObject, efforts: Efforts, lose: Lose): JsonObject {
  const { reasoning_effort: effort, ...rest } = body
  if (typeof effort !== 'string' || !Object.hasOwn(efforts, effort)) return body
  const meant = efforts[effort] ?? effort
  if (typeof meant !== 'string') return { ...rest, ...meant }
  lose('reasoning_effort', `effort '${effort}' became '${meant}', the nearest there is`)
  return { ...rest, reasoning_effort: meant }
}

function withMessages(body: JsonObject, rules: Rules, lose: Lose): JsonObject {
  const { messages } = body
  if (!Array.isArray(messages)) return body
  const left = new Set<string>()
  const told = (field: string): unknown => left.add(field)
  const made = sameOr(messages, (message) =>
    isObject(message) ? spoken(message, rules, told) : message,
  )
  for (const field of left)
    lose('messages', `${field} of earlier messages is not taken here and was left out`)
  return made === messages ? body : { ...body, messages: made }
}

function spoken(message: JsonObject, rules: Rules, told: (field: string) => void): JsonObject {
  const { role } = message
  const isInstruction = role === 'developer' && rules.developers !== true
  const named = isInstruction ? { ...message, role: 'system' } : message
  const own = role === 'assistant' ? answered(named, rules.answers, told) : named
  const { content } = own
  if (!Array.isArray(content)) return own
  const parts = sameOr(content, (part) => (isObject(part) ? ruled(part, rules.parts, told) : part))
  return parts === content ? own : { ...own, content: parts }
}

function answered(
  message: JsonObject,
  rules: FieldRules,
  told: (field: string) => void,
): JsonObject {
  const own = ruled(message, rules, told)
  const calls = own['tool_calls']
  const { lacks = [] } = rules
  if (!Array.isArray(calls) || !lacks.includes('extra_content')) return own
  const bare = sameOr(calls, (call) =>
    isObject(call) ? ruled(call, { lacks: ['extra_content'] }, told) : call,
  )
  return bare === calls ? own : { ...own, tool_calls: bare }
}

/** The list with every item put right; the same list when all were. */
export function sameOr(items: Json[], right: (item: Json, index: number) => Json): Json[] {
  const made = items.map(right)
  return made.every((item, index) => item === items[index]) ? items : made
}

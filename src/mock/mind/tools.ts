// Which tools a request asks for, and with which arguments.

import type { ChatRequest, FunctionTool, Tool, ToolCallPart } from '#core/chat'
import { isObject, type Json } from '#core/json'
import { dice, digits, hash } from '../chance.ts'
import { lastResults, lastText } from '../script/match.ts'
import { factsOf, type Facts } from './facts.ts'
import { fill } from './fill.ts'
import { write } from './pattern.ts'
import { mapOf, resolved, stringsOf, typesOf } from './schema.ts'

type Callable = Exclude<Tool, { type: 'opaque' }>

/**
 * The calls the model makes. None once the request ends in tool results: those are answered.
 * @param seed What ids and chance follow from.
 */
export function callTools(request: ChatRequest, seed: string): ToolCallPart[] {
  if (lastResults(request).length > 0 || request.toolChoice === 'none') return []
  const text = lastText(request)
  const facts = factsOf(text)
  const wanted = choose(request, text)
  const calls = wanted.flatMap((tool) =>
    inputsOf(tool, facts, seed).map((input) => ({ tool, input })),
  )
  const allowed = request.parallelToolCalls === false ? calls.slice(0, 1) : calls
  return allowed.map(({ tool, input }, index) => ({
    type: 'tool-call',
    id: digits(`${seed} call ${index}`, 24),
    name: tool.name,
    input,
    ...(tool.type === 'custom' ? { kind: 'custom' } : {}),
  }))
}

function choose(request: ChatRequest, text: string): Callable[] {
  const { toolChoice } = request
  const tools = request.tools.flatMap((tool) => (tool.type === 'opaque' ? [] : [tool]))
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name)
  const rated = tools
    .map((tool) => ({ tool, score: rate(tool, text) }))
    .toSorted((one, other) => other.score - one.score)
  const [best] = rated
  if (best === undefined) return []
  const meant = rated.filter(({ score }) => score >= meaning)
  if (meant.length > 0)
    return inOrder(
      meant.map(({ tool }) => tool),
      tools,
    )
  const asked = /\b(use|call|invoke|run)\b.{0,30}\b(tools?|functions?)\b/i.test(text)
  return best.score >= hint || asked || toolChoice === 'required' ? [best.tool] : []
}

const inOrder = (chosen: Callable[], tools: Callable[]): Callable[] =>
  tools.filter((tool) => chosen.includes(tool))

/** A tool is meant when the text has a word of its name; words of the description only hint at it. */
const meaning = 10
const hint = 4

function rate(tool: Callable, text: string): number {
  if (text.includes(tool.name)) return 100
  const said = new Set(wordsOf(text))
  const named = wordsOf(tool.name).filter((word) => said.has(word)).length
  const described = new Set(wordsOf(tool.description ?? '').filter((word) => said.has(word))).size
  return named * meaning + described * 2
}

const wordsOf = (text: string): string[] =>
  text
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .map((word) => stem(word.toLowerCase()))
    .filter((word) => word.length > 2 && !common.has(word))

/** Endings off, so that `converting` is `convert` and `emails` is `email`. */
const stem = (word: string): string =>
  word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word

const common = new Set(
  (
    'get set the and for you are can use run make call tool function what which who how when where why with ' +
    'this that from into given user current currently list return about please have has was will would could ' +
    'all any not but its our your their new one two data info information value item result text name valu informat'
  ).split(' '),
)

/** The arguments of each call of a tool: several when the text names several things for its one text. */
function inputsOf(tool: Callable, facts: Facts, seed: string): string[] {
  if (tool.type === 'custom') return [freeInput(tool.format, facts, seed)]
  const subjects = subjectsOf(tool, facts)
  if (subjects === undefined) return [argumentsOf(tool, facts, seed)]
  const { key, values } = subjects
  return values.map((value) => argumentsOf(tool, facts, seed, { [key]: value }))
}

/** The property several things are named for. */
function subjectsOf(
  tool: FunctionTool,
  facts: Facts,
): { key: string; values: string[] } | undefined {
  const scope = { root: tool.parameters ?? {} }
  const schema = resolved(tool.parameters, scope)
  const required = stringsOf(schema.required)
  const texts = Object.entries(mapOf(schema.properties)).flatMap(([key, part]) => {
    const whole = resolved(part, scope)
    return required.includes(key) && typesOf(whole)[0] === 'string' && whole.enum === undefined
      ? [key]
      : []
  })
  const [key] = texts
  if (key === undefined || texts.length > 1) return undefined
  const values = facts.places.length > 1 && placeNames.test(key) ? facts.places : facts.quoted
  return values.length > 1 ? { key, values } : undefined
}

const placeNames = /city|location|place|town|country|destination|region|address/i

function argumentsOf(
  tool: FunctionTool,
  facts: Facts,
  seed: string,
  fixed: { [key: string]: Json } = {},
): string {
  const root = tool.parameters ?? {}
  const roll = dice(hash(`${seed} ${tool.name} ${JSON.stringify(fixed)}`))
  const value = fill(root, { root, facts, roll, used: new Set(), fixed })
  return JSON.stringify(isObject(value) ? value : {})
}

function freeInput(format: Json | undefined, facts: Facts, seed: string): string {
  const grammar = mapOf(mapOf(format).grammar ?? format)
  const written =
    grammar.syntax === 'regex' && typeof grammar.definition === 'string'
      ? write(grammar.definition, dice(hash(seed)))
      : undefined
  return written ?? facts.quoted[0] ?? facts.text
}

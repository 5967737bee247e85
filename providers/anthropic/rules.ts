// What the API refuses beyond wrong types: rules of the version, of the model, and of the conversation.

import { isObject, type Json, type JsonObject, type Model } from '#kit'

export const versions = ['2023-06-01', '2026-10-21'] as const
export type Version = (typeof versions)[number]

/** The vendor's complaint about a request; `undefined` when there is none. */
export const complaint = (body: JsonObject, model: Model, version: Version): string | undefined =>
  sampling(body, model, version) ??
  (version === '2026-10-21' ? newer(body) : undefined) ??
  thinking(body, model) ??
  conversation(body, model)

/** The newer version has no sampling parameters at all; with the older one some models take only defaults. */
function sampling(body: JsonObject, model: Model, version: Version): string | undefined {
  const { temperature, top_p: topP, top_k: topK } = body
  if (version === '2026-10-21') {
    const given = ['temperature', 'top_p', 'top_k'].find((name) => isGiven(body[name]))
    return given === undefined ? undefined : `${given}: Extra inputs are not permitted`
  }
  const { rejects = [] } = model
  const refused =
    (rejects.includes('temperature') && isGiven(temperature) && temperature !== 1) ||
    (rejects.includes('topP') && typeof topP === 'number' && topP < 0.99) ||
    (rejects.includes('topK') && isGiven(topK))
  return refused ? 'temperature, top_p and top_k are not supported for this model.' : undefined
}

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null

/** What `2026-10-21` refuses inside messages. */
function newer(body: JsonObject): string | undefined {
  for (const [index, message] of list(body['messages']).entries())
    for (const [at, block] of list(message['content']).entries()) {
      const path = `messages.${index}.content.${at}`
      if (message['role'] === 'assistant' && block['type'] === 'document')
        return `${path}: document blocks are not permitted in assistant messages`
      if (
        message['role'] === 'user' &&
        block['type'] === 'text' &&
        list(block['citations']).length > 0
      )
        return `${path}.citations: citations are not permitted in user messages`
    }
  return undefined
}

function thinking(body: JsonObject, model: Model): string | undefined {
  const wish = isObject(body['thinking']) ? body['thinking'] : {}
  const { type, budget_tokens: budget } = wish
  const ways = model.reasoning ?? []
  const unsupported =
    (type === 'enabled' && !ways.includes('budget')) ||
    (type === 'adaptive' && !ways.includes('effort')) ||
    (type === 'disabled' && !ways.includes('off'))
  if (unsupported)
    return `"thinking.type.${type}" is not supported for this model.${ways.includes('effort') ? advice : ''}`
  if (type === 'enabled' && typeof budget === 'number') {
    if (budget < 1024)
      return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'
    if (typeof body['max_tokens'] === 'number' && budget >= body['max_tokens'])
      return '`max_tokens` must be greater than `thinking.budget_tokens`.'
  }
  const choice = isObject(body['tool_choice']) ? body['tool_choice']['type'] : undefined
  const thinks = !ways.includes('off') || type === 'enabled' || type === 'adaptive'
  return thinks && (choice === 'any' || choice === 'tool')
    ? 'Thinking may not be enabled when tool_choice forces tool use.'
    : undefined
}

/** The API's own (2026-07): models since Opus 4.7 and Sonnet 5 take no budget. */
const advice =
  ' Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'

function conversation(body: JsonObject, model: Model): string | undefined {
  const messages = joined(list(body['messages']))
  if (messages.length === 0) return 'messages: at least one message is required'
  if (typeof body['max_tokens'] === 'number' && body['max_tokens'] > (model.maxOutput ?? Infinity))
    return `max_tokens: ${body['max_tokens']} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`
  if (messages.at(-1)?.['role'] === 'assistant' && model.rejects?.includes('prefill') === true)
    return 'This model does not support assistant message prefill. The conversation must end with a user message.'
  for (const [index, message] of messages.entries()) {
    const wrong = turn(messages, index, message)
    if (wrong !== undefined) return `messages.${index}: ${wrong}`
  }
  return undefined
}

/** Consecutive turns of one role are one, as the API joins them. */
function joined(messages: readonly JsonObject[]): JsonObject[] {
  const turns: JsonObject[] = []
  for (const message of messages) {
    const before = turns.at(-1)
    if (before === undefined || before['role'] !== message['role']) turns.push(message)
    else turns[turns.length - 1] = { ...before, content: [...blocks(before), ...blocks(message)] }
  }
  return turns
}

const blocks = ({ content }: JsonObject): JsonObject[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : list(content)

function turn(messages: JsonObject[], index: number, message: JsonObject): string | undefined {
  const parts = blocks(message)
  if (parts.some((block) => block['type'] === 'text' && block['text'] === ''))
    return 'text content blocks must be non-empty'
  if (message['role'] === 'system') {
    const next = messages[index + 1]?.['role']
    return next === undefined || next === 'assistant'
      ? undefined
      : "role 'system' must precede an 'assistant' message or end the array"
  }
  const calls = parts.flatMap((block) => (block['type'] === 'tool_use' ? [word(block['id'])] : []))
  const answers = list(messages[index + 1]?.['content']).flatMap((block) =>
    block['type'] === 'tool_result' ? [word(block['tool_use_id'])] : [],
  )
  const open = calls.filter((id) => !answers.includes(id))
  return open.length === 0
    ? undefined
    : `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}`
}

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const list = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

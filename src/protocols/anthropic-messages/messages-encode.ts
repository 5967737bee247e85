// The conversation as the vendor orders it.

import type { ChatRequest, Message, TextPart } from '#core/chat'
import { isObject, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import { encodeAssistantPart, encodeContent, encodeUserPart, shorten } from './blocks-encode.ts'
import { id } from './vocabulary.ts'
import { present } from './present.ts'

interface Turn {
  role: Message['role']
  content: JsonObject[]
}

/**
 * Consecutive turns of one role stay apart (the vendor joins them), but for tool results: all that
 * answer one turn come in one message, before anything else.
 *
 * A later system message stays where it is when the model takes it there; otherwise it moves, in
 * order, to the end of the system prompt, which is reported.
 */
export function encodeMessages(
  request: ChatRequest,
  target: Target,
): { system: JsonObject[]; messages: JsonObject[] } {
  const { lose } = target
  const system = present(
    request.system.map((part, index) =>
      encodeContent(unattributed(part), `system[${index}]`, lose),
    ),
  )
  const turns: Turn[] = []
  let moved: JsonObject[] = []
  for (const [index, message] of request.messages.entries()) {
    const { content, later } = encodeMessage(message, `messages[${index}]`, target)
    if (message.role === 'system' && !staysThere(request.messages, index, target)) {
      lose(`messages[${index}]`, 'a later system message was moved to the system prompt')
      system.push(...content)
      continue
    }
    if (message.role === 'user') content.push(...moved.splice(0))
    else if (moved.length > 0) turns.push({ role: 'user', content: moved.splice(0) })
    if (content.length > 0) turns.push({ role: message.role, content })
    moved = later
  }
  if (moved.length > 0) turns.push({ role: 'user', content: moved })
  // Other protocols answer instructions alone; this one wants a message.
  if (turns.length === 0 && system.length > 0) {
    lose('system', 'instructions without a conversation were sent as a user message')
    turns.push({ role: 'user', content: system.splice(0) })
  }
  return { system, messages: finished(joinResults(turns, target), target) }
}

/** After a user turn, and before an answer or the end (docs, mid-conversation system messages). */
function staysThere(messages: readonly Message[], index: number, { model }: Target): boolean {
  const next = messages[index + 1]
  return (
    model.can?.includes('system-messages') === true &&
    messages[index - 1]?.role === 'user' &&
    (next === undefined || next.role === 'assistant')
  )
}

/** Other protocols note who gives an instruction (a developer, a name): without it, no word is lost. */
function unattributed({ extra, ...part }: TextPart): TextPart {
  const own = extra?.[id]
  return own === undefined ? part : { ...part, extra: { [id]: own } }
}

interface Encoded {
  content: JsonObject[]
  /** Files the assistant made: the vendor takes files from the user only. */
  later: JsonObject[]
}

function encodeMessage(message: Message, path: string, { lose }: Target): Encoded {
  if (message.role !== 'system' && message.name !== undefined)
    lose(`${path}.name`, 'names of participants are not supported and were left out')
  const at = (index: number): string => `${path}.content[${index}]`
  switch (message.role) {
    case 'system':
      return plain(message.content.map((part, n) => encodeContent(unattributed(part), at(n), lose)))
    case 'user':
      return plain(message.content.map((part, n) => encodeUserPart(part, at(n), lose)))
    case 'assistant':
      return encodeAnswer(message.content, at, lose)
    default:
      return message satisfies never
  }
}

const plain = (blocks: (JsonObject | undefined)[]): Encoded => ({
  content: present(blocks),
  later: [],
})

function encodeAnswer(
  parts: Extract<Message, { role: 'assistant' }>['content'],
  at: (index: number) => string,
  lose: Target['lose'],
): Encoded {
  const content: (JsonObject | undefined)[] = []
  const later: (JsonObject | undefined)[] = []
  for (const [index, part] of parts.entries()) {
    const path = at(index)
    if (part.type !== 'file') content.push(encodeAssistantPart(part, path, lose))
    else if (part.transcript !== undefined) {
      lose(path, 'a sound of the assistant was replaced by its transcript')
      content.push({ type: 'text', text: part.transcript })
    } else {
      lose(path, 'a file of the assistant was moved to the next user message')
      later.push(encodeContent(part, path, lose))
    }
  }
  return { content: present(content), later: present(later) }
}

/** Brings the tool results of each run of user turns together, to its front, where they are not. */
function joinResults(turns: readonly Turn[], { lose }: Target): Turn[] {
  const joined: Turn[] = []
  for (let start = 0; start < turns.length;) {
    const role = turns[start]?.role
    const after = turns.findIndex((turn, index) => index > start && turn.role !== role)
    const end = role === 'user' && after < 0 ? turns.length : role === 'user' ? after : start + 1
    joined.push(...joinRun(turns.slice(start, end), lose))
    start = end
  }
  return joined
}

function joinRun(run: Turn[], lose: Target['lose']): Turn[] {
  const [first] = run
  if (first === undefined || first.role !== 'user') return run
  const blocks = run.flatMap((turn) => turn.content)
  const results = blocks.filter(isResult)
  if (first.content.slice(0, results.length).filter(isResult).length === results.length) return run
  const rest = blocks.filter((block) => !isResult(block))
  if (blocks.findLastIndex(isResult) >= results.length)
    lose('messages', 'tool results were moved before the other content of their turn')
  return [{ role: 'user', content: [...results, ...rest] }]
}

const isResult = (block: JsonObject): boolean => block['type'] === 'tool_result'

/** Whether tool results answer a turn that did not begin with a thought: the vendor refuses a budget then. */
export function lacksThoughts(messages: readonly JsonObject[]): boolean {
  if (!blocksOf(messages.at(-1)).some(isResult)) return false
  const answer = messages.findLast((message) => message['role'] === 'assistant')
  const [first] = blocksOf(answer)
  return first?.['type'] !== 'thinking' && first?.['type'] !== 'redacted_thinking'
}

function blocksOf(message: JsonObject | undefined): JsonObject[] {
  const content = message?.['content']
  return Array.isArray(content) ? content.filter(isObject) : []
}

/** Asks to go on, in words, where the model does not continue an answer that has begun. */
function finished(turns: readonly Turn[], { model, lose }: Target): JsonObject[] {
  const messages: JsonObject[] = turns.map(({ role, content }) => ({
    role,
    content: shorten(content),
  }))
  if (turns.at(-1)?.role !== 'assistant' || model.rejects?.includes('prefill') !== true)
    return messages
  lose('messages', 'this model cannot continue an answer: a user message asks it to go on')
  return [...messages, { role: 'user', content: 'Continue exactly where you stopped.' }]
}

// Arbitrary requests, replies and event streams of the canonical language, limited to what a protocol can say.

import fc from 'fast-check'
import type {
  AssistantPart,
  Candidate,
  ChatEvent,
  ChatReply,
  ChatRequest,
  Finish,
  Message,
  SystemMessage,
  TextPart,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolResultPart,
  Usage,
  UserMessage,
} from '#core/chat'
import { replay } from '#core/events'
import { defined } from '#core/json'
import {
  identifier,
  maybe,
  type ParameterArbitraries,
  type Parameters,
} from './part-arbitraries.ts'

export * from './part-arbitraries.ts'

/**
 * Parts of one kind that may follow each other in an answer. An answer is made group by group, in the
 * order of the list; a protocol that keeps any order has one group of `fc.oneof(...)`.
 */
export interface Group<Part> {
  part: fc.Arbitrary<Part>
  most: number
}

/**
 * What a protocol can say without loss, as arbitraries; what is absent it cannot say.
 * Build it from the arbitraries of this file, or from your own where a protocol is narrower.
 */
export interface Sayable {
  request: {
    /** Parts of `request.system`; up to three. */
    system?: fc.Arbitrary<TextPart>
    /** System messages after the first message. */
    laterSystem?: fc.Arbitrary<SystemMessage>
    /** Parts of a user message besides tool results; one to three. */
    user: fc.Arbitrary<UserMessage['content'][number]>
    /** `name` of a user message. */
    userName?: fc.Arbitrary<string>
    /** Answers in the history. Tool calls get ids that are unique in the conversation, and are answered. */
    assistant: readonly Group<AssistantPart>[]
    /** What a tool answered, given the call's id; always in a user message of its own. */
    toolResult?: (call: ToolCallPart) => fc.Arbitrary<ToolResultPart>
    tools?: fc.Arbitrary<Tool>
    /** Chosen with the names of the tools at hand, and only when there are tools. */
    toolChoice?: readonly ('auto' | 'none' | 'required' | 'name')[]
    /** `stream` is always needed; the rest are present half of the time. */
    parameters: ParameterArbitraries
    /** Brings fields in line that depend on each other; the last step. */
    adjust?: (request: ChatRequest) => ChatRequest
    /** Parameters the protocol demands: always present. */
    always?: readonly (keyof Parameters)[]
  }
  reply: {
    id?: fc.Arbitrary<string>
    model?: fc.Arbitrary<string>
    /** Always present when given. */
    created?: fc.Arbitrary<number>
    content: readonly Group<AssistantPart>[]
    finish: fc.Arbitrary<Finish>
    /** How many answers at most; 1 when absent. */
    candidates?: number
    usage: fc.Arbitrary<Usage>
    serviceTier?: fc.Arbitrary<string>
    extra?: fc.Arbitrary<NonNullable<ChatReply['extra']>>
  }
}

/** Conversations as they happen: user and assistant turns, every tool call answered before the next turn. */
export function chatRequest(sayable: Sayable): fc.Arbitrary<ChatRequest> {
  const { request } = sayable
  const system: fc.Arbitrary<TextPart[]> =
    request.system === undefined ? fc.constant([]) : fc.array(request.system, { maxLength: 3 })
  const tools: fc.Arbitrary<Tool[]> =
    request.tools === undefined
      ? fc.constant([])
      : fc.uniqueArray(request.tools, { maxLength: 3, selector: toolName })
  const chosen: fc.Arbitrary<Partial<Parameters>> = fc
    .record(Object.fromEntries(Object.entries(request.parameters).map(presence(request.always))))
    .map((values) => defined(values))
  return fc
    .record({ model: identifier, system, messages: conversation(sayable), tools, chosen })
    .chain(({ chosen: { stream = false, ...parameters }, ...rest }) =>
      toolChoice(sayable, rest.tools).map((choice): ChatRequest => ({
        ...rest,
        ...parameters,
        stream,
        ...defined({ toolChoice: choice }),
        unread: [],
      })),
    )
    .map(request.adjust ?? ((made) => made))
}

const presence =
  (always: readonly string[] = []) =>
  ([name, arbitrary]: [string, fc.Arbitrary<unknown>]): [string, fc.Arbitrary<unknown>] => [
    name,
    name === 'stream' || always.includes(name) ? arbitrary : maybe(arbitrary),
  ]

const toolName = (tool: Tool): string => (tool.type === 'opaque' ? JSON.stringify(tool) : tool.name)

function toolChoice(sayable: Sayable, tools: Tool[]): fc.Arbitrary<ToolChoice | undefined> {
  if (tools.length === 0) return fc.constant(undefined)
  const names = tools.flatMap((tool) => (tool.type === 'opaque' ? [] : [{ name: tool.name }]))
  const choices = (sayable.request.toolChoice ?? []).flatMap((choice): ToolChoice[] =>
    choice === 'name' ? names : [choice],
  )
  return choices.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...choices))
}

/** One to five turns. */
function conversation(sayable: Sayable): fc.Arbitrary<Message[]> {
  const { request } = sayable
  const user: fc.Arbitrary<Message> = fc
    .record({
      role: fc.constant('user' as const),
      content: fc.array(request.user, { minLength: 1, maxLength: 3 }),
      name: maybe(request.userName),
    })
    .map((message): UserMessage => defined(message))
  const assistant: fc.Arbitrary<Message> = content(request.assistant)
    .filter((parts) => parts.length > 0)
    .map((parts) => ({ role: 'assistant', content: parts }))
  const turns = [
    user,
    assistant,
    ...(request.laterSystem === undefined ? [] : [request.laterSystem]),
  ]
  return fc
    .tuple(user, fc.array(fc.oneof(...turns), { maxLength: 4 }))
    .map(([first, others]) => numbered([first, ...others]))
    .chain((messages) => fc.tuple(...messages.map((message) => answered(sayable, message))))
    .map((messages) => messages.flat())
}

function answered(sayable: Sayable, message: Message): fc.Arbitrary<Message[]> {
  const result = sayable.request.toolResult
  if (message.role !== 'assistant' || result === undefined) return fc.constant([message])
  const calls = message.content.filter((part) => part.type === 'tool-call')
  if (calls.length === 0) return fc.constant([message])
  return fc
    .tuple(...calls.map(result))
    .map((results): Message[] => [message, { role: 'user', content: results }])
}

/** Gives every tool call its own id. */
function numbered(messages: Message[]): Message[] {
  let count = 0
  return messages.map((message) =>
    message.role === 'assistant'
      ? { ...message, content: message.content.map((part) => renumbered(part, () => count++)) }
      : message,
  )
}

const renumbered = (part: AssistantPart, next: () => number): AssistantPart =>
  part.type === 'tool-call' ? { ...part, id: `call_${String(next()).padStart(4, '0')}` } : part

/** The parts of one answer, possibly none. */
function content(groups: readonly Group<AssistantPart>[]): fc.Arbitrary<AssistantPart[]> {
  return fc
    .tuple(...groups.map((group) => fc.array(group.part, { maxLength: group.most })))
    .map((parts) => parts.flat())
}

export function chatReply(sayable: Sayable): fc.Arbitrary<ChatReply> {
  const { reply } = sayable
  const candidate: fc.Arbitrary<Candidate> = fc.record({
    content: content(reply.content),
    finish: reply.finish,
  })
  return fc
    .record({
      id: reply.id ?? identifier,
      model: reply.model ?? identifier,
      created: reply.created ?? fc.constant(undefined),
      candidates: fc.tuple(
        candidate,
        fc.array(candidate, { maxLength: (reply.candidates ?? 1) - 1 }),
      ),
      usage: reply.usage,
      serviceTier: maybe(reply.serviceTier),
      extra: maybe(reply.extra),
    })
    .map(({ candidates: [first, others], ...rest }): ChatReply => {
      let count = 0
      const named = (one: Candidate): Candidate => ({
        ...one,
        content: one.content.map((part) => renumbered(part, () => count++)),
      })
      const all: ChatReply['candidates'] = [named(first), ...others.map(named)]
      return { ...defined(rest), candidates: all }
    })
}

/** The events of a reply with its deltas cut into pieces anywhere but inside a surrogate pair. */
export function chatEvents(
  sayable: Sayable,
): fc.Arbitrary<{ reply: ChatReply; events: ChatEvent[] }> {
  return fc
    .record({ reply: chatReply(sayable), size: fc.integer({ min: 1, max: 6 }) })
    .map(({ reply, size }) => ({
      reply,
      events: replay(reply).flatMap((event) => cut(event, size)),
    }))
}

function cut(event: ChatEvent, size: number): ChatEvent[] {
  if (event.type !== 'part-delta') return [event]
  const characters = Array.from(event.delta)
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, piece) => ({
    ...event,
    delta: characters.slice(piece * size, (piece + 1) * size).join(''),
  }))
}

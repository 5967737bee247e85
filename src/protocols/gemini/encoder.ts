// Writes the stream of a reply: one GenerateContentResponse for each piece of text, each medium, all calls of a step.

import { joinBase64 } from '#core/bytes'
import type { AssistantPart, Candidate, ChatEvent, ChatRequest } from '#core/chat'
import { isObject, type JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder } from '#core/protocol'
import { showsThoughts, writeEnd, writeFrame, writeNames, writePart } from './reply.ts'
import { protocolId } from './vocabulary.ts'

/** A part on its way out: text leaves at once, media when they are whole, calls together with their neighbours. */
interface Outgoing {
  number: number
  part: AssistantPart
  isSent: boolean
}

/** What has been sent of a reply, and what waits. */
interface Writing {
  request: ChatRequest
  outgoing: Map<number, Outgoing>
  contents: AssistantPart[][]
  /** Calls by answer that wait for others of the same step: only the first of them is signed. */
  held: Map<number, JsonObject[]>
  names: Parameters<typeof writeNames>[0]
}

export function streamEncoder(request: ChatRequest): StreamEncoder {
  const writing: Writing = {
    request,
    outgoing: new Map(),
    contents: [],
    held: new Map(),
    names: { id: '', model: '' },
  }
  return {
    push(event) {
      switch (event.type) {
        case 'start':
          writing.names = event
          return []
        case 'part-start':
          return partStart(writing, event)
        case 'part-delta':
          return partDelta(writing, event)
        case 'part-end':
          return partEnd(writing, event)
        case 'end':
          return end(writing, event)
        default:
          return event satisfies never
      }
    },
  }
}

type Event<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

const message = ({ names }: Writing, number: number, parts: JsonObject[]): SseEvent[] =>
  parts.length === 0
    ? []
    : [
        toEvent({
          candidates: [{ content: { role: 'model', parts }, index: number }],
          ...writeNames(names),
        }),
      ]

function release(writing: Writing, number: number): SseEvent[] {
  const calls = writing.held.get(number) ?? []
  writing.held.delete(number)
  return message(writing, number, calls)
}

function partStart(writing: Writing, event: Event<'part-start'>): SseEvent[] {
  const { index, part, candidate: number = 0 } = event
  if (part.type === 'reasoning' && !showsThoughts(writing.request)) return []
  writing.outgoing.set(index, { number, part, isSent: false })
  return part.type === 'tool-call' ? [] : release(writing, number)
}

function partDelta(writing: Writing, event: Event<'part-delta'>): SseEvent[] {
  const out = writing.outgoing.get(event.index)
  if (out === undefined) return []
  const { part, number, isSent } = out
  out.part = grown(part, event)
  if (!isText(part)) return []
  out.isSent = true
  const { signature: _, ...rest } = part
  // Only the first piece says what the part says of itself.
  const piece = isSent ? bare(part, event.delta) : { ...rest, text: event.delta }
  return message(writing, number, writePart(piece, writing.request))
}

function partEnd(writing: Writing, event: Event<'part-end'>): SseEvent[] {
  const { request, outgoing, contents, held } = writing
  const out = outgoing.get(event.index)
  if (out === undefined) return []
  outgoing.delete(event.index)
  const { number } = out
  const part = { ...out.part, ...event.set }
  const content = (contents[number] ??= [])
  content.push(part)
  if (part.type === 'tool-call') {
    held.set(number, [...(held.get(number) ?? []), ...writePart(part, request)])
    return []
  }
  if (!isText(part)) return message(writing, number, writePart(part, request))
  const { signature } = part
  if (signature?.protocol !== protocolId) return []
  return message(writing, number, writePart({ ...bare(part, ''), signature }, request))
}

function end(writing: Writing, event: Event<'end'>): SseEvent[] {
  const { contents, held, names } = writing
  const own = event.extra?.[protocolId] ?? {}
  const candidates = event.finishes.map((finish, number) => {
    const candidate: Candidate = { content: contents[number] ?? [], finish }
    // As the vendor does, and its SDK's chats expect: content in every event, if only an empty text.
    const content = { role: 'model', parts: [{ text: '' }] }
    const isFiltered = finish.reason === 'content-filter'
    return { ...(isFiltered ? {} : { content }), ...writeEnd(candidate, number, own) }
  })
  const isBlocked = isObject(own['promptFeedback']) && contents.length === 0
  return [
    ...[...held.keys()].flatMap((number) => release(writing, number)),
    toEvent({
      ...(isBlocked ? {} : { candidates }),
      ...writeFrame({ ...names, usage: event.usage }, own),
    }),
  ]
}

type TextLike = Extract<AssistantPart, { type: 'text' | 'refusal' | 'reasoning' }>

const isText = (part: AssistantPart): part is TextLike =>
  part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning'

/** A piece of the same part, without what the part has said of itself. */
const bare = (part: TextLike, text: string): AssistantPart => ({ type: part.type, text })

function grown(part: AssistantPart, { delta, transcript }: Event<'part-delta'>): AssistantPart {
  if (isText(part)) return { ...part, text: part.text + delta }
  if (part.type === 'tool-call') return { ...part, input: part.input + delta }
  if (part.type === 'opaque') return part
  const { source } = part
  return {
    ...part,
    source: 'base64' in source ? { base64: joinBase64(source.base64, delta) } : source,
    ...(transcript === undefined ? {} : { transcript: (part.transcript ?? '') + transcript }),
  }
}

const toEvent = (message: JsonObject): SseEvent => ({ data: JSON.stringify(message) })

// An answer under way, whole or streamed: items in the order they appear, each told of as it grows.

import type {
  AssistantPart,
  ChatEvent,
  ChatRequest,
  FilePart,
  Finish,
  OpaquePart,
  PartEnd,
} from '#core/chat'
import { defined, isObject, type JsonObject } from '#core/json'
import { linkOf } from '../openai-chat/parts.ts'
import { callSlot, imageSlot, speechSlot, thoughtSlot } from './growth.ts'
import { itemId, responseId, type ItemPrefix } from './ids.ts'
import { encodeBlock } from './proof.ts'
import { responseShell } from './response.ts'
import { encodeUsage } from './usage.ts'
import { id as protocolId, imageFormat, incompleteReason, type Status } from './vocabulary.ts'

/** Tells the caller of a step; a whole reply tells nothing. */
export type Write = (type: string, fields: JsonObject) => void

/** One item of `output`, shown as far as it has come. */
export interface Item {
  readonly id: string
  readonly index: number
  /** Parts that still grow. */
  open: number
  isDone: boolean
  show(status: Status): JsonObject
}

/** A part that grows. */
export interface Slot {
  grow(delta: string, transcript?: string): void
  finish(set: PartEnd): void
}

/** What the parts of an answer need to become items. */
export interface Room {
  write: Write
  /** The item added last. */
  last(): Item | undefined
  add<T extends Item>(prefix: ItemPrefix, make: (id: string, index: number) => T): T
  /** An item that only keeps something for the caller to give back. */
  carry(encrypted: string): void
}

export interface Answer {
  push(event: ChatEvent): void
  /** What a caller is told when the answer will not come to its end. */
  fail(error: JsonObject): void
  /** The response as it stands. */
  response(): JsonObject
}

export function answer(request: ChatRequest, write: Write): Answer {
  const items: Item[] = []
  const slots = new Map<number, Slot>()
  let shell: JsonObject = {}
  let response = ''

  function done(item: Item, status: Status): void {
    item.isDone = true
    write('response.output_item.done', { output_index: item.index, item: item.show(status) })
  }

  /** Ends the items that nothing can join any more. */
  function settle(): void {
    for (const item of items) if (!item.isDone && item.open === 0) done(item, 'completed')
  }

  const room: Room = {
    write,
    last: () => items.at(-1),
    add(prefix, make) {
      settle()
      const item = make(itemId(prefix, response, items.length), items.length)
      items.push(item)
      write('response.output_item.added', {
        output_index: item.index,
        item: item.show('in_progress'),
      })
      return item
    },
    carry(encrypted) {
      room.add('rs', (id, index) =>
        wholeItem(index, { type: 'reasoning', id, summary: [], encrypted_content: encrypted }),
      )
    },
  }

  const snapshot = (status: string): JsonObject => ({
    ...shell,
    status,
    output: items.map((item) => item.show(item.isDone ? 'completed' : 'in_progress')),
  })

  function begin(event: ChatEvent & { type: 'start' }): void {
    response = responseId(event.id)
    shell = responseShell(request, { ...event, id: response })
    write('response.created', { response: snapshot('in_progress') })
    write('response.in_progress', { response: snapshot('in_progress') })
  }

  function endPart(index: number, set: PartEnd): void {
    slots.get(index)?.finish(set)
    slots.delete(index)
    for (const item of items.slice(0, -1))
      if (!item.isDone && item.open === 0) done(item, 'completed')
  }

  function end({ finishes, usage, serviceTier, extra }: ChatEvent & { type: 'end' }): void {
    const [finish] = finishes
    const last = items.at(-1)
    const isCut = incompleteReason(finish) !== undefined
    for (const item of items)
      if (!item.isDone) done(item, isCut && item === last ? 'incomplete' : 'completed')
    shell = {
      ...shell,
      ...outcome(finish),
      output: items.map((item) => item.show(isCut && item === last ? 'incomplete' : 'completed')),
      usage: encodeUsage(usage),
      ...defined({ service_tier: serviceTier }),
      ...extra?.[protocolId],
    }
    write(isCut ? 'response.incomplete' : 'response.completed', { response: shell })
  }

  return {
    push(event) {
      switch (event.type) {
        case 'start':
          return begin(event)
        case 'part-start':
          // The protocol has no place for another answer.
          if ((event.candidate ?? 0) === 0) slots.set(event.index, slotOf(event.part, room))
          return
        case 'part-delta':
          return slots.get(event.index)?.grow(event.delta, event.transcript)
        case 'part-end':
          return endPart(event.index, event.set ?? {})
        case 'end':
          return end(event)
        default:
          event satisfies never
      }
    },
    fail(error) {
      write('response.failed', { response: { ...snapshot('failed'), error } })
    },
    response: () => shell,
  }
}

function outcome(finish: Finish): JsonObject {
  const reason = incompleteReason(finish)
  return reason === undefined
    ? { status: 'completed' }
    : { status: 'incomplete', incomplete_details: { reason } }
}

function slotOf(part: AssistantPart, room: Room): Slot {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return speechSlot(part, room)
    case 'reasoning':
      return thoughtSlot(part, room)
    case 'tool-call':
      return callSlot(part, room)
    case 'file':
      return fileSlot(part, room)
    case 'opaque':
      place(part, room)
      return nothing
    default:
      return part satisfies never
  }
}

const nothing: Slot = { grow: () => undefined, finish: () => undefined }

const wholeItem = (index: number, value: JsonObject & { id: string }): Item => ({
  id: value.id,
  index,
  open: 0,
  isDone: false,
  show: () => value,
})

/** The protocol's own items as they are; those of others travel with the caller. */
function place(part: OpaquePart, room: Room): void {
  const { protocol, value } = part
  if (protocol !== protocolId || !isObject(value) || typeof value['type'] !== 'string')
    return room.carry(encodeBlock(part))
  const own = value['id']
  room.add('item', (id, index) =>
    wholeItem(index, { ...value, id: typeof own === 'string' && own !== '' ? own : id }),
  )
}

/** Pictures have an item of their own. What has none is said: a sound by its words, others by their address. */
function fileSlot(part: FilePart, room: Room): Slot {
  const format = imageFormat(part.mediaType)
  if (format !== undefined && 'base64' in part.source)
    return imageSlot({ format, base64: part.source.base64, extra: part.extra?.[protocolId] }, room)
  let base64 = 'base64' in part.source ? part.source.base64 : ''
  let transcript = part.transcript ?? ''
  return {
    grow(delta, words = '') {
      base64 += delta
      transcript += words
    },
    finish() {
      const whole: FilePart = 'base64' in part.source ? { ...part, source: { base64 } } : part
      const text = transcript === '' ? linkOf(whole) : transcript
      speechSlot({ type: 'text', text }, room).finish({})
    },
  }
}

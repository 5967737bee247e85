// How the parts of an answer grow into items: messages, thoughts, calls and pictures.

import type { PartEnd, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '#core/chat'
import { joinBase64 } from '#core/bytes'
import { defined, type JsonObject } from '#core/json'
import { encodeAnnotation } from './annotations.ts'
import type { Item, Room, Slot } from './answer.ts'
import { encodeProof, encodeSignature } from './proof.ts'
import { follows, isRaw } from './thoughts.ts'
import { callExtras, id as protocolId, pick, pictureExtras, type Status } from './vocabulary.ts'

interface MessageItem extends Item {
  content: Content[]
  phase: unknown
  /** A signature belongs to the last text: nothing may join. */
  isSealed: boolean
}

type Content =
  | { type: 'output_text'; text: string; annotations: JsonObject[] }
  | { type: 'refusal'; refusal: string }

const messages = new WeakSet<Item>()
const isMessage = (item: Item | undefined): item is MessageItem =>
  item !== undefined && messages.has(item)

/** The message that a text joins, or a new one. */
function messageFor(part: TextPart | RefusalPart, room: Room): MessageItem {
  const phase = part.extra?.[protocolId]?.['phase']
  const last = room.last()
  if (isMessage(last) && last.open === 0 && !last.isSealed && last.phase === phase) return last
  return room.add('msg', (id, index) => {
    const content: Content[] = []
    const item: MessageItem = {
      id,
      index,
      open: 0,
      isDone: false,
      content,
      phase,
      isSealed: false,
      show: (status) => ({
        type: 'message',
        id,
        role: 'assistant',
        status,
        ...pick(part.extra?.[protocolId] ?? {}, ['phase']),
        content: content.map(shown),
      }),
    }
    messages.add(item)
    return item
  })
}

const shown = (content: Content): JsonObject =>
  content.type === 'refusal' ? { ...content } : { ...content, logprobs: [] }

export function speechSlot(part: TextPart | RefusalPart, room: Room): Slot {
  const item = messageFor(part, room)
  const at = { item_id: item.id, output_index: item.index, content_index: item.content.length }
  const content: Content =
    part.type === 'text'
      ? { type: 'output_text', text: '', annotations: [] }
      : { type: 'refusal', refusal: '' }
  item.content.push(content)
  item.open++
  room.write('response.content_part.added', { ...at, part: shown(content) })

  function grow(delta: string): void {
    if (content.type === 'refusal') {
      content.refusal += delta
      room.write('response.refusal.delta', { ...at, delta })
    } else {
      content.text += delta
      room.write('response.output_text.delta', { ...at, delta, logprobs: [] })
    }
  }

  function finish(set: PartEnd): void {
    if (content.type === 'refusal')
      room.write('response.refusal.done', { ...at, refusal: content.refusal })
    else {
      const given = part.type === 'text' ? part.citations : undefined
      for (const citation of set.citations ?? given ?? []) {
        const annotation = encodeAnnotation(citation, content.text.length)
        const annotation_index = content.annotations.push(annotation) - 1
        room.write('response.output_text.annotation.added', {
          ...at,
          annotation_index,
          annotation,
        })
      }
      room.write('response.output_text.done', { ...at, text: content.text, logprobs: [] })
    }
    room.write('response.content_part.done', { ...at, part: shown(content) })
    item.open--
    const signature = set.signature ?? part.signature
    if (signature === undefined) return
    item.isSealed = true
    room.carry(encodeSignature(signature))
  }

  if (part.text !== '') grow(part.text)
  return { grow, finish }
}

interface ThoughtItem extends Item {
  summary: { type: 'summary_text'; text: string }[]
  content: { type: 'reasoning_text'; text: string }[]
  encrypted: string | undefined
}

const thoughts = new WeakSet<Item>()
const isThought = (item: Item | undefined): item is ThoughtItem =>
  item !== undefined && thoughts.has(item)

function thoughtFor(part: ReasoningPart, room: Room): ThoughtItem {
  const last = room.last()
  if (follows(part) && isThought(last) && last.open === 0) return last
  return room.add('rs', (id, index) => {
    const item: ThoughtItem = {
      id,
      index,
      open: 0,
      isDone: false,
      summary: [],
      content: [],
      encrypted: undefined,
      show: () =>
        defined({
          type: 'reasoning',
          id,
          summary: item.summary.map((text) => ({ ...text })),
          content:
            item.content.length === 0 ? undefined : item.content.map((text) => ({ ...text })),
          encrypted_content: item.encrypted,
        }),
    }
    thoughts.add(item)
    return item
  })
}

export function thoughtSlot(part: ReasoningPart, room: Room): Slot {
  const item = thoughtFor(part, room)
  item.open++
  const words = isRaw(part) ? rawWords(item, room) : summaryWords(item, room)
  if (part.text !== '') words.grow(part.text)
  return {
    grow: (delta) => words.grow(delta),
    finish(set) {
      words.finish()
      item.encrypted =
        encodeProof({
          ...part,
          ...defined({ signature: set.signature, redacted: set.redacted }),
        }) ?? item.encrypted
      item.open--
    },
  }
}

interface Words {
  grow(delta: string): void
  finish(): void
}

/** A summary; one without words is not told of. */
function summaryWords(item: ThoughtItem, room: Room): Words {
  const place = { item_id: item.id, output_index: item.index }
  let at: { item_id: string; output_index: number; summary_index: number } | undefined
  const text = { type: 'summary_text' as const, text: '' }
  return {
    grow(delta) {
      if (at === undefined) {
        at = { ...place, summary_index: item.summary.push(text) - 1 }
        room.write('response.reasoning_summary_part.added', { ...at, part: { ...text } })
      }
      text.text += delta
      room.write('response.reasoning_summary_text.delta', { ...at, delta })
    },
    finish() {
      if (at === undefined) return
      room.write('response.reasoning_summary_text.done', { ...at, text: text.text })
      room.write('response.reasoning_summary_part.done', { ...at, part: { ...text } })
    },
  }
}

function rawWords(item: ThoughtItem, room: Room): Words {
  const text = { type: 'reasoning_text' as const, text: '' }
  const content_index = item.content.push(text) - 1
  const at = { item_id: item.id, output_index: item.index, content_index }
  room.write('response.content_part.added', { ...at, part: { ...text } })
  return {
    grow(delta) {
      text.text += delta
      room.write('response.reasoning_text.delta', { ...at, delta })
    },
    finish() {
      room.write('response.reasoning_text.done', { ...at, text: text.text })
      room.write('response.content_part.done', { ...at, part: { ...text } })
    },
  }
}

export function callSlot(part: ToolCallPart, room: Room): Slot {
  const isCustom = part.kind === 'custom'
  const own = pick(part.extra?.[protocolId] ?? {}, callExtras)
  let input = ''
  const item = room.add(isCustom ? 'ctc' : 'fc', (id, index): Item => ({
    id,
    index,
    open: 1,
    isDone: false,
    show: (status: Status) => ({
      type: isCustom ? 'custom_tool_call' : 'function_call',
      id,
      status,
      call_id: part.id,
      name: part.name,
      ...(isCustom ? { input } : { arguments: input }),
      ...own,
    }),
  }))
  const at = { item_id: item.id, output_index: item.index }
  const event = isCustom ? 'response.custom_tool_call_input' : 'response.function_call_arguments'

  function grow(delta: string): void {
    input += delta
    room.write(`${event}.delta`, { ...at, delta })
  }

  if (part.input !== '') grow(part.input)
  return {
    grow,
    finish({ signature = part.signature }) {
      room.write(`${event}.done`, { ...at, ...(isCustom ? { input } : { arguments: input }) })
      item.open--
      if (signature !== undefined) room.carry(encodeSignature(signature, part.id))
    },
  }
}

interface Picture {
  format: string
  base64: string
  extra: JsonObject | undefined
}

export function imageSlot({ format, base64, extra = {} }: Picture, room: Room): Slot {
  let result = base64
  let isWhole = false
  const item = room.add('ig', (id, index): Item => ({
    id,
    index,
    open: 1,
    isDone: false,
    show: () => ({
      type: 'image_generation_call',
      id,
      status: isWhole ? 'completed' : 'in_progress',
      result: isWhole ? result : null,
      output_format: format,
      ...pick(extra, pictureExtras),
    }),
  }))
  const at = { item_id: item.id, output_index: item.index }
  room.write('response.image_generation_call.in_progress', at)
  room.write('response.image_generation_call.generating', at)
  return {
    grow(delta) {
      result = joinBase64(result, delta)
    },
    finish() {
      isWhole = true
      room.write('response.image_generation_call.completed', at)
      item.open--
    },
  }
}

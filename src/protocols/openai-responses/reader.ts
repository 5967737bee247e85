// Reads the items of a stream into parts. Items are told apart by `output_index`: some hosts mix up their ids.

import type { AssistantPart, ChatEvent } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'
import { number, objects, text } from '../openai-chat/vocabulary.ts'
import { decodeAnnotations } from './annotations.ts'
import { addItem, callInput, callPart, spokenPart } from './output.ts'
import { decodeCarried } from './proof.ts'
import { proofOf, thoughtPart } from './thoughts.ts'
import { partTrack, type Part } from './track.ts'

interface Item {
  value: JsonObject
  parts: Map<string, Part>
  isDone: boolean
}

export interface ItemReader {
  read(event: JsonObject): void
  /** Ends what is open. `output` is read where the stream told of no item. */
  close(output: readonly JsonObject[]): void
  readonly isCalling: boolean
}

type Read = (event: JsonObject) => void

export function itemReader(emit: (event: ChatEvent) => void): ItemReader {
  const items = new Map<number, Item>()
  const track = partTrack(emit)

  function itemOf(event: JsonObject): Item {
    const index = number(event['output_index']) ?? 0
    const known = items.get(index)
    if (known !== undefined) return known
    const value = isObject(event['item']) ? event['item'] : {}
    const item: Item = { value, parts: new Map(), isDone: false }
    items.set(index, item)
    return item
  }

  /** The part of an item by its place, begun where the stream has not. */
  function partOf(item: Item, key: string, begin: () => AssistantPart): Part {
    const known = item.parts.get(key)
    if (known !== undefined) return known
    const part = track.open(begin())
    item.parts.set(key, part)
    return part
  }

  const callIn = (item: Item): Part => partOf(item, 'call', () => callPart(item.value))

  function spoken(event: JsonObject, type: 'output_text' | 'refusal'): Part {
    const item = itemOf(event)
    return partOf(
      item,
      `content ${number(event['content_index']) ?? 0}`,
      () => spokenPart({ type }, item.value)[0] ?? { type: 'text', text: '' },
    )
  }

  /** Thoughts of one item follow each other; the last of them has the proof. */
  function thinking(event: JsonObject, place: 'summary_index' | 'content_index'): Part {
    const item = itemOf(event)
    return partOf(item, `${place} ${number(event[place]) ?? 0}`, () => {
      finishAll(item)
      return thoughtPart('', place === 'content_index', item.parts.size > 0)
    })
  }

  function finishAll({ parts }: Item): void {
    for (const part of parts.values()) track.finish(part)
  }

  const growth =
    (find: (event: JsonObject) => Part): Read =>
    (event) =>
      track.grow(find(event), text(event['delta']) ?? '')

  /** The end of a text that came in deltas, or all of it where none came. */
  function complete(part: Part, said: Json | undefined): void {
    track.grow(part, (text(said) ?? '').slice(part.length))
  }

  function contentDone(event: JsonObject): void {
    const content = isObject(event['part']) ? event['part'] : {}
    const { type } = content
    if (type === 'reasoning_text') complete(thinking(event, 'content_index'), content['text'])
    if (type !== 'output_text' && type !== 'refusal') return
    const part = spoken(event, type)
    complete(part, content[type === 'refusal' ? type : 'text'])
    const citations = decodeAnnotations(content['annotations'])
    if (citations.length > 0) part.set.citations = citations
    track.finish(part)
  }

  function annotate(event: JsonObject): void {
    const { set } = spoken(event, 'output_text')
    set.citations = [...(set.citations ?? []), ...decodeAnnotations([event['annotation'] ?? null])]
  }

  function begin(event: JsonObject): void {
    const type = isObject(event['part']) ? event['part']['type'] : undefined
    if (type === 'output_text' || type === 'refusal') spoken(event, type)
    else if (type === 'reasoning_text') thinking(event, 'content_index')
  }

  function itemBegun(event: JsonObject): void {
    const item = itemOf(event)
    if (isCall(item.value)) callIn(item)
  }

  function itemDone(event: JsonObject): void {
    const item = itemOf(event)
    if (item.isDone) return
    if (isObject(event['item'])) item.value = event['item']
    item.isDone = true
    const { value } = item
    if (value['type'] === 'reasoning') return thoughtDone(item)
    if (value['type'] === 'message')
      for (const [index, part] of objects(value['content']).entries())
        contentDone({ output_index: event['output_index'], content_index: index, part })
    else if (isCall(value)) complete(callIn(item), callInput(value))
    else addWhole([value])
    finishAll(item)
  }

  function thoughtDone(item: Item): void {
    const encrypted = text(item.value['encrypted_content'])
    const carried = encrypted === undefined ? undefined : decodeCarried(encrypted)
    if (carried?.kind === 'signature') return track.sign(carried)
    if (item.parts.size === 0) return addWhole([item.value])
    const last = [...item.parts.values()].at(-1)
    if (last !== undefined) Object.assign(last.set, proofOf(carried))
    finishAll(item)
  }

  function addWhole(values: readonly JsonObject[]): void {
    const made: AssistantPart[] = []
    for (const value of values) addItem(made, value)
    for (const part of made) track.whole(part)
  }

  const inText = (event: JsonObject): Part => spoken(event, 'output_text')
  const inRefusal = (event: JsonObject): Part => spoken(event, 'refusal')
  const inSummary = (event: JsonObject): Part => thinking(event, 'summary_index')
  const inThought = (event: JsonObject): Part => thinking(event, 'content_index')
  const inCall = (event: JsonObject): Part => callIn(itemOf(event))

  const readers: Record<string, Read | undefined> = {
    'response.output_item.added': itemBegun,
    'response.content_part.added': begin,
    'response.output_text.delta': growth(inText),
    'response.output_text.done': (event) => complete(inText(event), event['text']),
    'response.output_text.annotation.added': annotate,
    'response.refusal.delta': growth(inRefusal),
    'response.refusal.done': (event) => complete(inRefusal(event), event['refusal']),
    'response.content_part.done': contentDone,
    'response.reasoning_summary_part.added': inSummary,
    'response.reasoning_summary_text.delta': growth(inSummary),
    'response.reasoning_summary_text.done': (event) => complete(inSummary(event), event['text']),
    'response.reasoning_text.delta': growth(inThought),
    'response.reasoning_text.done': (event) => complete(inThought(event), event['text']),
    'response.function_call_arguments.delta': growth(inCall),
    'response.function_call_arguments.done': (event) => complete(inCall(event), event['arguments']),
    'response.custom_tool_call_input.delta': growth(inCall),
    'response.custom_tool_call_input.done': (event) => complete(inCall(event), event['input']),
    'response.output_item.done': itemDone,
  }

  return {
    read: (event) => readers[text(event['type']) ?? '']?.(event),
    close(output) {
      if (items.size === 0) addWhole(output)
      for (const item of items.values()) finishAll(item)
      track.release()
    },
    get isCalling() {
      return track.isCalling
    },
  }
}

const isCall = ({ type }: JsonObject): boolean =>
  type === 'function_call' || type === 'custom_tool_call'

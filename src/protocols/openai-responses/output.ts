// Reads the items of a reply, loosely, into the parts of an answer.

import type { AssistantPart, Finish, ToolCallPart } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import { objects, text } from '../openai-chat/vocabulary.ts'
import { decodeAnnotations } from './annotations.ts'
import { addThought } from './thoughts.ts'
import {
  callExtras,
  decodeIncomplete,
  id as protocolId,
  imageMediaType,
  ownExtra,
  pick,
  pictureExtras,
} from './vocabulary.ts'

/** Adds what an item says to the answer. Items that only this protocol knows are kept whole. */
export function addItem(parts: AssistantPart[], item: JsonObject): void {
  switch (text(item['type']) ?? '') {
    case 'message':
      parts.push(...objects(item['content']).flatMap((content) => spokenPart(content, item)))
      return
    case 'reasoning':
      return addThought(parts, {
        summary: objects(item['summary']).flatMap((part) => text(part['text']) ?? []),
        content: objects(item['content']).flatMap((part) => text(part['text']) ?? []),
        encrypted: text(item['encrypted_content']),
      })
    case 'function_call':
    case 'custom_tool_call':
      parts.push({ ...callPart(item), input: callInput(item) })
      return
    case 'image_generation_call':
      parts.push(drawing(item))
      return
    default:
      parts.push({ type: 'opaque', protocol: protocolId, value: item })
  }
}

/** A part of a message as far as it is there. */
export function spokenPart(content: JsonObject, item: JsonObject): AssistantPart[] {
  const own = ownExtra(pick(item, ['phase']))
  if (content['type'] === 'refusal')
    return [{ type: 'refusal', text: text(content['refusal']) ?? '', ...own }]
  if (content['type'] !== 'output_text') return []
  const citations = decodeAnnotations(content['annotations'])
  return [
    {
      type: 'text',
      text: text(content['text']) ?? '',
      ...(citations.length === 0 ? {} : { citations }),
      ...own,
    },
  ]
}

/** A call before its input. */
export const callPart = (item: JsonObject): ToolCallPart => ({
  ...defined({
    type: 'tool-call' as const,
    id: text(item['call_id']) ?? text(item['id']) ?? '',
    name: text(item['name']) ?? '',
    input: '',
    kind: item['type'] === 'custom_tool_call' ? ('custom' as const) : undefined,
  }),
  ...ownExtra(pick(item, callExtras)),
})

export const callInput = (item: JsonObject): string =>
  text(item[item['type'] === 'custom_tool_call' ? 'input' : 'arguments']) ?? ''

/** A picture; one without its data is known to the vendor's store only. */
function drawing(item: JsonObject): AssistantPart {
  const base64 = text(item['result']) ?? ''
  if (base64 === '') return { type: 'opaque', protocol: protocolId, value: item }
  return {
    type: 'file',
    mediaType: sniffedImage(base64, text(item['output_format'])),
    source: { base64 },
    ...ownExtra(pick(item, pictureExtras)),
  }
}

/** What base64 of a picture begins with, for items that do not name its format. */
const beginnings = [
  ['iVBORw', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
  ['R0lGOD', 'image/gif'],
] as const

export const sniffedImage = (base64: string, format: string | undefined): string =>
  format === undefined
    ? (beginnings.find(([beginning]) => base64.startsWith(beginning))?.[1] ?? 'image/png')
    : imageMediaType(format)

/** Why a reply has ended, by its state and by whether the model waits for a tool. */
export function finishOf(response: JsonObject, isCalling: boolean): Finish {
  if (response['status'] === 'incomplete') return decodeIncomplete(response['incomplete_details'])
  return { reason: isCalling ? 'tool-calls' : 'stop', raw: 'completed' }
}

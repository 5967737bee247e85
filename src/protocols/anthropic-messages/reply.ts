import type { Message } from '@anthropic-ai/sdk/resources/messages'
import type { AssistantPart, ChatReply, ChatRequest, RefusalPart } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { errorOf } from './error.ts'
import {
  decodeBlock,
  decodeStopDetails,
  encodePart,
  encodeStopDetails,
  text,
} from './reply-parts.ts'
import { present } from './present.ts'
import { decodeUsage, encodeUsage, type UsageRead } from './usage.ts'
import { decodeFinish, encodeFinish, others, own, owned } from './vocabulary.ts'

/** The fields that have a place in the hub. */
export const knownFields = [
  'id',
  'type',
  'role',
  'model',
  'content',
  'stop_reason',
  'stop_sequence',
  'stop_details',
  'usage',
] as const satisfies (keyof Message)[]

export function decodeReply(body: unknown): ChatReply {
  if (!isObject(body)) throw unreadable()
  if (body['type'] === 'error') throw errorOf(body)
  const { content } = body
  if (!Array.isArray(content)) throw unreadable()
  const used = decodeUsage(body['usage'])
  const refusal = decodeStopDetails(body['stop_details'])
  const parts = content.filter(isObject).map(decodeBlock)
  return defined({
    id: text(body['id']),
    model: text(body['model']),
    candidates: [
      {
        content: refusal === undefined ? parts : [...parts, refusal],
        finish: decodeFinish(body['stop_reason'], body['stop_sequence']),
      },
    ] satisfies ChatReply['candidates'],
    usage: used.usage,
    serviceTier: used.serviceTier,
    extra: replyExtras(others(body, knownFields), body['stop_details'], used),
  })
}

const unreadable = (): GatewayError =>
  new GatewayError('upstream', 'The provider answered with something that is no message')

/** What only this protocol says about a reply; `stop_details` without words is kept whole. */
export function replyExtras(
  rest: JsonObject,
  details: Json | undefined,
  used: UsageRead,
): ChatReply['extra'] {
  const fields: JsonObject = { ...rest }
  if (isObject(details) && decodeStopDetails(details) === undefined)
    fields['stop_details'] = details
  if (Object.keys(used.rest).length > 0) fields['usage'] = used.rest
  return owned(fields)
}

/** The usage fields kept in a reply's extras, apart from the others. */
export function splitExtras(extra: ChatReply['extra']): { rest: JsonObject; usage: JsonObject } {
  const { usage, ...rest } = own(extra)
  return { rest, usage: isObject(usage) ? usage : {} }
}

/** The first answer: this protocol has no room for more. */
export function encodeReply(reply: ChatReply, request: ChatRequest): JsonObject {
  const [{ content, finish }] = reply.candidates
  const hidden = request.reasoning?.visible === false
  const refused = encodeStopDetails(content.filter(isRefusal))
  const { rest, usage } = splitExtras(reply.extra)
  return {
    id: reply.id,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content: present(content.map((part) => encodePart(part, hidden))),
    stop_reason: refused === undefined ? encodeFinish(finish) : 'refusal',
    stop_sequence: finish.sequence ?? null,
    stop_details: null,
    container: null,
    diagnostics: null,
    ...rest,
    ...(refused === undefined ? {} : { stop_details: refused }),
    usage: encodeUsage(reply.usage, reply.serviceTier, usage),
  } satisfies { [Key in keyof Message]: Message[Key] | Json | undefined }
}

const isRefusal = (part: AssistantPart): part is RefusalPart => part.type === 'refusal'

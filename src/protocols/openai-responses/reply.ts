// Reads whole replies (`Response` of the SDK).

import type { AssistantPart, ChatReply } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, type JsonObject } from '#core/json'
import { number, objects, others, text } from '../openai-chat/vocabulary.ts'
import { failureOf } from './error.ts'
import { addItem, finishOf } from './output.ts'
import { knownFields, tierOf } from './response.ts'
import { decodeUsage } from './usage.ts'
import { id as protocolId } from './vocabulary.ts'

/** @throws GatewayError `upstream` for a body that is no reply; the error's own kind when it carries one. */
export function decodeReply(body: unknown): ChatReply {
  if (!isObject(body)) throw new GatewayError('upstream', 'The provider sent no reply object')
  if (isObject(body['error']) || typeof body['error'] === 'string') throw failureOf(body)
  checkEnded(body)
  const content: AssistantPart[] = []
  for (const item of objects(body['output'])) addItem(content, item)
  const isCalling = content.some((part) => part.type === 'tool-call')
  return defined({
    id: text(body['id']) ?? '',
    model: text(body['model']) ?? '',
    created: number(body['created_at']),
    candidates: [{ content, finish: finishOf(body, isCalling) }] satisfies ChatReply['candidates'],
    usage: decodeUsage(body['usage']) ?? { inputTokens: 0, outputTokens: 0 },
    serviceTier: tierOf(body),
    extra: extraOf(body),
  })
}

/** @throws GatewayError for a response that failed, was cancelled, or is still under way. */
function checkEnded({ status, output }: JsonObject): void {
  switch (text(status) ?? '') {
    case 'failed':
      throw new GatewayError('upstream', 'The provider failed while it answered')
    case 'cancelled':
      throw new GatewayError('cancelled', 'The response was cancelled')
    case 'queued':
    case 'in_progress':
      throw new GatewayError('upstream', 'The provider answered before the reply was complete')
    default:
      if (!Array.isArray(output))
        throw new GatewayError('upstream', 'The provider sent a reply without output')
  }
}

/** Fields of a response that only this protocol has. */
export function extraOf(response: JsonObject): ChatReply['extra'] {
  const extra = others(response, knownFields)
  return Object.keys(extra).length === 0 ? undefined : { [protocolId]: extra }
}

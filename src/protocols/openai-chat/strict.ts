// For vendors that refuse fields they do not know: OpenAI answers 400 to what compatible hosts want to have back.

import { isObject, type Json, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'

const foreign = new Set(['reasoning_content', 'reasoning_details', 'extra_content', 'annotations'])

/**
 * A request body whose messages have only the fields of OpenAI's own schema
 * (`ChatCompletionMessageParam` of the SDK): thoughts and proofs of other models are left out.
 * Made for `speaks`; the same object when nothing was left out.
 */
export function strictMessages(body: JsonObject, _: Model, lose: Lose): JsonObject {
  const { messages } = body
  if (!Array.isArray(messages)) return body
  const left = new Set<string>()
  const strict = messages.map((message) => strictMessage(message, left))
  for (const field of left)
    lose('messages', `${field} of an earlier answer is not taken here and was left out`)
  return left.size === 0 ? body : { ...body, messages: strict }
}

function strictMessage(message: Json, left: Set<string>): Json {
  if (!isObject(message)) return message
  const kept = own(message, left)
  const calls = kept['tool_calls']
  return Array.isArray(calls)
    ? { ...kept, tool_calls: calls.map((call) => (isObject(call) ? own(call, left) : call)) }
    : kept
}

function own(value: JsonObject, left: Set<string>): JsonObject {
  const kept: JsonObject = {}
  for (const [key, field] of Object.entries(value))
    if (foreign.has(key)) left.add(key)
    else kept[key] = field
  return kept
}

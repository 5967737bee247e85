// For vendors that refuse fields they do not know: OpenAI answers 400 to what compatible hosts want to have back.

import { isObject, type Json, type JsonObject } from '#core/json'

const foreign = new Set(['reasoning_content', 'reasoning_details', 'extra_content', 'annotations'])

/**
 * A request body whose messages have only the fields of OpenAI's own schema
 * (`ChatCompletionMessageParam` of the SDK): thoughts and proofs of other models are left out.
 * Made for `amend` of `speaks`.
 */
export function strictMessages(body: JsonObject): JsonObject {
  const { messages } = body
  return Array.isArray(messages) ? { ...body, messages: messages.map(strict) } : body
}

function strict(message: Json): Json {
  if (!isObject(message)) return message
  const kept = own(message)
  const calls = kept['tool_calls']
  return Array.isArray(calls)
    ? { ...kept, tool_calls: calls.map((call) => (isObject(call) ? own(call) : call)) }
    : kept
}

const own = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !foreign.has(key)))

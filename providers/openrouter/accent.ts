import { efforts, isObject, sameOr, type Accent, type Json, type JsonObject } from '#kit'

/** openrouter.ai/docs/api-reference: it takes what any model behind it takes. */
export const accent: Accent = {
  renames: { safety_identifier: 'user' },
  lacks: ['prompt_cache_retention', 'store'],
  // Thoughts go back with their proofs; plain ones are called otherwise.
  answers: { renames: { reasoning_content: 'reasoning' }, lacks: ['extra_content', 'refusal'] },
  parts: {},
  developers: true,
  efforts: Object.fromEntries(efforts.map((effort) => [effort, { reasoning: { effort } }])),
  more: (body) => {
    const { messages } = body
    if (!Array.isArray(messages)) return body
    const marked = sameOr(messages, withCacheControl)
    return marked === messages ? body : { ...body, messages: marked }
  },
  moreKeys: ['prompt_cache_breakpoint'],
}

/** Ends of cached prefixes are marked as Anthropic does. */
function withCacheControl(message: Json): Json {
  const content = isObject(message) ? message['content'] : undefined
  if (!isObject(message) || !Array.isArray(content)) return message
  const parts = sameOr(content, (part) => (isObject(part) ? markedPart(part) : part))
  return parts === content ? message : { ...message, content: parts }
}

function markedPart(part: JsonObject): JsonObject {
  const { prompt_cache_breakpoint: mark, ...rest } = part
  return mark === undefined ? part : { ...rest, cache_control: { type: 'ephemeral' } }
}

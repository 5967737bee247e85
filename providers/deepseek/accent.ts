import { isObject, openaiOnly, sameOr, type Accent, type JsonObject, type Lose } from '#kit'

/** What is ignored or refused (@ai-sdk/deepseek 3.0; api-docs.deepseek.com/api/create-chat-completion). */
const absent = [
  ...openaiOnly,
  'logit_bias',
  'metadata',
  'n',
  'parallel_tool_calls',
  'prompt_cache_key',
  'safety_identifier',
  'seed',
  'service_tier',
  'user',
]

export const accent: Accent = {
  renames: { max_completion_tokens: 'max_tokens' },
  lacks: absent,
  efforts: {
    none: { thinking: { type: 'disabled' } },
    minimal: 'low',
    medium: 'high',
    xhigh: 'max',
  },
  more: (body, { id }, lose) => withThoughts(withSchema(withoutStrict(body, lose), lose), id),
  moreKeys: ['json_schema', 'strict', 'tool_calls'],
}

/** V4 wants its thoughts back with every answer of its own: an empty text where there are none. */
function withThoughts(body: JsonObject, model: string): JsonObject {
  const { messages } = body
  if (!Array.isArray(messages) || model === 'deepseek-chat') return body
  const made = sameOr(messages, (message) =>
    isObject(message) && message['role'] === 'assistant' && !('reasoning_content' in message)
      ? { ...message, reasoning_content: '' }
      : message,
  )
  return made === messages ? body : { ...body, messages: made }
}

/** There is a JSON mode without schemas: the schema is said in the instructions. */
function withSchema(body: JsonObject, lose: Lose): JsonObject {
  const { response_format: format, messages } = body
  if (!isObject(format) || format['type'] !== 'json_schema' || !Array.isArray(messages)) return body
  const { json_schema: wanted } = format
  const schema = isObject(wanted) ? wanted['schema'] : undefined
  lose('response_format', 'the JSON schema is not enforced here: it became an instruction')
  const content = `Answer with one JSON value of this JSON Schema:\n${JSON.stringify(schema ?? {})}`
  return {
    ...body,
    messages: [{ role: 'system', content }, ...messages],
    response_format: { type: 'json_object' },
  }
}

/** Strict tools are a beta at another address. */
function withoutStrict(body: JsonObject, lose: Lose): JsonObject {
  const { tools } = body
  if (!Array.isArray(tools)) return body
  let isLost = false
  const made = sameOr(tools, (tool) => {
    const made = isObject(tool) ? tool['function'] : undefined
    if (!isObject(tool) || !isObject(made) || !('strict' in made)) return tool
    const { strict, ...rest } = made
    isLost ||= strict === true
    return { ...tool, function: rest }
  })
  if (isLost) lose('tools', 'strict is not supported here and was left out')
  return made === tools ? body : { ...body, tools: made }
}

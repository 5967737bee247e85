import { GatewayError, hostDialect, isObject, mockHost, type JsonObject } from '#kit'
import { models } from './models.ts'

/** api-docs.deepseek.com/quick_start/error_codes. There are no rate-limit headers. */
const dialect = hostDialect({
  error: ({ kind, message, type, code }) => ({
    error: {
      message: kind === 'quota' ? 'Insufficient Balance' : message,
      type: kind === 'quota' ? 'unknown_error' : type,
      param: null,
      code: kind === 'quota' ? 'invalid_request_error' : code,
    },
  }),
  statuses: { 'bad-request': 422 },
  idHeader: 'x-ds-trace-id',
})

/** `api.deepseek.com`. Blank lines and comments keep a connection open while it waits. */
export const mock = mockHost({
  base: '',
  models,
  dialect,
  checks,
  chat: {
    showsThoughts: true,
    keepAlive: { reply: '\n\n', stream: ': keep-alive\n\n: keep-alive\n\n' },
    reads: (body) => {
      const thinking = isObject(body) ? body['thinking'] : undefined
      const isOff = isObject(thinking) && thinking['type'] === 'disabled'
      return isObject(body) && isOff ? { ...body, reasoning_effort: 'none' } : body
    },
    writes: (body) => {
      const { usage } = body
      return isObject(usage) ? { ...body, usage: counted(usage) } : body
    },
  },
})

function checks(body: JsonObject): void {
  const format = body['response_format']
  if (isObject(format) && format['type'] === 'json_schema')
    throw new GatewayError('invalid_request', 'This response_format type is unavailable now')
  const messages = Array.isArray(body['messages']) ? body['messages'] : []
  const { model } = body
  const isV4 = typeof model === 'string' && model.startsWith('deepseek-v4')
  const forgetful = messages.find(
    (message) =>
      isObject(message) &&
      message['role'] === 'assistant' &&
      Array.isArray(message['tool_calls']) &&
      typeof message['reasoning_content'] !== 'string',
  )
  if (isV4 && forgetful !== undefined)
    throw new GatewayError(
      'invalid_request',
      'The `reasoning_content` in the thinking mode must be passed back to the API.',
    )
}

function counted(usage: JsonObject): JsonObject {
  const { prompt_tokens_details: details, ...rest } = usage
  const hit =
    isObject(details) && typeof details['cached_tokens'] === 'number' ? details['cached_tokens'] : 0
  return {
    ...rest,
    prompt_cache_hit_tokens: hit,
    prompt_cache_miss_tokens: Number(usage['prompt_tokens']) - hit,
  }
}

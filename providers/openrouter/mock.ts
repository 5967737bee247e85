import { hostDialect, isObject, mockHost, type Json, type JsonObject } from '#kit'
import { models } from './models.ts'

/** `code` is the status; errors of the providers behind it come with their names and words. */
const dialect = hostDialect({
  error: ({ kind, status, message }) => ({
    error: {
      code: status,
      message,
      ...(kind === 'overloaded' ? { metadata: { provider_name: 'Mock', raw: message } } : {}),
      ...(kind === 'moderated'
        ? { metadata: { reasons: ['harassment'], flagged_input: '...' } }
        : {}),
    },
  }),
  statuses: { moderated: 403, timeout: 408 },
})

/** `openrouter.ai`. */
export const mock = mockHost({
  base: '/api/v1',
  models,
  dialect,
  roles: ['system', 'developer', 'user', 'assistant', 'tool'],
  lists: (data) => ({ data }),
  chat: {
    showsThoughts: true,
    ids: {
      reply: (digits) => `gen-1700000000-${digits.slice(0, 20)}`,
      toolCall: (digits) => `call_${digits}`,
    },
    keepAlive: { reply: '', stream: ': OPENROUTER PROCESSING\n\n' },
    reads: (body) => {
      const reasoning = isObject(body) ? body['reasoning'] : undefined
      const effort = isObject(reasoning) ? reasoning['effort'] : undefined
      return isObject(body) && effort !== undefined ? { ...body, reasoning_effort: effort } : body
    },
    writes: (body, kind) => (isObject(body['error']) ? failed(body) : told(body, kind)),
  },
})

/** A failure on the way is a chunk like any other, which ends the answer. */
const failed = ({ error }: JsonObject): JsonObject => ({
  id: 'gen-1700000000-failed',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'mock',
  provider: 'Mock',
  error: { code: 503, message: isObject(error) ? (error['message'] ?? '') : '' },
  choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
})

function told(body: JsonObject, kind: 'reply' | 'event'): JsonObject {
  const { usage, choices } = body
  const cost = { cost: 0.00014, is_byok: false, cost_details: { upstream_inference_cost: null } }
  return {
    ...body,
    provider: 'Mock',
    choices: Array.isArray(choices) ? choices.map((choice) => spoken(choice, kind)) : [],
    ...(isObject(usage) ? { usage: { ...usage, ...cost } } : {}),
  }
}

/** Thoughts come twice: as text, and in details that are to be given back. */
function spoken(choice: Json, kind: 'reply' | 'event'): Json {
  if (!isObject(choice)) return choice
  const place = kind === 'reply' ? 'message' : 'delta'
  const { [place]: said, ...rest } = choice
  const native = { native_finish_reason: choice['finish_reason'] ?? null }
  if (!isObject(said) || typeof said['reasoning_content'] !== 'string')
    return { ...choice, ...native }
  const { reasoning_content: reasoning, ...others } = said
  const details = [{ type: 'reasoning.text', text: reasoning, format: 'unknown', index: 0 }]
  return { ...rest, ...native, [place]: { ...others, reasoning, reasoning_details: details } }
}

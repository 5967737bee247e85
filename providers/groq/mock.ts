import { hostDialect, isObject, mockHost, type JsonObject } from '#kit'
import { absent } from './accent.ts'
import { models } from './models.ts'

const dialect = hostDialect({
  // An error has neither `param` nor, mostly, `code`.
  error: ({ message, type, code }) => ({
    error: code === null ? { message, type } : { message, type, code },
  }),
  // 498: the capacity of the flex tier is used up.
  statuses: { overloaded: 498, quota: 429 },
  headers: (remaining) => ({
    'x-ratelimit-limit-requests': '14400',
    'x-ratelimit-limit-tokens': '250000',
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-remaining-tokens': '249000',
    'x-ratelimit-reset-requests': '6s',
    'x-ratelimit-reset-tokens': '240ms',
  }),
})

/** `api.groq.com`. */
export const mock = mockHost({
  base: '/openai/v1',
  models,
  dialect,
  roles: ['system', 'developer', 'user', 'assistant', 'tool'],
  refuses: absent,
  chat: {
    showsThoughts: true,
    reads: (body) =>
      isObject(body) && body['reasoning_effort'] === 'default'
        ? { ...body, reasoning_effort: 'medium' }
        : body,
    writes,
  },
})

/** Thoughts are in `reasoning`; a stream tells its usage under `x_groq`, in its last chunk. */
function writes(body: JsonObject, kind: 'reply' | 'event'): JsonObject {
  const { id: reply, usage, choices } = body
  const spoken = Array.isArray(choices) ? { ...body, choices: choices.map(withReasoning) } : body
  const id = { id: `req_${typeof reply === 'string' ? reply : ''}` }
  if (kind === 'reply')
    return {
      ...spoken,
      usage: isObject(usage) ? { ...usage, ...times } : usage,
      x_groq: id,
    }
  return isObject(usage) ? { ...spoken, usage: null, x_groq: { ...id, usage } } : spoken
}

const times = { queue_time: 0.02, prompt_time: 0.01, completion_time: 0.1, total_time: 0.11 }

function withReasoning(choice: unknown): JsonObject {
  if (!isObject(choice)) return {}
  const said = Object.entries(choice).map(([key, value]) => {
    if ((key !== 'message' && key !== 'delta') || !isObject(value)) return [key, value]
    const { reasoning_content: reasoning, ...rest } = value
    return [key, reasoning === undefined ? rest : { ...rest, reasoning }]
  })
  return Object.fromEntries(said)
}

import { hostDialect, isObject, mockHost } from '#kit'
import { absent } from './accent.ts'
import { models } from './models.ts'

const dialect = hostDialect({
  error: ({ message, type, param, code, requestId }) => ({
    id: requestId,
    error: { message, type, param, code },
  }),
  headers: (remaining) => ({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': '1',
  }),
})

/** `api.together.xyz`. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  refuses: [...absent, 'max_completion_tokens'],
  // The list is bare.
  lists: (data) => data,
  chat: {
    reads: (body) => {
      const reasoning = isObject(body) ? body['reasoning'] : undefined
      const isOff = isObject(reasoning) && reasoning['enabled'] === false
      const usage = { stream_options: { include_usage: true } }
      return isObject(body)
        ? { ...body, ...usage, ...(isOff ? { reasoning_effort: 'none' } : {}) }
        : body
    },
  },
})

import { hostDialect, mockHost, type JsonObject } from '#kit'
import { absent } from './accent.ts'
import { models } from './models.ts'

const dialect = hostDialect({
  error: ({ message, type, code }) => ({
    error: { object: 'error', type, code: code ?? type, message },
  }),
  // 412: the account is suspended, mostly for want of credit.
  statuses: { quota: 412 },
  headers: (remaining) => ({
    'x-ratelimit-limit-requests': '600',
    'x-ratelimit-remaining-requests': String(remaining),
  }),
})

/** `api.fireworks.ai`. */
export const mock = mockHost({
  base: '/inference/v1',
  models,
  dialect,
  refuses: [...absent, 'max_completion_tokens', 'safety_identifier'],
  chat: {
    showsThoughts: true,
    writes: (body: JsonObject, kind) =>
      kind === 'reply'
        ? { ...body, perf_metrics: { 'fireworks-server-time-to-first-token': '0.02' } }
        : body,
  },
})

import { hostDialect, isObject, mockHost, type JsonObject } from '#kit'
import { mockImages } from './mock-images.ts'
import { models } from './models.ts'

/** Errors are a text beside a code, and a wrong key is a bad request. */
const dialect = hostDialect({
  error: ({ kind, message }) => ({ code: codes[kind] ?? 'invalid-argument', error: message }),
  statuses: { 'bad-key': 400, quota: 429 },
})

const codes: { [kind: string]: string } = {
  'no-key': 'unauthenticated:no-credentials',
  forbidden: 'permission-denied',
  quota: 'personal-team-blocked:spending-limit',
  'rate-limited': 'resource-exhausted',
  overloaded: 'unavailable',
  'server-error': 'internal',
  'not-found': 'not-found',
}

/** `api.x.ai`. A dollar is 10^10 ticks. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  roles: ['system', 'developer', 'user', 'assistant', 'tool'],
  chat: {
    showsThoughts: true,
    writes: (body: JsonObject) => {
      const { usage } = body
      return isObject(usage)
        ? { ...body, usage: { ...usage, num_sources_used: 0, cost_in_usd_ticks: 1_250_000 } }
        : body
    },
  },
})

mockImages(mock)

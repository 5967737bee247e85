import { hostDialect, mockHost } from '#kit'
import { models } from './models.ts'

const types: { [kind: string]: string } = {
  'not-found': 'not_found_error',
  'bad-request': 'invalid_request_error',
}

/** A local server: everybody is served. */
const dialect = hostDialect({
  error: ({ kind, message }) => ({
    error: { message, type: types[kind] ?? 'api_error', param: null, code: null },
  }),
  keyless: true,
})

/** `/v1` of a server on this machine. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  refuses: ['max_completion_tokens'],
  chat: {
    showsThoughts: true,
    ids: {
      reply: (digits) => `chatcmpl-${digits.slice(0, 3)}`,
      toolCall: (digits) => `call_${digits.slice(0, 8)}`,
    },
  },
})

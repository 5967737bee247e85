import { hostDialect, mockHost } from '#kit'
import { models } from './models.ts'

/** A local server: everybody is served, and errors are a text. */
const dialect = hostDialect({ error: ({ message }) => ({ error: message }), keyless: true })

/** `/v1` of a server on this machine. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  chat: { showsThoughts: true },
})

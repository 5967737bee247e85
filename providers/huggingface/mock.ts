import { hostDialect, mockHost } from '#kit'
import { models } from './models.ts'

/** Errors are a text; a model that is being loaded tells how long that takes. */
const dialect = hostDialect({
  error: ({ kind, message }) =>
    kind === 'overloaded'
      ? { error: 'The model is currently loading', estimated_time: 20 }
      : { error: message },
})

/** `router.huggingface.co`. */
export const mock = mockHost({ base: '/v1', models, dialect, chat: { showsThoughts: true } })

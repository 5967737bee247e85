import { hostDialect, isObject, mockHost, type JsonObject } from '#kit'
import { models } from './models.ts'

/** `type` names a class, `code` is the status. */
const dialect = hostDialect({
  error: ({ kind, status, message, param }) => ({
    error: { message, type: types[kind] ?? 'BadRequestError', param, code: status },
  }),
  keyless: true,
})

const types: { [kind: string]: string } = {
  'not-found': 'NotFoundError',
  'bad-key': 'Unauthorized',
  overloaded: 'ServiceUnavailableError',
  'server-error': 'InternalServerError',
}

/** `/v1` of a server of one's own. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  chat: {
    showsThoughts: true,
    writes: (body: JsonObject) => ({
      ...body,
      choices: Array.isArray(body['choices'])
        ? body['choices'].map((choice) =>
            isObject(choice) ? { ...choice, stop_reason: null } : choice,
          )
        : [],
    }),
  },
})

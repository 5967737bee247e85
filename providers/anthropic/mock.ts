import {
  anthropicCounting,
  anthropicMessages,
  countRequest,
  findModel,
  GatewayError,
  isObject,
  mockApp,
  mockChat,
  parseJson,
  type MockEnv,
} from '#kit'
import type { MiddlewareHandler } from 'hono'
import { info, page } from './catalogue.ts'
import { dialect, limitHeaders } from './dialect.ts'
import { models } from './models.ts'
import { complaint, versions } from './rules.ts'

/** Anthropic's API: messages, token counts and the model list, in both versions. */
export const mock = mockApp(dialect)

const refused = (message: string): GatewayError => new GatewayError('invalid_request', message)

const versionOf = (given: string | undefined) => {
  if (given === undefined) throw refused('anthropic-version: header is required')
  return (
    versions.find((version) => version === given) ??
    raise(refused(`anthropic-version: "${given}" is not a valid version`))
  )
}

function raise(error: GatewayError): never {
  throw error
}

mock.use('/v1/*', async (c, next) => {
  versionOf(c.req.header('anthropic-version'))
  await next()
  if (c.error !== undefined) return
  for (const [name, value] of Object.entries(limitHeaders(c.var.call.world.now())))
    c.res.headers.set(name, value)
})

/** The rules that the protocol's codec does not know; wrong types are its own complaint. */
const ruled: MiddlewareHandler<MockEnv> = async (c, next) => {
  const body = parseJson(await c.req.text())
  if (isObject(body) && typeof body['model'] === 'string') {
    const model = findModel(models, body['model'])
    const wrong = complaint(body, model, versionOf(c.req.header('anthropic-version')))
    if (wrong !== undefined) throw refused(wrong)
  }
  await next()
}

mock.post(
  '/v1/messages',
  ruled,
  mockChat(anthropicMessages, {
    models,
    ids: {
      reply: (digits) => `msg_01${digits.slice(0, 22)}`,
      toolCall: (digits) => `toolu_01${digits.slice(0, 22)}`,
    },
    showsThoughts: true,
    signs: ['reasoning'],
    tampered: ({ message, part }) =>
      `messages.${message}.content.${part}: Invalid \`signature\` in \`thinking\` block`,
  }),
)

mock.post('/v1/messages/count_tokens', ruled, async (c) => {
  const request = anthropicCounting.request.decode(parseJson(await c.req.text()))
  findModel(models, request.model)
  return c.json(anthropicCounting.reply.encode(countRequest(request)))
})

mock.get('/v1/models', (c) => {
  const limit = Number(c.req.query('limit') ?? 20)
  return c.json(
    page(models, {
      after: c.req.query('after_id'),
      before: c.req.query('before_id'),
      limit,
      lifecycle: [...(c.req.queries('lifecycle') ?? []), ...(c.req.queries('lifecycle[]') ?? [])],
    }),
  )
})

mock.get('/v1/models/:id', (c) => {
  const id = c.req.param('id')
  const model = models.find(
    (candidate) => candidate.id === id || candidate.aliases?.includes(id) === true,
  )
  if (model === undefined) throw new GatewayError('not_found', id)
  return c.json(info(model))
})

import {
  cohereChat,
  countTokens,
  embed,
  findModel,
  GatewayError,
  isObject,
  mockApp,
  mockChat,
  parseJson,
  protocolDialect,
  type JsonObject,
  type MockDialect,
  type MockEnv,
  type Model,
} from '#kit'
import type { Context } from 'hono'
import { models } from './models.ts'

const usual = protocolDialect(cohereChat)

/** A UUID of the digits of a request. */
const uuid = (digits: string): string =>
  digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

const ownHeaders = (digits: string): Record<string, string> => ({
  'x-debug-trace-id': digits.slice(0, 32),
  'x-api-warning': '',
  'x-endpoint-monthly-call-limit': '1000',
  'x-trial-endpoint-call-limit': '20',
  'x-trial-endpoint-call-remaining': '19',
})

const dialect: MockDialect = {
  keyOf: ({ headers }) => /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1],
  refuse(failure, requestId) {
    const { status, headers } = usual.refuse(failure, requestId)
    const kept = new Headers(headers)
    kept.delete('x-request-id')
    kept.set('x-debug-trace-id', requestId.slice(0, 32))
    return Response.json(
      { id: uuid(requestId), message: messageOf(failure) },
      { status, headers: kept },
    )
  },
  headers: ownHeaders,
}

function messageOf(failure: Parameters<MockDialect['refuse']>[0]): string {
  switch (failure.kind) {
    case 'no-key':
      return 'no api key supplied'
    case 'bad-key':
      return 'invalid api token'
    case 'not-found':
      return failure.what.startsWith('/')
        ? '404 page not found'
        : `model '${failure.what}' not found, make sure the correct model ID was used`
    case 'bad-request':
      return `invalid request: ${failure.message}`
    case 'rate-limited':
      return 'You are using a Trial key, which is limited to 20 API calls / minute'
    case 'forbidden':
    case 'quota':
    case 'overloaded':
    case 'server-error':
    case 'timeout':
    case 'too-large':
    case 'moderated':
    case 'context-length':
      return `the request was refused: ${failure.kind}`
    default:
      return failure satisfies never
  }
}

/** `api.cohere.com`: chat, embeddings and the list of models. */
export const mock = mockApp(dialect)

mock.post(
  '/v2/chat',
  mockChat(cohereChat, {
    models: models.filter(({ does }) => does.includes('chat')),
    ids: { reply: uuid, toolCall: (digits) => `call_${digits.slice(0, 12)}` },
    showsThoughts: true,
  }),
)

const inputTypes = ['search_document', 'search_query', 'classification', 'clustering', 'image']

async function bodyOf(c: Context<MockEnv>): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  if (!isObject(body)) throw new GatewayError('invalid_request', 'the body must be a JSON object')
  return body
}

mock.post('/v2/embed', async (c) => {
  const { model: id, texts, input_type: type, output_dimension: size } = await bodyOf(c)
  const model = findModel(models, typeof id === 'string' ? id : '')
  if (model.embedding === undefined) throw new GatewayError('not_found', model.id)
  if (!inputTypes.some((known) => known === type))
    throw new GatewayError('invalid_request', 'valid input_type must be provided with the model')
  if (!Array.isArray(texts) || texts.length === 0 || texts.length > 96)
    throw new GatewayError('invalid_request', 'texts must hold 1 to 96 texts')
  const dimensions = typeof size === 'number' ? size : model.embedding.dimensions
  const words = texts.map(String)
  const tokens = words.reduce((sum, text) => sum + countTokens(text), 0)
  return c.json({
    id: uuid(c.var.call.requestId),
    embeddings: { float: words.map((text) => embed(text, dimensions, c.var.call)) },
    texts: words,
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: tokens } },
    response_type: 'embeddings_by_type',
  })
})

const listed = ({ id, does, context, accepts }: Model) => ({
  name: id,
  endpoints: does.includes('chat') ? ['chat'] : ['embed'],
  finetuned: false,
  context_length: context ?? 0,
  features: accepts === undefined ? null : ['vision'],
})

mock.get('/v1/models', (c) => c.json({ models: models.map(listed) }))
mock.get('/v1/models/:id', (c) => c.json(listed(findModel(models, c.req.param('id')))))

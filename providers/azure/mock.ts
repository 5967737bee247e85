import {
  countTokens,
  decodeEmbeddingRequest,
  embed,
  encodeEmbeddingReply,
  findModel,
  GatewayError,
  mockApp,
  mockChat,
  openaiChat,
  parseJson,
  type MockEnv,
} from '#kit'
import type { Context, Handler, MiddlewareHandler } from 'hono'
import { dialect } from './dialect.ts'
import { withVerdicts } from './filters.ts'
import { models } from './models.ts'

/** A resource with a deployment for every model, on the v1 surface and the dated one. */
export const mock = mockApp(dialect)

/** The dated surface wants its date. */
const dated: MiddlewareHandler<MockEnv> = async (c, next) => {
  if (!/^20\d\d-\d\d-\d\d(-preview)?$/.test(c.req.query('api-version') ?? ''))
    throw new GatewayError('not_found', new URL(c.req.url).pathname)
  await next()
}

const filtered: MiddlewareHandler<MockEnv> = async (c, next) => {
  await next()
  if (c.res.ok && c.error === undefined) c.res = await withVerdicts(c.res)
}

const chat = mockChat(openaiChat, {
  models: models.filter((model) => model.does.includes('chat')),
  ids: { reply: (digits) => `chatcmpl-${digits}`, toolCall: (digits) => `call_${digits}` },
})

const embeddings: Handler<MockEnv> = async (c) => {
  const { request, encoding } = decodeEmbeddingRequest(await bodyOf(c))
  const model = findModel(models, request.model)
  if (model.embedding === undefined) throw new GatewayError('not_found', request.model)
  const dimensions = request.dimensions ?? model.embedding.dimensions
  const texts = request.inputs.map(String)
  const inputTokens = texts.reduce((sum, text) => sum + countTokens(text), 0)
  const vectors = texts.map((text) => embed(text, dimensions, c.var.call))
  return c.json(
    encodeEmbeddingReply({ vectors, model: model.id, usage: { inputTokens } }, encoding),
  )
}

async function bodyOf(c: Context<MockEnv>): Promise<unknown> {
  const body = parseJson(await c.req.text())
  if (body === undefined)
    throw new GatewayError('invalid_request', 'The request body could not be parsed as JSON')
  return body
}

mock.post('/openai/v1/chat/completions', filtered, chat)
mock.post('/openai/deployments/:deployment/chat/completions', dated, filtered, chat)
mock.post('/openai/v1/embeddings', embeddings)
mock.post('/openai/deployments/:deployment/embeddings', dated, embeddings)

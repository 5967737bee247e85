// The mock of a host with an API like OpenAI's: its routes below one path, each where a model is for it.

import type { Context, Hono } from 'hono'
import { GatewayError } from '#core/error'
import { isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { Model, Modality } from '#core/provider'
import { countTokens } from '#core/tokens'
import { openaiChat } from '#protocols/openai-chat/index'
import { decodeEmbeddingRequest, encodeEmbeddingReply } from '#protocols/openai-embeddings'
import { mockApp } from './app.ts'
import { findModel, mockChat, type MockChatOptions } from './chat.ts'
import type { MockDialect } from './dialect.ts'
import { embed } from './embed.ts'
import { hostTranscription } from './host-audio.ts'
import type { MockEnv } from './world.ts'

export interface MockHostOptions {
  /** The path before `/chat/completions`: `/v1`. */
  base: string
  models: readonly Model[]
  dialect: MockDialect
  /** What sets its chat apart. */
  chat?: Omit<MockChatOptions, 'models'>
  /** Fields of a chat's body that the vendor refuses. */
  refuses?: readonly string[]
  /** Roles of messages; all but `developer` when absent. */
  roles?: readonly string[]
  /** What else the vendor checks in a chat. @throws GatewayError */
  checks?: (body: JsonObject) => void
  /** The body of `GET /models`. */
  lists?: (models: Json[]) => Json
}

const usualRoles = ['system', 'user', 'assistant', 'tool']

/** `/chat/completions`, `/models`, and `/embeddings` and `/audio/transcriptions` where models do these. */
export function mockHost(options: MockHostOptions): Hono<MockEnv> {
  const { base, models, dialect, lists = (data) => ({ object: 'list', data }) } = options
  const mock = mockApp(dialect)
  const serves = (modality: Modality): boolean => models.some(({ does }) => does.includes(modality))
  mock.post(
    `${base}/chat/completions`,
    async (c, next) => {
      checkChat(await readObject(c), options)
      return next()
    },
    mockChat(openaiChat, {
      ids: { reply: (digits) => `chatcmpl-${digits}`, toolCall: (digits) => `call_${digits}` },
      ...options.chat,
      models: models.filter(({ does }) => does.includes('chat')),
    }),
  )
  if (serves('embedding')) mockEmbeddings(mock, `${base}/embeddings`, models)
  if (serves('transcription')) hostTranscription(mock, `${base}/audio`, models)
  const listed = models.filter(({ retired }) => retired === undefined).map(entry)
  mock.get(`${base}/models`, (c) => c.json(lists(listed)))
  mock.get(`${base}/models/:id{.+}`, (c) => c.json(entry(findModel(models, c.req.param('id')))))
  return mock
}

const entry = ({ id, context }: Model): JsonObject => ({
  id,
  object: 'model',
  created: 1_700_000_000,
  owned_by: id.includes('/') ? id.slice(0, id.indexOf('/')) : 'system',
  ...(context === undefined ? {} : { context_length: context }),
})

async function readObject(c: Context<MockEnv>): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  if (isObject(body)) return body
  throw new GatewayError('invalid_request', 'The body could not be parsed as a JSON object')
}

const bad = (param: string, message: string): GatewayError =>
  new GatewayError('invalid_request', message, { param })

function checkChat(body: JsonObject, options: MockHostOptions): void {
  for (const field of options.refuses ?? [])
    if ((body[field] ?? null) !== null) throw bad(field, `property '${field}' is unsupported`)
  const roles = options.roles ?? usualRoles
  const messages = Array.isArray(body['messages']) ? body['messages'] : []
  for (const [index, message] of messages.entries()) {
    const role = isObject(message) ? message['role'] : undefined
    if (typeof role === 'string' && !roles.includes(role))
      throw bad(`messages[${index}].role`, `'${role}' is not one of ${roles.join(', ')}`)
  }
  options.checks?.(body)
}

export function mockEmbeddings(mock: Hono<MockEnv>, path: string, models: readonly Model[]): void {
  mock.post(path, (c) => vectors(c, models))
}

async function vectors(c: Context<MockEnv>, models: readonly Model[]): Promise<Response> {
  const { request, encoding } = decodeEmbeddingRequest(await readObject(c))
  const model = findModel(models, request.model)
  const most = model.embedding?.dimensions
  if (most === undefined) throw new GatewayError('not_found', request.model)
  const { dimensions = most } = request
  if (dimensions !== most && model.embedding?.reducible !== true)
    throw bad('dimensions', `dimensions of ${model.id} cannot be chosen`)
  const inputTokens = request.inputs
    .map((input) => (typeof input === 'string' ? countTokens(input) : input.length))
    .reduce((sum, count) => sum + count, 0)
  const made = request.inputs.map((input) => embed(String(input), dimensions, c.var.call))
  return c.json(
    encodeEmbeddingReply({ vectors: made, model: model.id, usage: { inputTokens } }, encoding),
  )
}

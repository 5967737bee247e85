import {
  bedrockConverse,
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
} from '#kit'
import type { Context, MiddlewareHandler } from 'hono'
import { models } from './models.ts'

const usual = protocolDialect(bedrockConverse)

/** A request id is a UUID, under Amazon's own name. */
const ownHeaders = (digits: string): Record<string, string> => ({
  'x-amzn-requestid': digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
})

const dialect: MockDialect = {
  /** Behind a signature, the id of the access key. */
  keyOf({ headers }) {
    const given = headers.get('authorization') ?? ''
    return /^Bearer (.+)$/.exec(given)?.[1] ?? signed.exec(given)?.[1]
  },
  refuse(failure, requestId) {
    const refused = usual.refuse(failure, requestId)
    refused.headers.delete('x-request-id')
    for (const [name, value] of Object.entries(ownHeaders(requestId)))
      refused.headers.set(name, value)
    return refused
  },
  headers: ownHeaders,
}

const signed =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=[0-9a-f]{64}$/

/** The Bedrock runtime: Converse, its stream, and InvokeModel for embeddings. */
export const mock = mockApp(dialect)

/** What can be held of a signature without the secret: its scope, its time, what it covers. */
mock.use(async (c, next) => {
  const given = c.req.header('authorization') ?? ''
  const [, , day = '', region = '', service = '', covered = ''] = signed.exec(given) ?? []
  const date = c.req.header('x-amz-date') ?? ''
  const isSound =
    date.startsWith(`${day}T`) &&
    service === 'bedrock' &&
    new URL(c.req.url).host.includes(`.${region}.`) &&
    ['host', 'x-amz-date'].every((name) => covered.split(';').includes(name))
  if (!given.startsWith('Bearer ') && !isSound)
    throw new GatewayError('authentication', 'The signature does not fit the request')
  await next()
})

const converse = mockChat(bedrockConverse, {
  models: models.filter((model) => model.does.includes('chat')),
  envelope: (c) => ({ model: modelOf(c), stream: c.req.path.endsWith('/converse-stream') }),
  framing: () => 'aws',
  ids: { toolCall: (digits) => `tooluse_${digits.slice(0, 22)}` },
  showsThoughts: true,
  signs: ['reasoning'],
})

const modelOf = (c: Context<MockEnv>): string => c.req.param('model') ?? ''

/** What the API refuses and the codec lets through. */
const ruled: MiddlewareHandler<MockEnv> = async (c, next) => {
  const body = parseJson(await c.req.text())
  const wrong = isObject(body) ? complaint(body) : undefined
  if (wrong !== undefined) throw new GatewayError('invalid_request', wrong)
  await next()
}

function complaint({ messages, toolConfig }: JsonObject): string | undefined {
  const turns = Array.isArray(messages) ? messages.filter(isObject) : []
  const blocks = turns.flatMap(({ content }) =>
    Array.isArray(content) ? content.filter(isObject) : [],
  )
  if (turns[0] !== undefined && turns[0]['role'] !== 'user')
    return 'A conversation must start with a user message'
  if (turns.some(({ role }, index) => index > 0 && turns[index - 1]?.['role'] === role))
    return 'The roles of a conversation must alternate between user and assistant'
  if (blocks.some(({ text }) => typeof text === 'string' && text.trim() === ''))
    return 'The text field of a ContentBlock must not be blank'
  if (
    toolConfig === undefined &&
    blocks.some((block) => 'toolUse' in block || 'toolResult' in block)
  )
    return 'toolConfig must be defined where toolUse and toolResult blocks are used'
  return undefined
}

mock.post('/model/:model/converse', ruled, converse)
mock.post('/model/:model/converse-stream', ruled, converse)

mock.post('/model/:model/invoke', async (c) => {
  const model = findModel(models, modelOf(c))
  if (model.embedding === undefined)
    throw new GatewayError('invalid_request', 'This model is invoked by Converse')
  const body = parseJson(await c.req.text())
  const text = isObject(body) ? body['inputText'] : undefined
  if (!isObject(body) || typeof text !== 'string' || text === '')
    throw new GatewayError('invalid_request', 'inputText must be a text that is not empty')
  const size = body['dimensions'] ?? model.embedding.dimensions
  if (size !== 256 && size !== 512 && size !== 1024)
    throw new GatewayError('invalid_request', 'dimensions must be 256, 512 or 1024')
  const embedding = embed(text, size, c.var.call)
  return c.json({
    embedding,
    embeddingsByType: { float: embedding },
    inputTextTokenCount: countTokens(text),
  })
})

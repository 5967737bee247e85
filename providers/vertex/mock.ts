import {
  anthropicCounting,
  anthropicMessages,
  countRequest,
  countTokens,
  embed,
  findModel,
  gemini,
  GatewayError,
  isObject,
  mockApp,
  mockChat,
  parseJson,
  protocolDialect,
  type Envelope,
  type JsonObject,
  type MockDialect,
  type MockEnv,
  type Protocol,
} from '#kit'
import type { Context } from 'hono'
import { models } from './models.ts'

const usual = protocolDialect(gemini)

/** Google's refusals; the vendor tells neither limits nor an id of the request. */
const dialect: MockDialect = {
  keyOf(request) {
    return usual.keyOf(request) ?? new URL(request.url).searchParams.get('key') ?? undefined
  },
  refuse(failure, requestId) {
    const refused = usual.refuse(failure, requestId)
    refused.headers.delete('x-request-id')
    return refused
  },
  headers: () => ({ vary: 'Origin, X-Origin, Referer', 'x-content-type-options': 'nosniff' }),
}

/** The models of Google and Anthropic on `aiplatform.googleapis.com`, with a project or in express mode. */
export const mock = mockApp(dialect)

const versions = '/:version{v1|v1beta1}'
const places = [`${versions}/projects/:project/locations/:location`, versions]

const bodyOf = async (c: Context<MockEnv>): Promise<JsonObject> => {
  const body = parseJson(await c.req.text())
  if (!isObject(body)) throw new GatewayError('invalid_request', 'Invalid JSON payload received')
  return body
}

/** Model and method of the path: `<model>:<method>`. */
function target(c: Context<MockEnv>): { model: string; method: string } {
  const [, model = '', method = ''] = /^(.*):([^:]*)$/.exec(c.req.param('target') ?? '') ?? []
  return { model, method }
}

const envelope = (c: Context<MockEnv>): Required<Envelope> => {
  const { model, method } = target(c)
  return { model, stream: method.startsWith('stream') }
}

/** As Anthropic's protocol is spoken here: the model is in the path, the version in the body. */
const vertexMessages: Protocol = {
  ...anthropicMessages,
  request: {
    ...anthropicMessages.request,
    decode(body, { model, stream } = {}) {
      if (!isObject(body) || body['anthropic_version'] !== 'vertex-2023-10-16')
        throw new GatewayError('invalid_request', 'anthropic_version: Field required')
      if (body['model'] !== undefined)
        throw new GatewayError('invalid_request', 'model: Extra inputs are not permitted')
      return anthropicMessages.request.decode({ ...body, model, stream })
    },
  },
}

const ofPublisher = (prefix: string) =>
  models.filter(({ id, does }) => does.includes('chat') && id.startsWith(prefix))

const google = mockChat(gemini, {
  models: ofPublisher('gemini-'),
  envelope,
  framing: (c) => (c.req.query('alt') === 'sse' ? 'sse' : 'array'),
  ids: { reply: (digits) => digits.slice(0, 22), toolCall: (digits) => digits.slice(0, 8) },
  showsThoughts: false,
  signs: ['tool-call'],
})

const claude = mockChat(vertexMessages, {
  models: ofPublisher('claude-'),
  envelope,
  ids: {
    reply: (digits) => `msg_vrtx_01${digits.slice(0, 22)}`,
    toolCall: (digits) => `toolu_vrtx_01${digits.slice(0, 22)}`,
  },
  showsThoughts: true,
  signs: ['reasoning'],
})

/** Unlike Google's other API, this one wants to know who speaks. */
function checkRoles({ contents }: JsonObject): void {
  const isSpoken = (content: unknown): boolean =>
    isObject(content) && (content['role'] === 'user' || content['role'] === 'model')
  if (Array.isArray(contents) && !contents.every(isSpoken))
    throw new GatewayError('invalid_request', 'Please use a valid role: user, model.')
}

for (const place of places) {
  const ours = `${place}/publishers/google/models`
  mock.post(
    `${ours}/:target{[^/]+:(?:g|streamG)enerateContent}`,
    async (c, next) => {
      checkRoles(await bodyOf(c))
      await next()
    },
    google,
  )
  mock.post(`${ours}/:target{[^/]+:countTokens}`, async (c) => {
    const { model } = target(c)
    findModel(models, model)
    const totalTokens = countRequest(gemini.request.decode(await bodyOf(c), { model }))
    return c.json({ totalTokens, totalBillableCharacters: totalTokens * 4 })
  })
  mock.post(`${ours}/:target{[^/]+:predict}`, predict)
  const claudes = `${place}/publishers/anthropic/models`
  mock.post(`${claudes}/count-tokens:rawPredict`, async (c) => {
    const request = anthropicCounting.request.decode(await bodyOf(c))
    findModel(models, request.model)
    return c.json(anthropicCounting.reply.encode(countRequest(request)))
  })
  mock.post(`${claudes}/:target{[^/]+:(?:rawPredict|streamRawPredict)}`, claude)
}

async function predict(c: Context<MockEnv>): Promise<Response> {
  const { model: id } = target(c)
  const { embedding } = findModel(models, id)
  if (embedding === undefined) throw new GatewayError('not_found', id)
  const { instances, parameters } = await bodyOf(c)
  const texts = (Array.isArray(instances) ? instances : []).map((instance) =>
    isObject(instance) ? instance['content'] : undefined,
  )
  if (texts.length === 0 || (id.startsWith('gemini-') && texts.length > 1))
    throw new GatewayError('invalid_request', 'The number of instances is not supported')
  const size = isObject(parameters) ? parameters['outputDimensionality'] : undefined
  const dimensions = typeof size === 'number' ? size : embedding.dimensions
  if (dimensions > embedding.dimensions)
    throw new GatewayError(
      'invalid_request',
      `outputDimensionality must be at most ${embedding.dimensions}`,
    )
  return c.json({
    predictions: texts.map((text) => {
      if (typeof text !== 'string')
        throw new GatewayError('invalid_request', 'content must be a text')
      const statistics = { token_count: countTokens(text), truncated: false }
      return { embeddings: { values: embed(text, dimensions, c.var.call), statistics } }
    }),
  })
}

/** `oauth2.googleapis.com`: a token for whoever signs a claim; the claim's issuer is the key. */
export const tokenMock = {
  async fetch(request: Request): Promise<Response> {
    const form = await request.formData()
    const assertion = form.get('assertion')
    const [head = '', body = '', signature = ''] =
      typeof assertion === 'string' ? assertion.split('.') : []
    const claims = parseJson(decodeSafe(body))
    const algorithm = parseJson(decodeSafe(head))
    const issuer = isObject(claims) ? claims['iss'] : undefined
    const isSound =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      isObject(algorithm) &&
      algorithm['alg'] === 'RS256' &&
      signature.length >= 300
    if (!isSound || typeof issuer !== 'string')
      return Response.json(
        { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
        { status: 400 },
      )
    const reply = {
      access_token: issuer.split('@')[0] ?? '',
      expires_in: 3599,
      token_type: 'Bearer',
    }
    return Response.json(reply)
  },
}

const decodeSafe = (text: string): string => {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

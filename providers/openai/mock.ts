import {
  countTokens,
  decodeEmbeddingRequest,
  decodeModerationRequest,
  embed,
  encodeEmbeddingReply,
  encodeModerationReply,
  GatewayError,
  findModel,
  mockApp,
  mockChat,
  moderate,
  moderationCategories,
  openaiChat,
  openaiResponses,
  type EmbeddingRequest,
  type MockCall,
  type ModerationRequest,
  type ModerationResult,
  type Model,
} from '#kit'
import { mockAudio } from './mock-audio.ts'
import { modelFor, readJson, unknownField, type MockContext } from './mock-body.ts'
import { badRequest, dialect, errorReply } from './mock-dialect.ts'
import { mockImages } from './mock-images.ts'
import { models } from './models.ts'

/** `api.openai.com`. Image variations and videos answer as every path it does not have. */
export const mock = mockApp(dialect)
mockImages(mock)
mockAudio(mock)

const chatModels = models.filter((model) => model.does.includes('chat'))
const chat = mockChat(openaiChat, {
  models: chatModels,
  ids: { reply: (digits) => `chatcmpl-${digits}`, toolCall: (digits) => `call_${digits}` },
})
const responses = mockChat(openaiResponses, {
  models: chatModels,
  ids: { reply: (digits) => `resp_${digits}`, toolCall: (digits) => `call_${digits}` },
})
mock.post('/v1/responses', responses)
mock.post('/v1/chat/completions', async (c, next) => (await unsupported(c)) ?? next(), chat)

/** Fields that reasoning models refuse, by what our catalogue calls them. */
const rejected = [
  { field: 'temperature', name: 'temperature' },
  { field: 'top_p', name: 'topP' },
  { field: 'stop', name: 'stop' },
  { field: 'presence_penalty', name: 'penalties' },
  { field: 'frequency_penalty', name: 'penalties' },
] as const
/** The values that change nothing. */
const harmless: readonly unknown[] = [undefined, null, 1]

async function unsupported(c: MockContext): Promise<Response | undefined> {
  const body = await readJson(c)
  const model = models.find(({ id }) => id === body['model'])
  const isReasoner = model?.can?.includes('reasoning') === true
  const refused = rejected.find(
    ({ field, name }) => model?.rejects?.includes(name) === true && !harmless.includes(body[field]),
  )
  const param = isReasoner && (body['max_tokens'] ?? null) !== null ? 'max_tokens' : refused?.field
  if (param === undefined) return undefined
  return errorReply(
    400,
    {
      message: `Unsupported parameter: '${param}' is not supported with this model.`,
      type: 'invalid_request_error',
      param,
      code: 'unsupported_parameter',
    },
    c.var.call.requestId,
  )
}

/** openai 7.57, `EmbeddingCreateParams`. */
const embeddingFields = ['input', 'model', 'dimensions', 'encoding_format', 'user']
const mostInputs = 2048
const mostTokens = 8192

mock.post('/v1/embeddings', async (c) => {
  const body = await readJson(c)
  const refused = unknownField(c, Object.keys(body), embeddingFields)
  if (refused !== undefined) return refused
  const { request, encoding } = decodeEmbeddingRequest(body)
  const model = modelFor('embedding', request.model)
  const dimensions = dimensionsOf(request, model)
  if (request.inputs.length > mostInputs)
    throw badRequest('input', `No more than ${mostInputs} inputs may be embedded at once`)
  const counts = request.inputs.map((input) =>
    typeof input === 'string' ? countTokens(input) : input.length,
  )
  if (counts.some((count) => count > mostTokens))
    throw new GatewayError('context_length', 'An input is too long')
  const inputTokens = counts.reduce((sum, count) => sum + count, 0)
  const vectors = request.inputs.map((input) => embed(String(input), dimensions, c.var.call))
  return c.json(
    encodeEmbeddingReply({ vectors, model: model.id, usage: { inputTokens } }, encoding),
  )
})

function dimensionsOf({ dimensions }: EmbeddingRequest, { id, embedding }: Model): number {
  const most = embedding?.dimensions ?? 0
  if (dimensions === undefined) return most
  if (embedding?.reducible !== true)
    throw badRequest('dimensions', `${id} does not support dimensions`)
  if (dimensions > most) throw badRequest('dimensions', `dimensions must be at most ${most}`)
  return dimensions
}

mock.post('/v1/moderations', async (c) => {
  const body = await readJson(c)
  const refused = unknownField(c, Object.keys(body), ['input', 'model'])
  if (refused !== undefined) return refused
  const { request } = decodeModerationRequest(body, 'omni-moderation-latest')
  const model = modelFor('moderation', request.model)
  const id = `modr-${c.var.call.requestId}`
  const messages = request.together ? [request.inputs] : request.inputs.map((input) => [input])
  return c.json(
    encodeModerationReply({
      id,
      model: model.id,
      results: messages.map((parts) => judge(parts, c.var.call)),
    }),
  )
})

function judge(
  parts: ModerationRequest['inputs'],
  call: MockCall,
): ModerationResult['results'][number] {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const given = [...new Set(parts.map((part) => part.type))]
  const appliedTo = Object.fromEntries(
    Object.entries(moderationCategories).map(([category, types]) => [
      category,
      given.filter((type) => types.some((judged) => judged === type)),
    ]),
  )
  return { ...moderate(texts.join('\n'), call), appliedTo }
}

// No model has been made in this world; the order of the catalogue stands for age.
const firstModel = 1_700_000_000

const listed = models
  .filter(({ retired }) => retired === undefined)
  .map(({ id, shutdown }, index) => ({
    id,
    object: 'model',
    created: firstModel + index,
    owned_by: 'system',
    shutdown_date: shutdown ?? null,
  }))

mock.get('/v1/models', (c) => c.json({ object: 'list', data: listed }))
mock.get('/v1/models/:id', (c) => {
  const { id } = findModel(models, c.req.param('id'))
  return c.json(listed.find((model) => model.id === id))
})

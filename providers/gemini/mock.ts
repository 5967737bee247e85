import {
  countRequest,
  decodeGeminiEmbeddings,
  embed,
  encodeGeminiVectors,
  findModel,
  gemini,
  GatewayError,
  isObject,
  mockApp,
  mockChat,
  MockRefusal,
  parseJson,
  type JsonObject,
  type Model,
} from '#kit'
import { dialect } from './mock-dialect.ts'
import { listed } from './mock-models.ts'
import { speak } from './mock-speech.ts'
import { target, type MockContext } from './mock-target.ts'
import { transcribe } from './mock-transcription.ts'
import { models } from './models.ts'
import { pixelsOf } from './sizes.ts'

/** `generativelanguage.googleapis.com`: what the adapters use of it, in every version, and its model list. */
export const mock = mockApp(dialect)

const versions = '/:version{v1|v1beta|v1alpha}'

mock.get(`${versions}/models`, (c) => {
  const size = Number(c.req.query('pageSize') ?? 50)
  const from = Number(c.req.query('pageToken') ?? 0)
  const served = models.filter((model) => model.retired === undefined && model.does.length > 0)
  const page = served.slice(from, from + size)
  const nextPageToken = from + size < served.length ? { nextPageToken: `${from + size}` } : {}
  return c.json({ models: page.map(listed), ...nextPageToken })
})

mock.get(`${versions}/models/:model`, (c) =>
  c.json(listed(findModel(models, c.req.param('model')))),
)

mock.post(`${versions}/models/:target{[^/]+:countTokens}`, async (c) => {
  const { model } = target(c)
  findModel(models, model)
  const body = await bodyOf(c)
  const inner = body['generateContentRequest']
  const request = gemini.request.decode(isObject(inner) ? inner : body, { model })
  const totalTokens = countRequest(request)
  return c.json({
    totalTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
  })
})

mock.post(`${versions}/models/:target{[^/]+:(?:batchEmbedContents|embedContent)}`, async (c) => {
  const { model: id, method } = target(c)
  const model = findModel(models, id)
  if (model.embedding === undefined) throw new GatewayError('not_found', id)
  const isBatch = method === 'batchEmbedContents'
  const request = decodeGeminiEmbeddings(await bodyOf(c), id, isBatch)
  const dimensions = request.dimensions ?? model.embedding.dimensions
  if (dimensions > model.embedding.dimensions)
    throw new MockRefusal({
      kind: 'bad-request',
      message: `output_dimensionality must be at most ${model.embedding.dimensions}`,
      param: 'output_dimensionality',
    })
  const texts = request.inputs.map((input) => (typeof input === 'string' ? input : input.join(' ')))
  const vectors = texts.map((text) => embed(text, dimensions, c.var.call))
  return c.json(encodeGeminiVectors({ vectors, model: id, usage: {} }, isBatch))
})

mock.post(`${versions}/models/:target{[^/]+-tts[^/]*:(?:g|streamG)enerateContent}`, async (c) => {
  const { model, method } = target(c)
  const found = findModel(models, model)
  return speak(c, { body: await bodyOf(c), model: found, isStream: method !== 'generateContent' })
})

mock.post(`${versions}/models/:target{[^/]+-transcribe:generateContent}`, async (c) => {
  const { model } = target(c)
  return transcribe(c, { body: await bodyOf(c), model: findModel(models, model) })
})

mock.post(
  `${versions}/models/:target{[^/]+:(?:g|streamG)enerateContent}`,
  async (c, next) => {
    const model = models.find(({ id }) => id === target(c).model)
    if (model !== undefined) checkChat(model, await bodyOf(c))
    await next()
  },
  mockChat(gemini, {
    models,
    envelope: (c) => {
      const { model, method } = target(c)
      return { model, stream: method === 'streamGenerateContent' }
    },
    framing: (c) => (c.req.query('alt') === 'sse' ? 'sse' : 'array'),
    ids: { reply: (digits) => digits.slice(0, 22), toolCall: (digits) => digits.slice(0, 8) },
    showsThoughts: false,
    signs: ['tool-call'],
    tampered: () => 'Corrupted thought signature.',
    imageShape: ({ aspectRatio = '1:1', size }) =>
      pixelsOf(aspectRatio, size) ?? { width: 1024, height: 1024 },
  }),
)

async function bodyOf(c: MockContext): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  if (!isObject(body)) throw new GatewayError('invalid_request', 'Invalid JSON payload received')
  return body
}

/** What the vendor refuses and the codec lets through. */
function checkChat(model: Model, body: JsonObject): void {
  if (!model.does.includes('chat')) throw new GatewayError('not_found', model.id)
  const { contents = [] } = body
  if (Array.isArray(contents) && contents.length === 0)
    throw new MockRefusal({
      kind: 'bad-request',
      message: '* GenerateContentRequest.contents: contents is not specified\n',
    })
  const takesLevels = model.reasoning?.includes('effort') === true
  const unsigned = takesLevels ? unsignedCall(contents) : undefined
  if (unsigned !== undefined)
    throw new MockRefusal({
      kind: 'bad-request',
      message: `Function call ${unsigned} is missing a thought_signature in functionCall parts. This is required for tools to work correctly.`,
    })
  const config = body['generationConfig']
  if (!isObject(config)) return
  if (config['responseSchema'] !== undefined && config['responseJsonSchema'] !== undefined)
    throw new MockRefusal({
      kind: 'bad-request',
      message: 'response_schema and response_json_schema cannot both be set',
      param: 'generation_config',
    })
  const stops = config['stopSequences']
  if (Array.isArray(stops) && stops.length > 5)
    throw new MockRefusal({
      kind: 'bad-request',
      message: 'No more than 5 stop sequences may be set',
      param: 'generation_config.stop_sequences',
    })
}

/** The first call of a step of the current turn that has lost its signature. */
function unsignedCall(contents: unknown): string | undefined {
  if (!Array.isArray(contents)) return undefined
  let unsigned: string | undefined
  for (const content of currentTurn(contents.filter(isObject))) {
    const calls = partsOf(content).filter((part) => isObject(part['functionCall']))
    const [first] = calls
    if (content['role'] !== 'model') {
      // A step may be several contents: clients keep each event of a stream as one.
      if (unsigned !== undefined) return unsigned
    } else if (calls.some((part) => typeof part['thoughtSignature'] === 'string'))
      unsigned = undefined
    else if (first !== undefined) unsigned = nameOf(first)
  }
  return unsigned
}

const partsOf = ({ parts }: JsonObject): JsonObject[] =>
  Array.isArray(parts) ? parts.filter(isObject) : []

const nameOf = ({ functionCall: call }: JsonObject): string =>
  isObject(call) && typeof call['name'] === 'string' ? call['name'] : ''

/** Everything after what a user said last. */
function currentTurn(contents: JsonObject[]): JsonObject[] {
  const said = contents.findLastIndex(
    (content) =>
      content['role'] !== 'model' &&
      !partsOf(content).some((part) => isObject(part['functionResponse'])),
  )
  return contents.slice(said + 1)
}

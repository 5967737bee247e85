import {
  drawImage,
  findModel,
  fromBase64,
  GatewayError,
  hear,
  hostDialect,
  isObject,
  mockHost,
  parseJson,
  toBase64,
  type JsonObject,
  type MockEnv,
} from '#kit'
import type { Context } from 'hono'
import { absent } from './accent.ts'
import { models } from './models.ts'

const root = '/client/v4/accounts/:account/ai'

/** Codes of refusals: those of Workers AI, and of Cloudflare's API before them. */
const codes = {
  'no-key': 10001,
  'bad-key': 10000,
  forbidden: 3041,
  quota: 3036,
  'rate-limited': 971,
  overloaded: 3040,
  'server-error': 3001,
  timeout: 3007,
  'not-found': 3042,
  'too-large': 3006,
  moderated: 3003,
  'context-length': 3003,
  'bad-request': 5004,
} as const

const dialect = hostDialect({
  error: ({ kind, message }) => ({
    result: null,
    success: false,
    errors: [{ code: codes[kind], message }],
    messages: [],
  }),
  statuses: { quota: 429, overloaded: 429, timeout: 408 },
  idHeader: 'cf-ray',
})

/** `api.cloudflare.com`: what it has of Workers AI. */
export const mock = mockHost({
  base: `${root}/v1`,
  models,
  dialect,
  refuses: absent,
  chat: { showsThoughts: true },
})

mock.post(`${root}/run/:model{.+}`, async (c) => {
  const model = findModel(models, c.req.param('model'))
  const inputs = parseJson(await c.req.text())
  if (!isObject(inputs)) throw new GatewayError('invalid_request', 'The inputs must be an object')
  if (model.image !== undefined) return draw(c, model.id, inputs)
  if (model.transcription !== undefined) return transcribe(c, inputs)
  throw new GatewayError('invalid_request', 'This model is asked by the paths of OpenAI')
})

const enveloped = (result: JsonObject): JsonObject => ({
  result,
  success: true,
  errors: [],
  messages: [],
})

async function draw(c: Context<MockEnv>, id: string, inputs: JsonObject): Promise<Response> {
  const { prompt, width, height, seed } = inputs
  if (typeof prompt !== 'string' || prompt === '')
    throw new GatewayError('invalid_request', 'prompt must be a text that is not empty')
  const made = await drawImage({
    prompt,
    width: typeof width === 'number' ? width : 1024,
    height: typeof height === 'number' ? height : 1024,
    format: 'jpeg',
    ...(typeof seed === 'number' ? { seed } : {}),
  })
  const bytes = new Uint8Array(made)
  if (id.endsWith('phoenix-1.0')) return c.body(bytes, 200, { 'content-type': 'image/jpeg' })
  return c.json(enveloped({ image: toBase64(bytes) }))
}

function transcribe(c: Context<MockEnv>, inputs: JsonObject): Response {
  const { audio, language, task } = inputs
  if (typeof audio !== 'string')
    throw new GatewayError('invalid_request', 'audio must be a text in base64')
  const heard = hear(fromBase64(audio), {
    ...(typeof language === 'string' ? { language } : {}),
    translate: task === 'translate',
  })
  const { text, segments = [], words = [], seconds = 0 } = heard
  return c.json(
    enveloped({
      transcription_info: {
        language: heard.language ?? 'en',
        language_probability: 1,
        duration: seconds,
        duration_after_vad: seconds,
      },
      text,
      word_count: words.length,
      segments: segments.map((segment) => ({
        start: segment.start,
        end: segment.end,
        text: segment.text,
        words: words
          .filter(({ start }) => start >= segment.start && start < segment.end)
          .map(({ word, start, end }) => ({ word, start, end })),
      })),
    }),
  )
}

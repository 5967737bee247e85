// The catalogue, in the shape of whichever SDK asks.

import { GatewayError } from '#core/error'
import { defined, type Json } from '#core/json'
import type { Target } from '../routing/registry.ts'
import type { Ctx } from './context.ts'

/** Who asks: all three protocols list models at the same path. */
export type ModelsFace = 'openai' | 'anthropic' | 'gemini'

export function modelsFaceOf(c: Ctx): ModelsFace {
  if (c.req.header('anthropic-version') !== undefined) return 'anthropic'
  const google = c.req.header('x-goog-api-key') ?? c.req.header('x-goog-api-client')
  return google !== undefined || c.req.path.startsWith('/v1beta/') ? 'gemini' : 'openai'
}

export function listModels(c: Ctx): Response {
  const { targets } = c.var.gateway.registry
  return lists[modelsFaceOf(c)](c, targets)
}

export function getModel(c: Ctx): Response {
  const name = modelName(c)
  const { targets } = c.var.gateway.registry
  const target =
    targets.find((candidate) => candidate.name === name) ??
    targets.find(({ model }) => model.id === name || model.aliases?.includes(name) === true)
  if (target === undefined)
    throw new GatewayError('not_found', `The model '${name}' does not exist here`, {
      param: 'model',
      code: 'model_not_found',
    })
  return c.json(shapes[modelsFaceOf(c)](target))
}

const modelName = (c: Ctx): string =>
  decodeURIComponent(c.req.path.slice(c.req.path.indexOf('/models/') + '/models/'.length))

const released = (target: Target): string => `${target.model.released ?? '1970-01-01'}T00:00:00Z`

/** openai 7.57, `Model`. The id is the full name: it means the same wherever it is used. */
const openaiModel = (target: Target): Json => ({
  id: target.name,
  object: 'model',
  created: Date.parse(released(target)) / 1000,
  owned_by: target.provider.id,
  shutdown_date: target.model.shutdown ?? null,
})

/** @anthropic-ai/sdk 1.13, `ModelInfo`. */
const anthropicModel = (target: Target): Json =>
  defined({
    type: 'model',
    id: target.name,
    display_name: target.model.name ?? target.model.id,
    created_at: released(target),
    lifecycle: target.model.shutdown === undefined ? 'active' : 'deprecated',
    deprecated_at: null,
    retires_at: target.model.shutdown === undefined ? null : `${target.model.shutdown}T00:00:00Z`,
    max_input_tokens: target.model.context ?? null,
    max_tokens: target.model.maxOutput ?? null,
  })

const geminiMethods = {
  chat: ['generateContent', 'streamGenerateContent', 'countTokens'],
  embedding: ['embedContent', 'batchEmbedContents'],
  image: [],
  speech: [],
  transcription: [],
  moderation: [],
} as const

/** @google/genai 3.3, `Model` as the API writes it. */
const geminiModel = (target: Target): Json =>
  defined({
    name: `models/${target.name}`,
    displayName: target.model.name ?? target.model.id,
    inputTokenLimit: target.model.context,
    outputTokenLimit: target.model.maxOutput,
    supportedGenerationMethods: target.model.does.flatMap((modality) => [
      ...geminiMethods[modality],
    ]),
  })

const shapes = { openai: openaiModel, anthropic: anthropicModel, gemini: geminiModel }

const lists = {
  openai: (c: Ctx, targets: readonly Target[]): Response =>
    c.json({ object: 'list', data: targets.map(openaiModel) }),
  anthropic: anthropicList,
  gemini: geminiList,
}

/** Pages by `limit`, `after_id` and `before_id`, 20 a page, as the API does. */
function anthropicList(c: Ctx, targets: readonly Target[]): Response {
  const limit = pageSize(c, 'limit', 20)
  const after = targets.findIndex(({ name }) => name === c.req.query('after_id'))
  const before = targets.findIndex(({ name }) => name === c.req.query('before_id'))
  const start = before >= 0 ? Math.max(0, before - limit) : after + 1
  const end = before >= 0 ? before : start + limit
  const page = targets.slice(start, end)
  return c.json({
    data: page.map(anthropicModel),
    first_id: page[0]?.name ?? null,
    last_id: page.at(-1)?.name ?? null,
    has_more: before >= 0 ? start > 0 : end < targets.length,
  })
}

/** Pages by `pageSize` and `pageToken`, 50 a page, as the API does. */
function geminiList(c: Ctx, targets: readonly Target[]): Response {
  const size = pageSize(c, 'pageSize', 50)
  const start = Number(c.req.query('pageToken') ?? 0)
  const next = start + size
  return c.json(
    defined({
      models: targets.slice(start, next).map(geminiModel),
      nextPageToken: next < targets.length ? String(next) : undefined,
    }),
  )
}

function pageSize(c: Ctx, name: string, usual: number): number {
  const size = Number(c.req.query(name) ?? usual)
  if (!Number.isInteger(size) || size < 1)
    throw new GatewayError('invalid_request', `${name} must be a whole number of at least 1`, {
      param: name,
    })
  return Math.min(size, 1000)
}

// The catalogue, in the shape of whichever SDK asks.

import { GatewayError } from '#core/error'
import { defined, type Json } from '#core/json'
import type { Listing } from '../routing/registry.ts'
import type { Ctx } from './context.ts'
import { modelNameOf } from './gemini-path.ts'

/** Who asks: all three protocols list models at the same path. */
export type ModelsFace = 'openai' | 'anthropic' | 'gemini'

export function modelsFaceOf(c: Ctx): ModelsFace {
  if (c.req.header('anthropic-version') !== undefined) return 'anthropic'
  const google = c.req.header('x-goog-api-key') ?? c.req.header('x-goog-api-client')
  return google !== undefined || /^\/v1(?:alpha|beta)\//.test(c.req.path) ? 'gemini' : 'openai'
}

export function listModels(c: Ctx): Response {
  const { listings } = c.get('gateway').registry
  return lists[modelsFaceOf(c)](c, listings)
}

export function getModel(c: Ctx): Response {
  const name = modelNameOf(c)
  const listing = c.get('gateway').registry.listing(name)
  if (listing === undefined)
    throw new GatewayError('not_found', `The model '${name}' does not exist here`, {
      param: 'model',
      code: 'model_not_found',
    })
  return c.json(shapes[modelsFaceOf(c)](listing))
}

const released = ({ target }: Listing): string =>
  `${target.model.released ?? '1970-01-01'}T00:00:00Z`

/** openai 7.57, `Model`. */
const openaiModel = (listing: Listing): Json => ({
  id: listing.id,
  object: 'model',
  created: Date.parse(released(listing)) / 1000,
  owned_by: listing.owner ?? 'mimus',
  shutdown_date: listing.target.model.shutdown ?? null,
})

/** @anthropic-ai/sdk 1.13, `ModelInfo`. */
function anthropicModel(listing: Listing): Json {
  const { model } = listing.target
  return {
    type: 'model',
    id: listing.id,
    display_name: nameOf(listing),
    created_at: released(listing),
    // The catalogue knows neither; the SDK declares `null` for that.
    capabilities: null,
    line: null,
    lifecycle: model.shutdown === undefined ? 'active' : 'deprecated',
    deprecated_at: null,
    retires_at: model.shutdown === undefined ? null : `${model.shutdown}T00:00:00Z`,
    max_input_tokens: model.context ?? null,
    max_tokens: model.maxOutput ?? null,
  }
}

/** An alias goes by its own name: what it stands for may change. */
const nameOf = ({ id, owner, target: { model } }: Listing): string =>
  owner === undefined ? id : (model.name ?? model.id)

const geminiMethods = {
  chat: ['generateContent', 'streamGenerateContent', 'countTokens'],
  embedding: ['embedContent', 'batchEmbedContents'],
  image: [],
  speech: [],
  transcription: [],
  moderation: [],
} as const

/** @google/genai 3.3, `Model` as the API writes it. */
const geminiModel = (listing: Listing): Json => {
  const { model } = listing.target
  return defined({
    name: `models/${listing.id}`,
    displayName: nameOf(listing),
    inputTokenLimit: model.context,
    outputTokenLimit: model.maxOutput,
    supportedGenerationMethods: model.does.flatMap((modality) => [...geminiMethods[modality]]),
  })
}

const shapes = { openai: openaiModel, anthropic: anthropicModel, gemini: geminiModel }

const lists = {
  openai: (c: Ctx, listings: readonly Listing[]): Response =>
    c.json({ object: 'list', data: listings.map(openaiModel) }),
  anthropic: anthropicList,
  gemini: geminiList,
}

/** Pages by `limit`, `after_id` and `before_id`, 20 a page, as the API does. */
function anthropicList(c: Ctx, listings: readonly Listing[]): Response {
  const limit = pageSize(c, 'limit', 20)
  const after = listings.findIndex(({ id }) => id === c.req.query('after_id'))
  const before = listings.findIndex(({ id }) => id === c.req.query('before_id'))
  const start = before >= 0 ? Math.max(0, before - limit) : after + 1
  const end = before >= 0 ? before : start + limit
  const page = listings.slice(start, end)
  return c.json({
    data: page.map(anthropicModel),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: before >= 0 ? start > 0 : end < listings.length,
  })
}

/** Pages by `pageSize` and `pageToken`, 50 a page, as the API does. */
function geminiList(c: Ctx, listings: readonly Listing[]): Response {
  const size = pageSize(c, 'pageSize', 50)
  const start = c.req.query('pageToken') === undefined ? 0 : wholeNumber(c, 'pageToken', 1)
  const next = start + size
  return c.json(
    defined({
      models: listings.slice(start, next).map(geminiModel),
      nextPageToken: next < listings.length ? String(next) : undefined,
    }),
  )
}

const pageSize = (c: Ctx, name: string, usual: number): number =>
  Math.min(wholeNumber(c, name, usual), 1000)

function wholeNumber(c: Ctx, name: string, usual: number): number {
  const value = Number(c.req.query(name) ?? usual)
  if (!Number.isInteger(value) || value < 1)
    throw new GatewayError('invalid_request', `${name} must be a whole number of at least 1`, {
      param: name,
    })
  return value
}

// The OpenAI moderations protocol (`/v1/moderations`), in three directions.

import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { ModerationRequest, ModerationResult } from '#core/media'
import { Reader } from '#core/reader'
import { failureInside, withoutNulls } from './openai-media.ts'

/** The id under which fields of this protocol travel in `extra`. */
export const moderationProtocol = 'openai-moderations'

export interface ModerationOrder {
  request: ModerationRequest
  /** Refuse instead of approximating. */
  strict: boolean
}

/** The categories of the API, and whether they judge images too (openai 7.57, `Moderation.CategoryAppliedInputTypes`). */
export const moderationCategories = {
  harassment: ['text'],
  'harassment/threatening': ['text'],
  hate: ['text'],
  'hate/threatening': ['text'],
  illicit: ['text'],
  'illicit/violent': ['text'],
  'self-harm': ['text', 'image'],
  'self-harm/instructions': ['text', 'image'],
  'self-harm/intent': ['text', 'image'],
  sexual: ['text', 'image'],
  'sexual/minors': ['text'],
  violence: ['text', 'image'],
  'violence/graphic': ['text', 'image'],
} as const satisfies Record<string, readonly ('text' | 'image')[]>

/**
 * Reads a text, a list of texts, or a list of text and image parts.
 * @param fallbackModel stands in for a missing `model`, which the API lets callers leave out.
 * @throws GatewayError `invalid_request` naming the field.
 */
export function decodeModerationRequest(body: unknown, fallbackModel?: string): ModerationOrder {
  const reader = Reader.of(body)
  const strict = reader.maybeBoolean('strict') ?? false
  const request: ModerationRequest = {
    model: reader.maybeString('model') ?? fallbackModel ?? reader.string('model'),
    ...decodeInput(reader),
    ...defined({ user: reader.maybeString('user') }),
    extra: { protocol: moderationProtocol, fields: {} },
  }
  request.extra.fields = withoutNulls(reader.rest)
  return { request, strict }
}

const isString = (value: Json): value is string => typeof value === 'string'

function decodeInput(reader: Reader): Pick<ModerationRequest, 'inputs' | 'together'> {
  const input = reader.json('input')
  if (typeof input === 'string') return { inputs: [{ type: 'text', text: input }], together: false }
  if (!Array.isArray(input) || input.length === 0)
    reader.fail('input', 'a text, a list of texts, or a list of text and image parts')
  if (input.every(isString))
    return { inputs: input.map((text) => ({ type: 'text', text })), together: false }
  return { inputs: reader.list('input', decodePart), together: true }
}

function decodePart(part: Reader): ModerationRequest['inputs'][number] {
  return part.oneOf('type', ['text', 'image_url']) === 'text'
    ? { type: 'text', text: part.string('text') }
    : { type: 'image', url: part.object('image_url').string('url') }
}

export function encodeModerationRequest(request: ModerationRequest, model: string): JsonObject {
  const { inputs, together, extra } = request
  const parts = inputs.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: part.url } },
  )
  const texts = inputs.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return {
    model,
    input: together || texts.length < inputs.length ? parts : texts,
    ...(extra.protocol === moderationProtocol ? extra.fields : {}),
  }
}

/** @throws GatewayError `upstream` for a body that holds no judgement; the error's own kind when it carries an error. */
export function decodeModerationReply(wire: unknown): ModerationResult {
  if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent no moderation')
  const failure = failureInside(wire)
  if (failure !== undefined) throw failure
  if (!Array.isArray(wire['results']))
    throw new GatewayError('upstream', 'The provider sent no moderation')
  const { id, model } = wire
  return {
    id: typeof id === 'string' ? id : '',
    model: typeof model === 'string' ? model : '',
    results: wire['results'].map(decodeResult),
  }
}

type Result = ModerationResult['results'][number]

function decodeResult(wire: Json): Result {
  const result = isObject(wire) ? wire : {}
  return {
    flagged: result['flagged'] === true,
    categories: entriesOf(result['categories'], (value) =>
      typeof value === 'boolean' ? value : undefined,
    ),
    scores: entriesOf(result['category_scores'], (value) =>
      typeof value === 'number' ? value : undefined,
    ),
    appliedTo: entriesOf(result['category_applied_input_types'], inputTypes),
  }
}

function inputTypes(value: Json | undefined): ('text' | 'image')[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((type) => type === 'text' || type === 'image')
}

/** The entries `read` understands; `null` marks a category that an older model does not judge. */
function entriesOf<T>(
  wire: Json | undefined,
  read: (value: Json | undefined) => T | undefined,
): { [category: string]: T } {
  const entries: { [category: string]: T } = {}
  for (const [category, value] of Object.entries(isObject(wire) ? wire : {})) {
    const known = read(value)
    if (known !== undefined) entries[category] = known
  }
  return entries
}

/** Writes every category of the API: not flagged, score 0 and applied to nothing where the target does not judge it. */
export function encodeModerationReply(result: ModerationResult): JsonObject {
  return { id: result.id, model: result.model, results: result.results.map(encodeResult) }
}

function encodeResult(result: Result): JsonObject {
  const names = [
    ...new Set([...Object.keys(moderationCategories), ...Object.keys(result.categories)]),
  ]
  const each = <T extends Json>(read: (name: string) => T): JsonObject =>
    Object.fromEntries(names.map((name) => [name, read(name)]))
  return {
    flagged: result.flagged,
    categories: each((name) => result.categories[name] ?? false),
    category_scores: each((name) => result.scores[name] ?? 0),
    category_applied_input_types: each((name) => result.appliedTo[name] ?? []),
  }
}

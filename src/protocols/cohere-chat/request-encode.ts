import type { ChatRequest } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Lose, Model } from '#core/provider'
import { encodeMessages } from './messages.ts'
import { encodeTools } from './tools.ts'
import { effortBudgets } from './vocabulary.ts'

const mostStops = 5

/** Pure. @throws GatewayError `unsupported` for files that are not images. */
export function encodeRequest(request: ChatRequest, { model, lose }: Target): JsonObject {
  reportUnsayable(request, lose)
  return defined({
    model: model.id,
    messages: encodeMessages(request, lose),
    ...encodeTools(request, lose),
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    p: within(request, 'topP', [0.01, 0.99], lose),
    k: within(request, 'topK', [0, 500], lose),
    stop_sequences: encodeStop(request.stop, lose),
    seed: request.seed,
    presence_penalty: within(request, 'presencePenalty', [0, 1], lose),
    frequency_penalty: within(request, 'frequencyPenalty', [0, 1], lose),
    thinking: encodeThinking(request, model, lose),
    response_format: encodeOutput(request, lose),
    stream: request.stream ? true : undefined,
  })
}

/** The number within the limits of the API reference (docs.cohere.com/reference/chat). */
function within(
  request: ChatRequest,
  field: 'topP' | 'topK' | 'presencePenalty' | 'frequencyPenalty',
  [least, most]: readonly [number, number],
  lose: Lose,
): number | undefined {
  const value = request[field]
  if (value === undefined) return undefined
  const fitted = Math.min(Math.max(value, least), most)
  if (fitted !== value) lose(field, `${field} became ${fitted}: it must be ${least} to ${most}`)
  return fitted
}

function encodeStop(stop: string[] | undefined, lose: Lose): string[] | undefined {
  if (stop === undefined || stop.length <= mostStops) return stop
  lose('stop', `Only ${mostStops} stop sequences can be sent; the others were left out`)
  return stop.slice(0, mostStops)
}

function encodeThinking(
  { reasoning }: ChatRequest,
  model: Model,
  lose: Lose,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined
  const { effort, budgetTokens, visible } = reasoning
  if (model.can?.includes('reasoning') === false) {
    if (effort !== 'none') lose('reasoning', 'this model does not reason: the wish was left out')
    return undefined
  }
  if (effort === 'none') return { type: 'disabled' }
  if (visible === false) lose('reasoning.visible', 'thoughts are always shown here')
  if (budgetTokens !== undefined) return { type: 'enabled', token_budget: budgetTokens }
  if (effort === undefined) return { type: 'enabled' }
  const budget = effortBudgets[effort]
  lose('reasoning.effort', `the effort ${effort} was mapped to a budget of ${budget} tokens`)
  return { type: 'enabled', token_budget: budget }
}

function encodeOutput({ output }: ChatRequest, lose: Lose): JsonObject | undefined {
  if (output === undefined) return undefined
  for (const field of ['name', 'description'] as const)
    if (output[field] !== undefined)
      lose(`output.${field}`, `the ${field} of the answer was left out`)
  if (output.strict === false) lose('output.strict', 'a schema is always followed strictly here')
  return defined({ type: 'json_object', json_schema: output.schema })
}

/** Tells what no model of this protocol understands. */
function reportUnsayable(request: ChatRequest, lose: Lose): void {
  const fields = [
    'verbosity',
    'audio',
    'image',
    'metadata',
    'user',
    'cacheKey',
    'serviceTier',
  ] as const
  for (const field of fields)
    if (request[field] !== undefined)
      lose(field, `${field} is not supported by this model and was left out`)
  if (request.candidates !== undefined && request.candidates > 1)
    lose('candidates', `${request.candidates} answers were wanted: this model gives one`)
  if (request.modalities?.some((modality) => modality !== 'text') === true)
    lose('modalities', 'this model answers in text only')
}

// Writes a request body (`ResponseCreateParams` of the SDK).

import type { ChatRequest } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Lose, Model } from '#core/provider'
import { begun, offered, taker } from '../openai-chat/encode.ts'
import { effortOfBudget } from '../openai-chat/vocabulary.ts'
import { encodeInput } from './conversation.ts'
import { encodeTools } from './tools.ts'

/** Pure. What the protocol or the model cannot take is told to `target.lose`. */
export function encodeRequest(request: ChatRequest, { model, lose }: Target): JsonObject {
  const taken = taker(request, model, lose)
  loseAbsent(request, lose)
  return defined({
    model: model.id,
    ...encodeInput(request.system, begun(request, model, lose), lose),
    ...encodeTools(request, lose),
    max_output_tokens: request.maxOutputTokens,
    temperature: taken('temperature', 'temperature'),
    top_p: taken('topP', 'topP'),
    reasoning: encodeReasoning(request, model, lose),
    text: encodeText(request),
    safety_identifier: request.user,
    metadata: request.metadata,
    prompt_cache_key: request.cacheKey,
    service_tier: request.serviceTier,
    stream: request.stream ? true : undefined,
    // The conversation is the caller's: nothing is kept, so thoughts have to travel with it.
    store: false,
    include: ['reasoning.encrypted_content'],
  })
}

/** Parameters of the hub that this protocol has no field for. */
const absent = [
  'topK',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidates',
  'audio',
  'image',
] as const satisfies (keyof ChatRequest)[]

function loseAbsent(request: ChatRequest, lose: Lose): void {
  for (const field of absent)
    if (request[field] !== undefined)
      lose(field, `${field} is not supported by this protocol and was left out`)
  if (request.modalities?.some((modality) => modality !== 'text') === true)
    lose('modalities', 'This protocol has no wish for what the reply is made of; it was left out')
}

function encodeReasoning(request: ChatRequest, model: Model, lose: Lose): JsonObject | undefined {
  const { reasoning } = request
  if (reasoning === undefined) return undefined
  const { effort, budgetTokens, visible } = reasoning
  if (model.can !== undefined && !model.can.includes('reasoning')) {
    if (effort !== 'none' && budgetTokens !== 0)
      lose('reasoning', 'This model does not reason; the wish was left out')
    return undefined
  }
  const nearest = budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens)
  const chosen = effort ?? nearest?.effort
  if (nearest !== undefined && (chosen !== nearest.effort || !nearest.exact))
    lose(
      'reasoning.budgetTokens',
      `A budget of ${budgetTokens} tokens became the effort '${chosen}'`,
    )
  const said = defined({
    effort: offered(chosen, model, lose),
    summary: visible === true ? 'auto' : undefined,
  })
  return Object.keys(said).length === 0 ? undefined : said
}

/** `text` of a request, and of the reply that repeats it. */
export function encodeText({ output, verbosity }: ChatRequest): JsonObject | undefined {
  if (output === undefined && verbosity === undefined) return undefined
  return defined({ format: encodeFormat(output), verbosity })
}

function encodeFormat(output: ChatRequest['output']): JsonObject | undefined {
  if (output === undefined) return undefined
  const { name, schema, description, strict } = output
  if (name === undefined && schema === undefined) return { type: 'json_object' }
  // A schema is needed here; the empty one allows anything.
  const fields = defined({ name: name ?? 'response', description, schema: schema ?? {}, strict })
  return { type: 'json_schema', ...fields }
}

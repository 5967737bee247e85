// Writes a request body (`ChatCompletionCreateParams` of the SDK).

import type { ChatRequest, Effort, Message } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Lose, Model } from '#core/provider'
import { encodeMessages } from './conversation.ts'
import { encodeTools } from './tools.ts'
import { effortOfBudget } from './vocabulary.ts'

/** The most stop sequences the vendor takes. */
const mostStops = 4

/** Pure. What the protocol or the model cannot take is told to `target.lose`. */
export function encodeRequest(request: ChatRequest, { model, lose }: Target): JsonObject {
  const taken = taker(request, model, lose)
  // The protocol has no such field.
  taken('topK', 'topK')
  return defined({
    model: model.id,
    messages: encodeMessages(request.system, begun(request, model, lose), lose),
    ...encodeTools(request, lose),
    max_completion_tokens: request.maxOutputTokens,
    temperature: taken('temperature', 'temperature'),
    top_p: taken('topP', 'topP'),
    n: request.candidates,
    stop: encodeStop(taken('stop', 'stop'), lose),
    seed: request.seed,
    presence_penalty: taken('presencePenalty', 'penalties'),
    frequency_penalty: taken('frequencyPenalty', 'penalties'),
    reasoning_effort: encodeReasoning(request, model, lose),
    ...encodeOutput(request),
    safety_identifier: request.user,
    metadata: request.metadata,
    prompt_cache_key: request.cacheKey,
    service_tier: request.serviceTier,
    ...encodeStream(request),
  })
}

type Rejection = NonNullable<Model['rejects']>[number]

/** Reads parameters of the request; those the model rejects are reported and absent. */
export function taker(request: ChatRequest, model: Model, lose: Lose) {
  const rejects = new Set<Rejection>([...(model.rejects ?? []), 'topK'])
  return <K extends keyof ChatRequest>(field: K, name: Rejection): ChatRequest[K] | undefined => {
    const value = request[field]
    if (value === undefined || !rejects.has(name)) return value
    lose(field, `${field} is not supported by this model and was left out`)
    return undefined
  }
}

/** The messages without an answer that was begun for a model that cannot go on with it. */
export function begun(request: ChatRequest, model: Model, lose: Lose): readonly Message[] {
  const { messages } = request
  const isRejected = model.rejects?.includes('prefill') === true
  if (!isRejected || messages.at(-1)?.role !== 'assistant') return messages
  lose(
    'messages',
    'This model cannot go on with an answer that was begun; the beginning was left out',
  )
  return messages.slice(0, -1)
}

function encodeStop(stop: string[] | undefined, lose: Lose): string[] | undefined {
  if (stop === undefined || stop.length <= mostStops) return stop
  lose('stop', `Only ${mostStops} stop sequences can be sent; the others were left out`)
  return stop.slice(0, mostStops)
}

function encodeReasoning(request: ChatRequest, model: Model, lose: Lose): Effort | undefined {
  const { reasoning } = request
  if (reasoning === undefined) return undefined
  const { effort, budgetTokens, visible } = reasoning
  if (model.can !== undefined && !model.can.includes('reasoning')) {
    if (effort !== 'none' && budgetTokens !== 0)
      lose('reasoning', 'This model does not reason; the wish was left out')
    return undefined
  }
  if (visible === true)
    lose('reasoning.visible', 'Thoughts cannot be asked for here; they are shown where they come')
  if (budgetTokens === undefined) return offered(effort, model, lose)
  const nearest = effortOfBudget(budgetTokens)
  const chosen = effort ?? nearest.effort
  if (chosen !== nearest.effort || !nearest.exact)
    lose(
      'reasoning.budgetTokens',
      `A budget of ${budgetTokens} tokens became the effort '${chosen}'`,
    )
  return offered(chosen, model, lose)
}

/** Models that cannot but think are asked to think little. */
export function offered(effort: Effort | undefined, model: Model, lose: Lose): Effort | undefined {
  const isAlwaysOn = model.reasoning !== undefined && !model.reasoning.includes('off')
  if (effort !== 'none' || !isAlwaysOn) return effort
  lose('reasoning.effort', `This model cannot answer without reasoning; the effort became 'low'`)
  return 'low'
}

function encodeOutput(request: ChatRequest): JsonObject {
  const { audio, image } = request
  return defined({
    response_format: encodeFormat(request.output),
    verbosity: request.verbosity,
    modalities: request.modalities,
    audio:
      audio === undefined
        ? undefined
        : defined({ voice: encodeVoice(audio.voice), format: audio.format }),
    image_config:
      image === undefined
        ? undefined
        : defined({ aspect_ratio: image.aspectRatio, image_size: image.size }),
  })
}

function encodeFormat(output: ChatRequest['output']): JsonObject | undefined {
  if (output === undefined) return undefined
  const { name, schema, description, strict } = output
  if (name === undefined && schema === undefined) return { type: 'json_object' }
  return {
    type: 'json_schema',
    json_schema: defined({ name: name ?? 'response', description, schema, strict }),
  }
}

/** Custom voices are named by an object; their ids begin so (`ChatCompletionAudioParam.ID` of the SDK). */
const encodeVoice = (voice: string | undefined): JsonObject | string | undefined =>
  voice?.startsWith('voice_') === true ? { id: voice } : voice

/** Token counts are always asked for: whether the caller sees them is the face's matter. */
const encodeStream = (request: ChatRequest): JsonObject =>
  request.stream ? { stream: true, stream_options: { include_usage: true } } : {}

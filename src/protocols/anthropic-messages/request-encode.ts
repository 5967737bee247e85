import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages'
import type { ChatRequest } from '#core/chat'
import { defined, type Json, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Lose, Model } from '#core/provider'
import { shorten } from './blocks-encode.ts'
import { limitMarks } from './cache.ts'
import { encodeMessages, lacksThoughts } from './messages-encode.ts'
import { encodeReasoning } from './reasoning.ts'
import { encodeToolChoice, encodeTools } from './tools.ts'

/** What is sent where neither the caller nor the catalogue says how long an answer may be: the vendor demands a limit. */
const defaultMaxTokens = 4096

/**
 * `max_tokens` is the caller's limit, else the model's, else 4096.
 * @throws GatewayError `unsupported` for files, `invalid_request` for tool arguments, that cannot be carried.
 */
export function encodeRequest(request: ChatRequest, target: Target): JsonObject {
  const { model, lose } = target
  reportUnsayable(request, lose)
  const maxTokens = limitOf(request, model, lose)
  const prompt = encodePrompt(request, target, maxTokens)
  const isThinking = prompt.thinking !== undefined && prompt.thinking['type'] !== 'disabled'
  return limitMarks(
    defined({
      model: model.id,
      max_tokens: maxTokens,
      ...prompt,
      ...encodeSampling(request, model, isThinking, lose),
      stop_sequences: encodeStop(request, model, lose),
      service_tier: encodeTier(request.serviceTier, lose),
      metadata: request.user === undefined ? undefined : { user_id: request.user },
      stream: request.stream ? true : undefined,
    }) satisfies Partial<Record<keyof MessageCreateParamsBase, Json>>,
    lose,
  )
}

/** The fields that count as input. */
export function encodePrompt(request: ChatRequest, target: Target, maxTokens: number) {
  const { model, lose } = target
  const { system, messages } = encodeMessages(request, target)
  const { thinking: wanted, effort } = encodeReasoning(request, model, maxTokens, lose)
  const isLate = wanted?.['type'] === 'enabled' && lacksThoughts(messages)
  if (isLate) lose('reasoning', 'a tool loop that began without reasoning goes on without it')
  const thinking = isLate ? undefined : wanted
  const { format, instruction } = encodeOutput(request, model, lose)
  if (instruction !== undefined) system.push({ type: 'text', text: instruction })
  const config = defined({ effort, format })
  return defined({
    system: system.length === 0 ? undefined : shorten(system),
    messages,
    tools: encodeTools(request.tools, lose),
    tool_choice: encodeToolChoice(request, model, lose),
    thinking,
    output_config: Object.keys(config).length === 0 ? undefined : config,
  })
}

function limitOf({ maxOutputTokens }: ChatRequest, { maxOutput }: Model, lose: Lose): number {
  if (maxOutputTokens === undefined) return maxOutput ?? defaultMaxTokens
  if (maxOutput === undefined || maxOutputTokens <= maxOutput) return maxOutputTokens
  lose('maxOutputTokens', `this model writes at most ${maxOutput} tokens: the limit was lowered`)
  return maxOutput
}

interface OutputWords {
  format?: JsonObject
  instruction?: string
}

/** JSON without a schema is asked for in words: the vendor has no switch for it. */
function encodeOutput({ output }: ChatRequest, model: Model, lose: Lose): OutputWords {
  if (output === undefined) return {}
  const { schema, description } = output
  if (schema === undefined) {
    lose('output', 'JSON without a schema was mapped to an instruction in the system prompt')
    return { instruction: jsonOnly }
  }
  if (model.can?.includes('json') === false) {
    lose('output', 'the schema was mapped to an instruction in the system prompt')
    return { instruction: `${jsonOnly} It must fit this JSON Schema: ${JSON.stringify(schema)}` }
  }
  if (description !== undefined)
    lose('output.description', 'the description of the answer was left out')
  return { format: { type: 'json_schema', schema } }
}

const jsonOnly = 'Answer with one JSON object and nothing else: no Markdown, no explanation.'

type Sampling = Pick<MessageCreateParams, 'temperature' | 'top_p' | 'top_k'>
/** The SDK's current types have no sampling parameters; `anthropic-version: 2023-06-01` still takes them. */
interface MessageCreateParams {
  temperature?: number
  top_p?: number
  top_k?: number
}

/** Models that reject a parameter, and thinking, still allow what means "not set". */
function encodeSampling(
  request: ChatRequest,
  model: Model,
  isThinking: boolean,
  lose: Lose,
): Sampling {
  const { temperature, topP, topK } = request
  const keeps = (name: 'temperature' | 'topP' | 'topK', isDefault: boolean): boolean => {
    const isRejected = model.rejects?.includes(name) === true
    if (!isRejected && !isThinking) return true
    if (!isDefault)
      lose(
        name,
        `${name} is not supported ${isRejected ? 'by this model' : 'while reasoning'} and was left out`,
      )
    return false
  }
  const sampling: Sampling = {}
  if (temperature !== undefined && keeps('temperature', temperature === 1))
    sampling.temperature = cooled(temperature, lose)
  if (topP !== undefined && keeps('topP', topP >= 0.99)) sampling.top_p = topP
  if (topK !== undefined && keeps('topK', false)) sampling.top_k = topK
  return sampling
}

function cooled(temperature: number, lose: Lose): number {
  if (temperature <= 1) return temperature
  lose('temperature', 'the temperature was lowered to 1, the highest of this model')
  return 1
}

/** The vendor refuses stop sequences of white space only. */
function encodeStop({ stop }: ChatRequest, model: Model, lose: Lose): string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined
  if (model.rejects?.includes('stop') === true) {
    lose('stop', 'stop sequences are not supported by this model and were left out')
    return undefined
  }
  const kept = stop.filter((sequence) => sequence.trim() !== '')
  if (kept.length < stop.length)
    lose('stop', 'stop sequences of white space are not supported and were left out')
  return kept.length === 0 ? undefined : kept
}

/** `auto` uses priority capacity where the account has it. */
const tiers: Record<string, string | undefined> = {
  auto: 'auto',
  standard_only: 'standard_only',
  default: 'standard_only',
  standard: 'standard_only',
}

function encodeTier(tier: string | undefined, lose: Lose): string | undefined {
  if (tier === undefined) return undefined
  const known = tiers[tier]
  if (known === undefined) lose('serviceTier', `the service tier ${tier} was left out`)
  return known
}

/** Tells what no model of this protocol understands. */
function reportUnsayable(request: ChatRequest, lose: Lose): void {
  const { candidates, modalities, presencePenalty, frequencyPenalty } = request
  for (const field of ['seed', 'verbosity', 'audio', 'image', 'metadata', 'cacheKey'] as const)
    if (request[field] !== undefined)
      lose(field, `${field} is not supported by this model and was left out`)
  if ((presencePenalty ?? 0) !== 0)
    lose('presencePenalty', 'presencePenalty is not supported by this model and was left out')
  if ((frequencyPenalty ?? 0) !== 0)
    lose('frequencyPenalty', 'frequencyPenalty is not supported by this model and was left out')
  if (candidates !== undefined && candidates > 1)
    lose('candidates', `${candidates} answers were wanted: this model gives one`)
  if (modalities?.some((modality) => modality !== 'text') === true)
    lose('modalities', 'this model answers in text only')
}

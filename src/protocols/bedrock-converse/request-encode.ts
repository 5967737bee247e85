import type { ChatRequest, Message } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Lose, Model } from '#core/provider'
import { encodeReasoning } from '../anthropic-messages/reasoning.ts'
import { encodePart } from './blocks-encode.ts'
import { encodeTools } from './tools.ts'

/** What an answer may have where neither the caller nor the catalogue says so: budgets must stay below it. */
const usualLimit = 4096

/**
 * The body; model and streaming go into the path. Reasoning and `top_k` have no field of their own:
 * they are written into `additionalModelRequestFields` as Claude takes them.
 * @throws GatewayError `unsupported` for files, `invalid_request` for tool arguments, that cannot be carried.
 */
export function encodeRequest(request: ChatRequest, { model, lose }: Target): JsonObject {
  reportUnsayable(request, lose)
  const { system, messages } = encodeConversation(request, lose)
  const limit = request.maxOutputTokens ?? model.maxOutput ?? usualLimit
  const { thinking, effort } = encodeReasoning(request, model, limit, lose)
  const { textFormat, instruction } = encodeOutput(request, model, lose)
  if (instruction !== undefined) system.push({ text: instruction })
  const kept = <K extends 'temperature' | 'topP' | 'topK' | 'stop'>(field: K) =>
    keep(request, field, model, lose)
  return defined({
    messages,
    system: filled(system),
    inferenceConfig: filledObject({
      maxTokens: request.maxOutputTokens,
      temperature: kept('temperature'),
      topP: kept('topP'),
      stopSequences: kept('stop'),
    }),
    toolConfig: encodeTools(request, lose),
    additionalModelRequestFields: filledObject({ thinking, top_k: kept('topK') }),
    outputConfig: filledObject({ textFormat, effort }),
    requestMetadata: request.metadata,
    serviceTier: encodeTier(request.serviceTier, lose),
  })
}

const filled = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list)

function filledObject(fields: JsonObject): JsonObject | undefined {
  const kept: JsonObject = defined(fields)
  return Object.keys(kept).length === 0 ? undefined : kept
}

function keep<K extends 'temperature' | 'topP' | 'topK' | 'stop'>(
  request: ChatRequest,
  field: K,
  { rejects }: Model,
  lose: Lose,
): ChatRequest[K] | undefined {
  const value = request[field]
  if (value === undefined || rejects?.includes(field) !== true) return value
  lose(field, `${field} is not supported by this model and was left out`)
  return undefined
}

/** Turns alternate and the user begins; system messages are all in the system prompt. */
function encodeConversation(
  request: ChatRequest,
  lose: Lose,
): { system: JsonObject[]; messages: JsonObject[] } {
  const system = request.system.flatMap((part, index) => encodePart(part, `system[${index}]`, lose))
  const turns: { role: 'user' | 'assistant'; content: JsonObject[] }[] = []
  for (const [index, message] of request.messages.entries()) {
    const path = `messages[${index}]`
    const content = encodeContent(message, path, lose)
    if (message.role === 'system') {
      lose(path, 'a later system message was moved to the system prompt')
      system.push(...content)
      continue
    }
    if (message.name !== undefined)
      lose(`${path}.name`, 'names of participants are not supported and were left out')
    const last = turns.at(-1)
    if (last?.role === message.role) last.content.push(...content)
    else if (content.length > 0) turns.push({ role: message.role, content })
  }
  if (turns.length === 0 && system.length > 0) {
    lose('system', 'instructions without a conversation were sent as a user message')
    turns.push({ role: 'user', content: system.splice(0) })
  }
  return { system, messages: turns.map((turn) => ({ ...turn })) }
}

const encodeContent = ({ content }: Message, path: string, lose: Lose): JsonObject[] =>
  content.flatMap((part, index) => encodePart(part, `${path}.content[${index}]`, lose))

interface OutputWords {
  textFormat?: JsonObject
  instruction?: string
}

/** JSON without a schema is asked for in words, and any JSON of a model that is not steered by a schema. */
function encodeOutput({ output }: ChatRequest, model: Model, lose: Lose): OutputWords {
  if (output === undefined) return {}
  const { schema, name, description, strict } = output
  if (schema === undefined) {
    lose('output', 'JSON without a schema was mapped to an instruction in the system prompt')
    return { instruction: jsonOnly }
  }
  if (model.can?.includes('json') === false) {
    lose('output', 'the schema was mapped to an instruction in the system prompt')
    return { instruction: `${jsonOnly} It must fit this JSON Schema: ${JSON.stringify(schema)}` }
  }
  if (strict === false) lose('output.strict', 'a schema is always followed strictly here')
  const jsonSchema = defined({ schema: JSON.stringify(schema), name, description })
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } }
}

const jsonOnly = 'Answer with one JSON object and nothing else: no Markdown, no explanation.'

/** `ServiceTierType` of the SDK, and what others call the same. */
const tiers: Record<string, string | undefined> = {
  default: 'default',
  standard: 'default',
  priority: 'priority',
  flex: 'flex',
  reserved: 'reserved',
}

function encodeTier(tier: string | undefined, lose: Lose): JsonObject | undefined {
  if (tier === undefined) return undefined
  const type = tiers[tier]
  if (type === undefined) lose('serviceTier', `the service tier ${tier} was left out`)
  return type === undefined ? undefined : { type }
}

/** Tells what no model of this protocol understands. */
function reportUnsayable(request: ChatRequest, lose: Lose): void {
  for (const field of ['seed', 'verbosity', 'audio', 'image', 'user', 'cacheKey'] as const)
    if (request[field] !== undefined)
      lose(field, `${field} is not supported by this model and was left out`)
  for (const field of ['presencePenalty', 'frequencyPenalty'] as const)
    if ((request[field] ?? 0) !== 0)
      lose(field, `${field} is not supported by this model and was left out`)
  if (request.candidates !== undefined && request.candidates > 1)
    lose('candidates', `${request.candidates} answers were wanted: this model gives one`)
  if (request.modalities?.some((modality) => modality !== 'text') === true)
    lose('modalities', 'this model answers in text only')
}

// The response around the output (`Response` of the SDK): what was asked is repeated.

import type { ChatRequest } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import { encodeText } from './encode.ts'
import { encodeTools } from './tools.ts'

/** The tier of a reply that says none; read as not said. */
const usualTier = 'default'

interface Head {
  id: string
  model: string
  created?: number
  serviceTier?: string
}

/** A response without output; a caller without a clock of its own gets `created_at: 0`. */
export function responseShell(
  request: ChatRequest,
  { id, model, created = 0, serviceTier }: Head,
): JsonObject {
  const { tools = [], tool_choice: choice = 'auto' } = encodeTools(request, () => undefined)
  const format = { format: { type: 'text' }, ...encodeText(request) }
  const instructions = request.system.map(({ text }) => text).join('\n\n')
  return defined({
    id,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    access_programs: null,
    instructions: instructions === '' ? null : instructions,
    max_output_tokens: request.maxOutputTokens ?? null,
    max_tool_calls: null,
    metadata: request.metadata ?? {},
    model,
    output: [],
    frequency_penalty: request.frequencyPenalty ?? 0,
    presence_penalty: request.presencePenalty ?? 0,
    top_logprobs: 0,
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: null,
    prompt_cache_key: request.cacheKey ?? null,
    reasoning: {
      effort: request.reasoning?.effort ?? null,
      summary: request.reasoning?.visible === true ? 'auto' : null,
    },
    safety_identifier: request.user ?? null,
    service_tier: serviceTier ?? usualTier,
    store: true,
    temperature: request.temperature ?? 1,
    text: format,
    tool_choice: choice,
    tools,
    top_p: request.topP ?? 1,
    truncation: 'disabled',
    usage: null,
  })
}

/** The fields of a response that have a place in the hub or repeat the request; others are kept as `extra`. */
export const knownFields = new Set([
  'id',
  'object',
  'created_at',
  'status',
  'background',
  'completed_at',
  'frequency_penalty',
  'presence_penalty',
  'error',
  'incomplete_details',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'output',
  'output_text',
  'parallel_tool_calls',
  'previous_response_id',
  'conversation',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'usage',
  'user',
])

/** The tier a response says; `undefined` for the usual one. */
export function tierOf(response: JsonObject): string | undefined {
  const tier = response['service_tier']
  return typeof tier === 'string' && tier !== usualTier ? tier : undefined
}

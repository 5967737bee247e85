// The words this protocol and the hub have for the same things: one table each, used in both directions.

import type { Finish } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'

/** The id of the protocol, under which parts keep what only it can say. */
export const id = 'openai-responses'

/** Fields of the hub that have another name in a request body. */
export const names = {
  system: 'instructions',
  messages: 'input',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  maxOutputTokens: 'max_output_tokens',
  topP: 'top_p',
  output: 'text.format',
  'output.description': 'text.format.description',
  verbosity: 'text.verbosity',
  serviceTier: 'service_tier',
  cacheKey: 'prompt_cache_key',
  cache: 'prompt_cache_breakpoint',
  '.cache': '.prompt_cache_breakpoint',
} as const

export type Status = 'in_progress' | 'completed' | 'incomplete'

/** `incomplete_details.reason` (`Response.IncompleteDetails` of the SDK). */
const incompleteReasons = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
  max_messages: 'other',
  steered: 'other',
} as const satisfies Record<string, Finish['reason']>

type IncompleteReason = keyof typeof incompleteReasons

const isIncompleteReason = (word: string): word is IncompleteReason =>
  Object.hasOwn(incompleteReasons, word)

/** Why a reply that is not whole ended. */
export function decodeIncomplete(details: Json | undefined): Finish {
  const word = isObject(details) ? details['reason'] : undefined
  if (typeof word !== 'string') return { reason: 'other' }
  return { reason: isIncompleteReason(word) ? incompleteReasons[word] : 'other', raw: word }
}

/** The reason a reply is `incomplete` for; `undefined` when it is `completed`. */
export function incompleteReason({ reason, raw = '' }: Finish): IncompleteReason | undefined {
  switch (reason) {
    case 'length':
      return 'max_output_tokens'
    case 'content-filter':
      return 'content_filter'
    case 'other':
      return isIncompleteReason(raw) ? raw : undefined
    case 'stop':
    case 'tool-calls':
      return undefined
    default:
      return reason satisfies never
  }
}

/**
 * Items that only this protocol understands, by who says them (`ResponseInputItem` of the SDK):
 * calls are the model's, their outputs the user's.
 */
export const hostedItems = {
  additional_tools: 'user',
  apply_patch_call: 'assistant',
  apply_patch_call_output: 'user',
  code_interpreter_call: 'assistant',
  compaction: 'assistant',
  compaction_trigger: 'user',
  computer_call: 'assistant',
  computer_call_output: 'user',
  configuration_update: 'user',
  file_search_call: 'assistant',
  item_reference: 'assistant',
  local_shell_call: 'assistant',
  local_shell_call_output: 'user',
  mcp_approval_request: 'assistant',
  mcp_approval_response: 'user',
  mcp_call: 'assistant',
  mcp_list_tools: 'assistant',
  program: 'assistant',
  program_output: 'user',
  shell_call: 'assistant',
  shell_call_output: 'user',
  tool_search_call: 'assistant',
  tool_search_output: 'user',
  web_search_call: 'assistant',
} as const satisfies Record<string, 'assistant' | 'user'>

export const isHosted = (type: string): type is keyof typeof hostedItems =>
  Object.hasOwn(hostedItems, type)

/** Fields of calls in either direction that have no other place in the hub. */
export const callExtras = ['namespace', 'caller', 'async'] as const

/** What the vendor tells of a picture beside its data. */
export const pictureExtras = ['action', 'background', 'quality', 'size', 'revised_prompt'] as const

/** `output_format` of `image_generation_call`. */
const imageFormats: Record<string, string | undefined> = {
  png: 'image/png',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
}

export const imageMediaType = (format: string | undefined): string =>
  imageFormats[format ?? 'png'] ?? 'image/png'

export const imageFormat = (mediaType: string): string | undefined =>
  Object.keys(imageFormats).find((format) => imageFormats[format] === mediaType)

/** The fields named that have a value. */
export const pick = (value: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name) => {
      const field = value[name]
      return field === undefined || field === null ? [] : [[name, field]]
    }),
  )

/** The fields as `extra` of a part; nothing for none. */
export const ownExtra = (fields: JsonObject): { extra?: { [protocol: string]: JsonObject } } =>
  Object.keys(fields).length === 0 ? {} : { extra: { [id]: fields } }

import { openaiOnly, type Accent } from '#kit'

/** What together-ai 0.52 (`CompletionCreateParams`) does not have. */
export const absent = [
  ...openaiOnly,
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'safety_identifier',
  'service_tier',
  'user',
]

export const accent: Accent = {
  renames: { max_completion_tokens: 'max_tokens' },
  // Usage is in the last chunk of every stream.
  needless: ['stream_options'],
  lacks: absent,
  answers: {
    renames: { reasoning_content: 'reasoning' },
    lacks: ['annotations', 'audio', 'extra_content', 'reasoning_details', 'refusal'],
  },
  efforts: {
    none: { reasoning: { enabled: false } },
    minimal: 'low',
    xhigh: 'high',
    max: 'high',
  },
}

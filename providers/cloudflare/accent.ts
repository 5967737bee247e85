import { openaiOnly, type Accent } from '#kit'

/** What the chat inputs of @cloudflare/workers-types 5.20261117 have no name for. */
export const absent = [
  ...openaiOnly,
  'metadata',
  'n',
  'prompt_cache_key',
  'safety_identifier',
  'service_tier',
]

export const accent: Accent = {
  renames: { max_completion_tokens: 'max_tokens' },
  lacks: absent,
  answers: {
    lacks: ['annotations', 'audio', 'extra_content', 'reasoning_details', 'refusal'],
  },
  efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
}

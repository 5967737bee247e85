import { openaiOnly, type Accent, type Efforts } from '#kit'
import { isQwen } from './models.ts'

/** What no model takes (groq-sdk 1.6, `CompletionCreateParams`: "not supported", or absent). */
export const absent = [
  ...openaiOnly,
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'metadata',
  'n',
  'presence_penalty',
  'prompt_cache_key',
  'top_logprobs',
]

const nearest: Efforts = { minimal: 'low', xhigh: 'high', max: 'high' }
/** Qwen thinks or does not. */
const thinking: Efforts = Object.fromEntries(
  ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'].map((effort) => [effort, 'default']),
)

export const accent: Accent = {
  renames: { safety_identifier: 'user' },
  lacks: absent,
  answers: {
    renames: { reasoning_content: 'reasoning' },
    lacks: ['annotations', 'audio', 'extra_content', 'reasoning_details', 'refusal'],
  },
  developers: true,
  efforts: ({ id }) => (isQwen(id) ? thinking : nearest),
  // Thoughts of Qwen would stand in the text, between tags (console.groq.com/docs/reasoning).
  more: (body, { id }) =>
    isQwen(id) && body['reasoning_format'] === undefined && body['include_reasoning'] === undefined
      ? { ...body, reasoning_format: 'parsed' }
      : body,
}

import { openaiOnly, type Accent } from '#kit'

/** docs.fireworks.ai/api-reference/post-chatcompletions: other fields are refused as extra inputs. */
export const absent = [...openaiOnly, 'parallel_tool_calls', 'service_tier']

export const accent: Accent = {
  renames: { max_completion_tokens: 'max_tokens', safety_identifier: 'user' },
  lacks: absent,
  // @ai-sdk/fireworks 3.0: three efforts, and none.
  efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
}

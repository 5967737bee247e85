import { openaiOnly, type Accent } from '#kit'

/** docs.x.ai/docs/api-reference: ignored, or refused by models that reason. */
const absent = [...openaiOnly, 'logit_bias', 'metadata', 'prompt_cache_key']

export const accent: Accent = {
  renames: { safety_identifier: 'user' },
  lacks: absent,
  developers: true,
  // @ai-sdk/xai 5.0: only Grok 4.6 goes on to `xhigh`.
  efforts: ({ id }) => ({
    minimal: 'low',
    max: id === 'grok-4.6' ? 'xhigh' : 'high',
    ...(id === 'grok-4.6' ? {} : { xhigh: 'high' }),
  }),
}

import { compatible, defineProvider, openaiOnly } from '#kit'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** LM Studio's server (lmstudio.ai/docs/developer/openai-compat). */
export default defineProvider({
  id: 'lmstudio',
  name: 'LM Studio',
  origin: 'http://localhost:1234',
  secret: 'LMSTUDIO_API_KEY',
  keyless: true,
  resells: true,
  models,
  resolve,
  ...compatible({
    base: '/v1',
    accent: {
      renames: { max_completion_tokens: 'max_tokens' },
      lacks: [
        ...openaiOnly,
        'metadata',
        'n',
        'parallel_tool_calls',
        'prompt_cache_key',
        'safety_identifier',
        'service_tier',
        'user',
      ],
      efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
    },
    embeds: { lacks: ['user'] },
  }),
  mock,
})

import { compatible, defineProvider, openaiOnly } from '#kit'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Ollama (docs.ollama.com/api/openai-compatibility). A key is for ollama.com only. */
export default defineProvider({
  id: 'ollama',
  name: 'Ollama',
  origin: 'http://localhost:11434',
  secret: 'OLLAMA_API_KEY',
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
        'logit_bias',
        'metadata',
        'n',
        'parallel_tool_calls',
        'prompt_cache_key',
        'safety_identifier',
        'service_tier',
        'tool_choice',
        'user',
      ],
      answers: {
        renames: { reasoning_content: 'reasoning' },
        lacks: ['annotations', 'audio', 'extra_content', 'reasoning_details', 'refusal'],
      },
      efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
    },
    embeds: { lacks: ['user'] },
  }),
  mock,
})

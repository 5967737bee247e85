import { compatible, defineProvider, openaiOnly } from '#kit'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** vLLM's server (docs.vllm.ai, OpenAI-compatible server). It has a key where it was started with `--api-key`. */
export default defineProvider({
  id: 'vllm',
  name: 'vLLM',
  origin: 'http://localhost:8000',
  secret: 'VLLM_API_KEY',
  keyless: true,
  resells: true,
  models,
  resolve,
  ...compatible({
    base: '/v1',
    // Chat templates of models have no developers.
    accent: {
      renames: { safety_identifier: 'user' },
      lacks: [...openaiOnly, 'metadata', 'prompt_cache_key', 'service_tier'],
      efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
    },
    embeds: { lacks: [] },
  }),
  mock,
})

import { compatible, defineProvider, openaiOnly } from '#kit'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Hugging Face Inference Providers (huggingface.co/docs/inference-providers). */
export default defineProvider({
  id: 'huggingface',
  name: 'Hugging Face',
  origin: 'https://router.huggingface.co',
  secret: 'HF_TOKEN',
  resells: true,
  models,
  resolve,
  ...compatible({
    base: '/v1',
    accent: {
      // The oldest names are those that every provider behind the router knows.
      renames: { max_completion_tokens: 'max_tokens', safety_identifier: 'user' },
      lacks: [...openaiOnly, 'metadata', 'prompt_cache_key', 'service_tier'],
      efforts: { minimal: 'low', xhigh: 'high', max: 'high' },
    },
  }),
  mock,
})

import { compatible, defineProvider } from '#kit'
import { accent } from './accent.ts'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** xAI (docs.x.ai/docs/api-reference). */
export default defineProvider({
  id: 'xai',
  name: 'xAI',
  origin: 'https://api.x.ai',
  secret: 'XAI_API_KEY',
  models,
  resolve,
  ...compatible({ base: '/v1', accent, adapters: { image: images } }),
  mock,
})

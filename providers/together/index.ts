import { compatible, defineProvider } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Together AI (docs.together.ai/reference). */
export default defineProvider({
  id: 'together',
  name: 'Together AI',
  origin: 'https://api.together.xyz',
  secret: 'TOGETHER_API_KEY',
  resells: true,
  models,
  resolve,
  ...compatible({ base: '/v1', accent, embeds: { lacks: ['encoding_format', 'user'] } }),
  mock,
})

import { compatible, defineProvider } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Fireworks AI (docs.fireworks.ai/api-reference). */
export default defineProvider({
  id: 'fireworks',
  name: 'Fireworks AI',
  origin: 'https://api.fireworks.ai',
  secret: 'FIREWORKS_API_KEY',
  resells: true,
  models,
  resolve,
  ...compatible({
    base: '/inference/v1',
    accent,
    embeds: { lacks: ['encoding_format', 'user'] },
  }),
  mock,
})

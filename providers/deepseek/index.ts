import { compatible, defineProvider } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** DeepSeek (api-docs.deepseek.com). */
export default defineProvider({
  id: 'deepseek',
  name: 'DeepSeek',
  origin: 'https://api.deepseek.com',
  secret: 'DEEPSEEK_API_KEY',
  models,
  resolve,
  ...compatible({ base: '', accent }),
  mock,
})

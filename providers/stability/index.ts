import { defineProvider } from '#kit'
import { readError } from './error.ts'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { models } from './models.ts'

/** Stability AI: Stable Diffusion 3.5 and Stable Image, over REST v2beta (platform.stability.ai/docs/api-reference). */
export default defineProvider({
  id: 'stability',
  name: 'Stability AI',
  origin: 'https://api.stability.ai',
  secret: 'STABILITY_API_KEY',
  models,
  adapters: { image: images },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  readError,
  mock,
})

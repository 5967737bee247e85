import { defineProvider } from '#kit'
import { chat } from './chat.ts'
import { readError } from './error.ts'
import { images } from './images.ts'
import { deliveryMock } from './mock/delivery.ts'
import { mock } from './mock/index.ts'
import { streamMock } from './mock/stream.ts'
import { models, resolve } from './models.ts'

/** Replicate: Stable Diffusion, FLUX and other image models, and Llama, as predictions (replicate.com/docs/reference/http). */
export default defineProvider({
  id: 'replicate',
  name: 'Replicate',
  origin: 'https://api.replicate.com',
  secret: 'REPLICATE_API_TOKEN',
  models,
  resolve,
  adapters: { chat, image: images },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  readError,
  mock,
  mockHosts: { 'replicate.delivery': deliveryMock, 'stream.replicate.com': streamMock },
})

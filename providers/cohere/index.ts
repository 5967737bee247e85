import { cohereChat, defineProvider, speaks } from '#kit'
import { embeddings } from './embeddings.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Cohere's own API, version 2 (docs.cohere.com/reference). */
export default defineProvider({
  id: 'cohere',
  name: 'Cohere',
  origin: 'https://api.cohere.com',
  secret: 'COHERE_API_KEY',
  models,
  resolve,
  adapters: {
    chat: speaks(cohereChat, { path: '/v2/chat', idHeader: 'x-debug-trace-id' }),
    embedding: embeddings,
  },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  readError: (failure) => cohereChat.error.decode(failure),
  mock,
})

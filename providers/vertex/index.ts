import { anthropicMessages, defineProvider, gemini, isObject } from '#kit'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import { mock, tokenMock } from './mock.ts'
import { models, resolve } from './models.ts'
import { setup } from './setup.ts'
import { sign } from './sign.ts'

/**
 * Gemini and Claude on Google Cloud: Vertex AI, since 2026 the Gemini Enterprise Agent Platform. A
 * service account (`GOOGLE_APPLICATION_CREDENTIALS_JSON`), an access token or, for Gemini, an API key
 * opens it; `GOOGLE_CLOUD_PROJECT` and `GOOGLE_CLOUD_LOCATION` say where.
 */
export default defineProvider({
  id: 'vertex',
  name: 'Google Vertex AI',
  origin: 'https://aiplatform.googleapis.com',
  secret: 'GOOGLE_APPLICATION_CREDENTIALS_JSON',
  needs: 'GOOGLE_APPLICATION_CREDENTIALS_JSON, GOOGLE_VERTEX_ACCESS_TOKEN or GOOGLE_VERTEX_API_KEY',
  resells: true,
  settings: { project: 'mimus', location: 'global', auth: 'token' },
  setup,
  models,
  resolve,
  adapters: { chat, embedding: embeddings },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  sign,
  // Claude's own refusals come as Anthropic words them, all others as Google does.
  readError: (failure) =>
    isObject(failure.json) && failure.json['type'] === 'error'
      ? anthropicMessages.error.decode(failure)
      : gemini.error.decode(failure),
  mock,
  mockHosts: { 'oauth2.googleapis.com': tokenMock, 'us-central1-aiplatform.googleapis.com': mock },
})

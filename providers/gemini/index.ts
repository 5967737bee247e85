import { defineProvider, gemini } from '#kit'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'
import { speech } from './speech.ts'
import { transcription } from './transcription.ts'

/** The Gemini API (ai.google.dev/api). Imagen and Veo are gone from it; video and music are in its Interactions API. */
export default defineProvider({
  id: 'gemini',
  name: 'Google Gemini',
  origin: 'https://generativelanguage.googleapis.com',
  secret: 'GEMINI_API_KEY',
  models,
  resolve,
  adapters: { chat, embedding: embeddings, image: images, speech, transcription },
  auth: (key) => ({ 'x-goog-api-key': key }),
  readError: (failure) => gemini.error.decode(failure),
  mock,
})

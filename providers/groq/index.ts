import { compatible, defineProvider, openaiChat, speaksTranscription } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

const base = '/openai/v1'

/** Groq (console.groq.com/docs/api-reference). */
export default defineProvider({
  id: 'groq',
  name: 'Groq',
  origin: 'https://api.groq.com',
  secret: 'GROQ_API_KEY',
  resells: true,
  models,
  resolve,
  ...compatible({
    base,
    accent,
    adapters: { transcription: speaksTranscription(`${base}/audio`) },
  }),
  // 498: the capacity of the flex tier is used up; other targets may have room.
  readError: (failure) =>
    openaiChat.error.decode(failure.status === 498 ? { ...failure, status: 503 } : failure),
  mock,
})

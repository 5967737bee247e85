import { defineProvider, openaiChat, speaks, strictMessages } from '#kit'
import { embeddings } from './embeddings.ts'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'
import { moderations } from './moderations.ts'
import { speech } from './speech.ts'
import { transcription } from './transcription.ts'

/** OpenAI (developers.openai.com/api/reference). Image variations and videos are gone from its API. */
export default defineProvider({
  id: 'openai',
  name: 'OpenAI',
  origin: 'https://api.openai.com',
  secret: 'OPENAI_API_KEY',
  models,
  resolve,
  adapters: {
    chat: speaks(openaiChat, {
      path: '/v1/chat/completions',
      amend: strictMessages,
      // What answers of other models carry, and callers give back when they go on with one of OpenAI's.
      foreign: {
        has: /"(?:extra_content|reasoning_content|reasoning_details)"/,
        amend: strictMessages,
      },
    }),
    embedding: embeddings,
    image: images,
    speech,
    transcription,
    moderation: moderations,
  },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  readError: (failure) => openaiChat.error.decode(failure),
  mock,
})

import {
  bearer,
  defineProvider,
  openaiChat,
  speaks,
  speaksEmbeddings,
  speaksSpeech,
  speaksTranscription,
  strictMessages,
} from '#kit'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { speaksInEvents, voices } from './models-media.ts'
import { models, resolve } from './models.ts'
import { moderations } from './moderations.ts'

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
    embedding: speaksEmbeddings('/v1/embeddings'),
    image: images,
    speech: speaksSpeech({
      path: '/v1/audio/speech',
      voices,
      inEvents: ({ id }) => speaksInEvents(id),
    }),
    transcription: speaksTranscription('/v1/audio'),
    moderation: moderations,
  },
  auth: bearer,
  readError: (failure) => openaiChat.error.decode(failure),
  mock,
})

import {
  bearer,
  defineProvider,
  openaiChat,
  foreignItems,
  openaiResponses,
  ownItems,
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

const chat = speaks(openaiChat, {
  path: '/v1/chat/completions',
  amend: strictMessages,
  // What answers of other models carry, and callers give back when they go on with one of OpenAI's.
  foreign: {
    has: /"(?:extra_content|reasoning_content|reasoning_details)"/,
    amend: strictMessages,
  },
})

/** Callers of the Responses API reach it as it is; what it keeps is kept by the gateway. */
const responses = speaks(openaiResponses, {
  path: '/v1/responses',
  foreign: { has: foreignItems, amend: ownItems },
})

/** OpenAI (developers.openai.com/api/reference). Image variations and videos are gone from its API. */
export default defineProvider({
  id: 'openai',
  name: 'OpenAI',
  origin: 'https://api.openai.com',
  secret: 'OPENAI_API_KEY',
  models,
  resolve,
  adapters: {
    chat: {
      ...chat,
      forward: (_, protocol) =>
        (protocol === responses.forward.protocol ? responses : chat).forward,
    },
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

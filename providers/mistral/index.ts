import { compatible, defineProvider, speaksTranscription } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Mistral AI (docs.mistral.ai/api). */
export default defineProvider({
  id: 'mistral',
  name: 'Mistral AI',
  origin: 'https://api.mistral.ai',
  secret: 'MISTRAL_API_KEY',
  models,
  resolve,
  ...compatible({
    base: '/v1',
    accent,
    embeds: { lacks: ['user'] },
    // An answer with thoughts has a list for its content, which OpenAI's clients do not expect.
    forwards: ({ can }) => can?.includes('reasoning') === false,
    adapters: { transcription: speaksTranscription('/v1/audio', ['response_format']) },
  }),
  mock,
})

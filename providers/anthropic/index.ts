import { anthropicMessages, defineProvider, foreignProof, ownThoughts, speaks } from '#kit'
import { count, version } from './count.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** Anthropic's Claude models (platform.claude.com/docs/en/api/messages). */
export default defineProvider({
  id: 'anthropic',
  name: 'Anthropic',
  origin: 'https://api.anthropic.com',
  secret: 'ANTHROPIC_API_KEY',
  models,
  resolve,
  adapters: {
    chat: {
      ...speaks(anthropicMessages, {
        path: '/v1/messages',
        headers: version,
        foreign: { has: foreignProof, amend: ownThoughts },
      }),
      count,
    },
  },
  auth: (key) => ({ 'x-api-key': key }),
  readError: (failure) => anthropicMessages.error.decode(failure),
  mock,
})

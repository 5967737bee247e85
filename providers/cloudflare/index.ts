import { accented, bearer, defineProvider, openaiChat, speaks, speaksEmbeddings } from '#kit'
import { accent } from './accent.ts'
import { readError } from './error.ts'
import { images } from './images.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'
import { rootOf } from './run.ts'
import { transcription } from './transcription.ts'

/**
 * Workers AI by REST (developers.cloudflare.com/workers-ai): chat and embeddings as OpenAI speaks them,
 * everything else by `run`. `CLOUDFLARE_ACCOUNT_ID` says whose account.
 */
export default defineProvider({
  id: 'cloudflare',
  name: 'Cloudflare Workers AI',
  origin: 'https://api.cloudflare.com',
  secret: 'CLOUDFLARE_API_TOKEN',
  needs: 'CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID',
  resells: true,
  settings: { account: 'mimus' },
  setup(variable) {
    const key = variable('CLOUDFLARE_API_TOKEN')
    const account = variable('CLOUDFLARE_ACCOUNT_ID')
    return key === undefined || account === undefined ? undefined : { key, settings: { account } }
  },
  models,
  resolve,
  adapters: {
    chat: speaks(openaiChat, {
      path: ({ settings }) => `${rootOf(settings)}/v1/chat/completions`,
      ...accented(accent),
    }),
    embedding: {
      run: (request, call) =>
        speaksEmbeddings(`${rootOf(call.settings)}/v1/embeddings`).run(request, call),
    },
    image: images,
    transcription,
  },
  auth: bearer,
  readError,
  mock,
})

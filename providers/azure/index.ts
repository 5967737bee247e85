import { defineProvider, openaiChat, speaks, speaksEmbeddings } from '#kit'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/**
 * Azure OpenAI in Microsoft Foundry: the v1 surface (`/openai/v1/...`), where `model` is the name of a
 * deployment. `AZURE_OPENAI_ENDPOINT` or `AZURE_RESOURCE_NAME` says whose (openai 7.57, `AzureOpenAI`).
 */
export default defineProvider({
  id: 'azure',
  name: 'Azure OpenAI',
  origin: 'https://mimus.openai.azure.com',
  secret: 'AZURE_OPENAI_API_KEY',
  needs: 'AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT',
  resells: true,
  setup(variable) {
    const key = variable('AZURE_OPENAI_API_KEY')
    const origin = originOf(variable('AZURE_OPENAI_ENDPOINT'), variable('AZURE_RESOURCE_NAME'))
    return key === undefined || origin === undefined ? undefined : { key, origin }
  },
  models,
  resolve,
  adapters: {
    chat: speaks(openaiChat, { path: '/openai/v1/chat/completions' }),
    embedding: speaksEmbeddings('/openai/v1/embeddings'),
  },
  auth: (key) => ({ 'api-key': key }),
  readError: (failure) => openaiChat.error.decode(failure),
  mock,
})

const originOf = (endpoint: string | undefined, resource: string | undefined) =>
  endpoint === undefined
    ? resource === undefined
      ? undefined
      : `https://${resource}.openai.azure.com`
    : URL.parse(endpoint)?.origin

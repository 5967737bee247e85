import { bedrockConverse, defineProvider } from '#kit'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'
import { sign } from './sign.ts'

const originOf = (region: string): string => `https://bedrock-runtime.${region}.amazonaws.com`
const usualRegion = 'us-east-1'

/**
 * Models of many makers on Amazon Bedrock. An API key (`AWS_BEARER_TOKEN_BEDROCK`) goes before the
 * usual AWS credentials, which sign each request; `AWS_REGION` says where.
 */
export default defineProvider({
  id: 'bedrock',
  name: 'Amazon Bedrock',
  origin: originOf(usualRegion),
  secret: 'AWS_BEARER_TOKEN_BEDROCK',
  needs: 'AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  resells: true,
  settings: { region: usualRegion, auth: 'bearer' },
  setup(variable) {
    const region = variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION') ?? usualRegion
    const origin = originOf(region)
    const bearer = variable('AWS_BEARER_TOKEN_BEDROCK')
    if (bearer !== undefined) return { key: bearer, origin, settings: { region, auth: 'bearer' } }
    const [id, secret] = [variable('AWS_ACCESS_KEY_ID'), variable('AWS_SECRET_ACCESS_KEY')]
    if (id === undefined || secret === undefined) return undefined
    const key = [id, secret, variable('AWS_SESSION_TOKEN') ?? ''].join(':')
    return { key, origin, settings: { region, auth: 'sigv4' } }
  },
  models,
  resolve,
  adapters: { chat, embedding: embeddings },
  auth: (key) => ({ authorization: `Bearer ${key}` }),
  sign,
  readError: (failure) => bedrockConverse.error.decode(failure),
  mock,
})

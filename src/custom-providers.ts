// Providers made of the operator's words alone: an origin that speaks one of our protocols.

import type { Hono } from 'hono'
import type { CustomModel, CustomProvider, SpokenProtocol } from '#config/schema'
import { GatewayError } from '#core/error'
import { defined } from '#core/json'
import type { Protocol } from '#core/protocol'
import { defineProvider, type Model, type Provider } from '#core/provider'
import { mockApp } from '#mock/app'
import { mockChat, type MockChatOptions } from '#mock/chat'
import { mockEmbeddings } from '#mock/host'
import { protocolDialect } from '#mock/protocol-dialect'
import type { MockEnv } from '#mock/world'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { bearer } from '#protocols/compatible'
import { gemini } from '#protocols/gemini/index'
import { openaiChat } from '#protocols/openai-chat/index'
import { speaks } from '#protocols/speaks'
import { speaksEmbeddings } from '#protocols/speaks-media'

/** @throws GatewayError `invalid_request` for an id that another provider has. */
export function customProviders(
  configured: readonly CustomProvider[],
  builtIn: readonly Provider[],
): Provider[] {
  const taken = new Set(builtIn.map(({ id }) => id))
  for (const [index, { id }] of configured.entries()) {
    const param = `config.providers[${index}].id`
    if (taken.has(id))
      throw new GatewayError('invalid_request', `${param}: there is a provider '${id}' already`, {
        param,
      })
    taken.add(id)
  }
  return configured.map(customProvider)
}

function customProvider(custom: CustomProvider): Provider {
  const { id, origin, speaks: spoken, secret } = custom
  const models = custom.models.map(modelOf)
  return defineProvider({
    id,
    name: id,
    origin,
    secret: secret ?? `${id.toUpperCase().replaceAll('-', '_')}_API_KEY`,
    ...(secret === undefined ? { keyless: true } : {}),
    models,
    resolve: (model) => ({ id: model, does: ['chat'] }),
    ...makers[spoken](custom, models),
  })
}

const modelOf = ({ id, does, context, maxOutput, dimensions }: CustomModel): Model => ({
  id,
  does,
  ...defined({ context, maxOutput }),
  ...(dimensions === undefined ? {} : { embedding: { dimensions, reducible: true } }),
})

type Made = Pick<Provider, 'adapters' | 'auth' | 'readError' | 'mock'>

const makers: Record<SpokenProtocol, (custom: CustomProvider, models: Model[]) => Made> = {
  'openai-chat': ({ path = '/v1/chat/completions', secret }, models) => {
    const embeddings = path.replace(/chat\/completions$/, 'embeddings')
    const mock = mockOf(openaiChat, models, { path, secret })
    if (embeddings !== path) mockEmbeddings(mock, embeddings, models)
    return {
      adapters: {
        chat: speaks(openaiChat, { path }),
        ...(embeddings === path ? {} : { embedding: speaksEmbeddings(embeddings) }),
      },
      auth: bearer,
      readError: (failure) => openaiChat.error.decode(failure),
      mock,
    }
  },
  'anthropic-messages': ({ path = '/v1/messages', secret }, models) => ({
    adapters: {
      chat: speaks(anthropicMessages, { path, headers: { 'anthropic-version': '2023-06-01' } }),
    },
    auth: (key) => (key === '' ? {} : { 'x-api-key': key }),
    readError: (failure) => anthropicMessages.error.decode(failure),
    mock: mockOf(anthropicMessages, models, { path, secret }),
  }),
  gemini: ({ path = '/v1beta/models', secret }, models) => ({
    adapters: {
      chat: speaks(gemini, {
        path: ({ model, stream }) =>
          `${path}/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        modelInPath: true,
      }),
    },
    auth: (key) => (key === '' ? {} : { 'x-goog-api-key': key }),
    readError: (failure) => gemini.error.decode(failure),
    mock: mockOf(gemini, models, { path: `${path}/:target`, secret, envelope: inPath }),
  }),
}

interface MockFacts extends Pick<MockChatOptions, 'envelope'> {
  path: string
  secret: string | undefined
}

/** Answers for every model, listed or not: only the operator knows which there are. */
function mockOf(
  protocol: Protocol,
  models: readonly Model[],
  { path, secret, ...options }: MockFacts,
): Hono<MockEnv> {
  const dialect = protocolDialect(protocol)
  const anyone = secret === undefined ? 'mock' : undefined
  const mock = mockApp({ ...dialect, keyOf: (request) => dialect.keyOf(request) ?? anyone })
  mock.post(
    path,
    mockChat(protocol, { ...options, models, unlisted: (id) => ({ id, does: ['chat'] }) }),
  )
  return mock
}

const inPath: NonNullable<MockChatOptions['envelope']> = (c) => {
  const [, model = '', method = ''] = /^(.*):([^:]*)$/.exec(c.req.param('target') ?? '') ?? []
  return { model, stream: method.startsWith('stream') }
}

// The route table and nothing else. Each face is an app of its own, so that its errors speak its language.

import { GatewayError } from '#core/error'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { gemini } from '#protocols/gemini/index'
import { openaiChat } from '#protocols/openai-chat/index'
import { Hono } from 'hono'
import type { Gateway } from './gateway.ts'
import { chat } from './handlers/chat.ts'
import type { Env } from './handlers/context.ts'
import { anthropicCountTokens } from './handlers/count-tokens.ts'
import { embeddings } from './handlers/embeddings.ts'
import { renderError, type EncodeError } from './handlers/errors.ts'
import { getFile } from './handlers/files.ts'
import { geminiMethod } from './handlers/gemini.ts'
import { health } from './handlers/health.ts'
import { image } from './handlers/image.ts'
import { getModel, listModels, modelsFaceOf } from './handlers/models.ts'
import { moderations } from './handlers/moderations.ts'
import { native } from './handlers/native.ts'
import { speech } from './handlers/speech.ts'
import { transcription } from './handlers/transcription.ts'
import { authenticate } from './middleware/authenticate.ts'
import { requestId } from './middleware/request-id.ts'

export function createApp(gateway: Gateway): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    c.set('gateway', gateway)
    await next()
  }, requestId())
  app.get('/health', health)
  app.get('/v1/files/:name', getFile)
  app.route('/', openaiFace())
  app.route('/', anthropicFace())
  app.route('/', geminiFace())
  app.route('/', anyFace())
  app.notFound((c) => {
    throw new GatewayError('not_found', `There is nothing at ${c.req.method} ${c.req.path}`)
  })
  app.onError((error, c) => renderError(encoders[modelsFaceOf(c)])(error, c))
  return app
}

const encoders = {
  openai: openaiChat.error.encode,
  anthropic: anthropicMessages.error.encode,
  gemini: gemini.error.encode,
}

const openaiFace = (): Hono<Env> =>
  face(openaiChat.error.encode)
    .post('/v1/chat/completions', authenticate(), chat({ protocol: openaiChat }))
    .post('/v1/embeddings', authenticate(), embeddings)
    .post('/v1/images/generations', authenticate(), image('generate'))
    .post('/v1/images/edits', authenticate(), image('edit'))
    .post('/v1/images/variations', authenticate(), image('variation'))
    .post('/v1/audio/speech', authenticate(), speech)
    .post('/v1/audio/transcriptions', authenticate(), transcription('transcribe'))
    .post('/v1/audio/translations', authenticate(), transcription('translate'))
    .post('/v1/moderations', authenticate(), moderations)

const anthropicFace = (): Hono<Env> =>
  face(anthropicMessages.error.encode)
    .post(
      '/v1/messages',
      authenticate(),
      chat({
        protocol: anthropicMessages,
        headers: ['anthropic-version', 'anthropic-beta'],
      }),
    )
    .post('/v1/messages/count_tokens', authenticate(), anthropicCountTokens)

const geminiFace = (): Hono<Env> =>
  face(gemini.error.encode)
    .post('/v1/models/:method{.+}', authenticate(), geminiMethod)
    .post('/v1beta/models/:method{.+}', authenticate(), geminiMethod)

/** What all SDKs share a path for: answered in the shape of the one that asks. */
const anyFace = (): Hono<Env> =>
  new Hono<Env>()
    .get('/v1/models', authenticate(), listModels)
    .get('/v1beta/models', authenticate(), listModels)
    .get('/v1/models/:model{.+}', authenticate(), getModel)
    .get('/v1beta/models/:model{.+}', authenticate(), getModel)
    .all('/native/:provider', authenticate(), native)
    .all('/native/:provider/*', authenticate(), native)

function face(encode: EncodeError): Hono<Env> {
  const app = new Hono<Env>()
  app.onError(renderError(encode))
  return app
}

// The route table and nothing else. Each route's face decides the language of its errors.

import { GatewayError } from '#core/error'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { gemini } from '#protocols/gemini/index'
import { openaiChat } from '#protocols/openai-chat/index'
import { Hono } from 'hono'
import type { Gateway } from './gateway.ts'
import { chat, type ChatFace } from './handlers/chat.ts'
import type { Ctx, Env } from './handlers/context.ts'
import { anthropicCountTokens } from './handlers/count-tokens.ts'
import { embeddings } from './handlers/embeddings.ts'
import { getFile } from './handlers/files.ts'
import { geminiMethod } from './handlers/gemini.ts'
import { health } from './handlers/health.ts'
import { image } from './handlers/image.ts'
import { getModel, listModels, modelsFaceOf } from './handlers/models.ts'
import { moderations } from './handlers/moderations.ts'
import { native } from './handlers/native.ts'
import {
  cancelResponse,
  countInputTokens,
  createResponse,
  deleteResponse,
  getResponse,
  listInputItems,
} from './handlers/responses/routes.ts'
import { speech } from './handlers/speech.ts'
import { transcription } from './handlers/transcription.ts'
import { face } from './middleware/face.ts'

export function createApp(gateway: Gateway): Hono<Env> {
  const app = new Hono<Env>()
  const openai = face({ gateway, encodeError: () => encoders.openai })
  const anthropic = face({ gateway, encodeError: () => encoders.anthropic })
  const gemini = face({ gateway, encodeError: () => encoders.gemini })
  // What all SDKs share a path for is answered in the shape of the one that asks.
  const shared = { gateway, encodeError: (c: Ctx) => encoders[modelsFaceOf(c)] }
  const any = face(shared)
  const everyone = face(shared, 'open')

  app.post('/v1/chat/completions', openai(chat({ protocol: openaiChat })))
  app.post('/v1/responses', openai(createResponse))
  app.post('/v1/responses/input_tokens', openai(countInputTokens))
  app.get('/v1/responses/:id', openai(getResponse))
  app.delete('/v1/responses/:id', openai(deleteResponse))
  app.post('/v1/responses/:id/cancel', openai(cancelResponse))
  app.get('/v1/responses/:id/input_items', openai(listInputItems))
  app.post('/v1/embeddings', openai(embeddings))
  app.post('/v1/images/generations', openai(image('generate')))
  app.post('/v1/images/edits', openai(image('edit')))
  app.post('/v1/images/variations', openai(image('variation')))
  app.post('/v1/audio/speech', openai(speech))
  app.post('/v1/audio/transcriptions', openai(transcription('transcribe')))
  app.post('/v1/audio/translations', openai(transcription('translate')))
  app.post('/v1/moderations', openai(moderations))

  app.post('/v1/messages', anthropic(chat(anthropicFace)))
  app.post('/v1/messages/count_tokens', anthropic(anthropicCountTokens))

  app.post('/v1/models/:method{.+}', gemini(geminiMethod))
  app.post('/v1alpha/models/:method{.+}', gemini(geminiMethod))
  app.post('/v1beta/models/:method{.+}', gemini(geminiMethod))

  app.get('/v1/models', any(listModels))
  app.get('/v1alpha/models', any(listModels))
  app.get('/v1beta/models', any(listModels))
  app.get('/v1/models/:model{.+}', any(getModel))
  app.get('/v1alpha/models/:model{.+}', any(getModel))
  app.get('/v1beta/models/:model{.+}', any(getModel))
  app.all('/native/:provider', any(native))
  app.all('/native/:provider/*', any(native))

  app.get('/health', everyone(health))
  app.get('/v1/files/:name', everyone(getFile))
  app.notFound(everyone(nothing))
  return app
}

const anthropicFace: ChatFace = {
  protocol: anthropicMessages,
  headers: ['anthropic-version', 'anthropic-beta'],
}

const encoders = {
  openai: openaiChat.error.encode,
  anthropic: anthropicMessages.error.encode,
  gemini: gemini.error.encode,
}

function nothing(c: Ctx): Response {
  throw new GatewayError('not_found', `There is nothing at ${c.req.method} ${c.req.path}`)
}

// The Gemini face: model and method are in the path.

import { GatewayError } from '#core/error'
import { gemini } from '#protocols/gemini/index'
import { chat, type ChatFace } from './chat.ts'
import type { Ctx } from './context.ts'
import { geminiCountTokens } from './count-tokens.ts'
import { batchEmbedContents, embedContent } from './gemini-embeddings.ts'
import { pathOf } from './gemini-path.ts'
import { arrayFraming, sseFraming } from './stream.ts'

const methods: Record<string, ((c: Ctx) => Promise<Response>) | undefined> = {
  generateContent: (c) => generate(c),
  streamGenerateContent: (c) => generate(c),
  countTokens: geminiCountTokens,
  embedContent,
  batchEmbedContents,
}

export function geminiMethod(c: Ctx): Promise<Response> {
  const { method } = pathOf(c)
  const handler = methods[method]
  if (handler === undefined)
    throw new GatewayError(
      'not_found',
      `There is no method '${method}' here; there are ${Object.keys(methods).join(', ')}`,
    )
  return handler(c)
}

const geminiFace: ChatFace = {
  protocol: gemini,
  envelope: (c) => {
    const { model, method } = pathOf(c)
    return { model, stream: method === 'streamGenerateContent' }
  },
  framing: (c) => (c.req.query('alt') === 'sse' ? sseFraming() : arrayFraming()),
}

const generate = chat(geminiFace)

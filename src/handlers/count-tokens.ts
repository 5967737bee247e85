// How many tokens a prompt has: as the vendor counts, where it can be asked.

import type { ChatRequest } from '#core/chat'
import { defined, isObject } from '#core/json'
import { reworded, type Names } from '#core/losses'
import { countRequest } from '#core/tokens'
import { anthropicCounting, anthropicMessages } from '#protocols/anthropic-messages/index'
import { gemini } from '#protocols/gemini/index'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { beginWhole, perform } from './exchange.ts'
import { pathOf } from './gemini-path.ts'

export async function anthropicCountTokens(c: Ctx): Promise<Response> {
  const { body } = await readJson(c)
  const request = anthropicCounting.request.decode(body)
  const { value, headers } = await countPrompt(c, request, anthropicMessages.names)
  return c.json({ input_tokens: value }, { headers })
}

export async function geminiCountTokens(c: Ctx): Promise<Response> {
  const { body } = await readJson(c)
  const { model } = pathOf(c)
  const inner = isObject(body) ? (body['generateContentRequest'] ?? body) : body
  const request = gemini.request.decode(inner, { model, stream: false })
  const { value, headers } = await countPrompt(c, request, gemini.names)
  return c.json(defined({ totalTokens: value }), { headers })
}

/** The tokens of a prompt; told to be an estimate where the vendor cannot be asked. */
export const countPrompt = (c: Ctx, request: ChatRequest, names?: Names) =>
  perform(
    c,
    { modality: 'chat', model: request.model, exchange: beginWhole(c) },
    async (target, call, lose) => {
      const counter = target.provider.adapters.chat?.count
      if (counter !== undefined) return counter(request, { ...call, lose: reworded(lose, names) })
      lose(
        'input_tokens',
        `${target.provider.name} has no endpoint to count with: this is an estimate`,
      )
      return countRequest(request)
    },
  )

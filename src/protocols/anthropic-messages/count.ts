// `POST /v1/messages/count_tokens`: the prompt of a message, without what concerns the answer.

import type {
  MessageCountTokensParams,
  MessageTokensCount,
} from '@anthropic-ai/sdk/resources/messages'
import type { ChatRequest } from '#core/chat'
import { GatewayError } from '#core/error'
import { isObject, type Json, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import { Reader } from '#core/reader'
import { limitMarks } from './cache.ts'
import { decodePrompt } from './request-decode.ts'
import { encodePrompt } from './request-encode.ts'

/** The codec of token counting, in the four directions of a `Protocol`. */
export const anthropicCounting = {
  request: {
    /** @throws GatewayError `invalid_request` with the path in `param`. */
    decode: (body: unknown): ChatRequest => decodePrompt(Reader.of(body)),
    encode: (request: ChatRequest, target: Target): JsonObject =>
      limitMarks(
        {
          model: target.model.id,
          ...encodePrompt(request, target, target.model.maxOutput ?? Infinity),
        } satisfies Partial<Record<keyof MessageCountTokensParams, Json>>,
        target.lose,
      ),
  },
  reply: {
    /** @throws GatewayError `upstream` for a body without a count. */
    decode(body: unknown): number {
      const count = isObject(body) ? body['input_tokens'] : undefined
      if (typeof count === 'number') return count
      throw new GatewayError('upstream', 'The provider answered without a token count')
    },
    encode: (tokens: number) => ({ input_tokens: tokens }) satisfies MessageTokensCount,
  },
}

// What the adapters of generateContent have in common.

import {
  gemini,
  GatewayError,
  isObject,
  type Call,
  type JsonObject,
  type MediaUsage,
  type WireRequest,
  type WireResponse,
} from '#kit'

export const pathOf = (model: string, method: string): string => `/v1beta/models/${model}:${method}`

/** Sends a JSON body to a method of the call's model. */
export const post = (
  call: Call,
  method: string,
  body: Exclude<WireRequest['body'], undefined>,
): Promise<WireResponse> =>
  call.send({
    method: 'POST',
    url: call.origin + pathOf(call.model.id, method),
    headers: { 'content-type': 'application/json' },
    body,
  })

/** What a reply that was scanned for its media says of tokens. */
export function usageOf(reply: unknown): MediaUsage {
  const meta = isObject(reply) ? reply['usageMetadata'] : undefined
  if (!isObject(meta)) return {}
  const produced = tokens(meta, 'candidatesTokenCount') + tokens(meta, 'thoughtsTokenCount')
  return {
    inputTokens: tokens(meta, 'promptTokenCount'),
    outputTokens: produced,
    ...ofModality(meta, 'TEXT', 'inputTextTokens'),
    ...ofModality(meta, 'IMAGE', 'inputImageTokens'),
    ...ofModality(meta, 'AUDIO', 'inputAudioTokens'),
  }
}

const tokens = (meta: JsonObject, key: string): number => {
  const count = meta[key]
  return typeof count === 'number' ? count : 0
}

function ofModality(meta: JsonObject, modality: string, field: keyof MediaUsage): MediaUsage {
  const details = meta['promptTokensDetails']
  const detail = Array.isArray(details)
    ? details.find((entry) => isObject(entry) && entry['modality'] === modality)
    : undefined
  return isObject(detail) ? { [field]: tokens(detail, 'tokenCount') } : {}
}

/** Why a reply holds no media: the model was kept from it, or answered with something else. */
export function missing(what: string, reply: unknown): GatewayError {
  const { candidates } = gemini.reply.decode(reply)
  const [{ finish, content }] = candidates
  const said = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ')
  const reason = finish.raw ?? finish.reason
  return new GatewayError(
    finish.reason === 'content-filter' ? 'content_policy' : 'upstream',
    `The model made no ${what} (${reason})${said === '' ? '' : `: ${said}`}`,
    { code: reason },
  )
}

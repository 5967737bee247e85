// What the adapters of generateContent have in common.

import {
  encodeBase64,
  gemini,
  GatewayError,
  isObject,
  toReadable,
  utf8,
  type Bytes,
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

/**
 * A JSON body whose media are turned into base64 as they are sent: each stands, in order, for an empty
 * `data`. (Inside a text the mark would have its quotes escaped.)
 */
export function withMedia(
  body: JsonObject,
  media: readonly Uint8Array[],
): ReadableStream<Uint8Array> {
  const [head = '', ...tails] = JSON.stringify(body).split('"data":""')
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield utf8.encode(head)
    for (const [index, tail] of tails.entries()) {
      yield utf8.encode('"data":"')
      for await (const text of encodeBase64(sliced(media[index] ?? new Uint8Array(0))))
        yield utf8.encode(text)
      yield utf8.encode(`"${tail}`)
    }
  }
  return toReadable(pieces())
}

const sliceBytes = 96 * 1024

async function* sliced(bytes: Uint8Array): Bytes {
  for (let start = 0; start < bytes.length; start += sliceBytes)
    yield bytes.subarray(start, start + sliceBytes)
}

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

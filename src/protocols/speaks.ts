// Builds the chat adapter of a provider that speaks one of our protocols.

import type { ChatStream } from '#core/chat'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import type { Call, Immediate, Lose, Model, RawRequest } from '#core/provider'
import type { Bytes, WireResponse } from '#core/transport'
import { spliceModel } from './splice.ts'
import { sseSplitter } from './sse.ts'

export interface SpeaksOptions {
  /** The path after the provider's origin. */
  path: string | ((request: { model: string; stream: boolean }) => string)
  headers?: Record<string, string>
  /** The vendor's oddities: the body as our codec wrote it -> as this vendor wants it. */
  amend?: (body: JsonObject, model: Model, lose: Lose) => JsonObject
  /** What the vendor refuses in a caller's own body: text that has it is amended, not forwarded as it is. */
  foreign?: RegExp
  /** Set where the path, not the body, names the model. */
  modelInPath?: boolean
}

/** An adapter for a chat model behind `protocol`: encodes, sends, decodes; whole or streamed. */
export function speaks(protocol: Protocol, options: SpeaksOptions): Immediate<'chat'> {
  const headers = { 'content-type': 'application/json', ...options.headers }
  const urlOf = (call: Call, stream: boolean): string =>
    call.origin +
    (typeof options.path === 'string'
      ? options.path
      : options.path({ model: call.model.id, stream }))

  return {
    async run(request, call) {
      const { model, lose } = call
      const encoded = protocol.request.encode(request, { model, lose })
      const body = options.amend === undefined ? encoded : options.amend(encoded, model, lose)
      const response = await call.send({
        method: 'POST',
        url: urlOf(call, request.stream),
        headers,
        body: JSON.stringify(body),
      })
      return request.stream ? streamed(protocol, response) : whole(protocol, response)
    },
    forward: {
      protocol: protocol.id,
      send: (raw, call) =>
        call.send({
          method: 'POST',
          url: urlOf(call, raw.stream),
          headers: { ...headers, ...raw.headers },
          body: forwardedBody(raw, call, options),
        }),
    },
  }
}

function forwardedBody(raw: RawRequest, { model, lose }: Call, options: SpeaksOptions): string {
  const { amend, foreign } = options
  const text = options.modelInPath === true ? raw.text : renamed(raw, model)
  if (amend === undefined || foreign?.test(text) !== true) return text
  const body = parseJson(text)
  return isObject(body) ? JSON.stringify(amend(body, model, lose)) : text
}

const renamed = (raw: RawRequest, model: Model): string =>
  raw.model === model.id ? raw.text : spliceModel(raw.text, model.id)

async function* whole(protocol: Protocol, response: WireResponse): ChatStream {
  const body = parseJson(await response.text())
  if (body === undefined)
    throw new GatewayError('upstream', 'The provider answered with something that is not JSON')
  yield replay(protocol.reply.decode(body))
}

/** Decodes a stream of server-sent events, one batch for each network chunk that completes an event. */
export async function* decodeEvents(protocol: Protocol, body: Bytes): ChatStream {
  const splitter = sseSplitter()
  const decoder = protocol.stream.decoder()
  for await (const chunk of body) {
    const split = splitter.push(chunk)
    if (split === undefined) continue
    const events = split.events.flatMap((event) => decoder.push(event))
    if (events.length > 0) yield events
  }
  const rest = splitter.finish()?.events.flatMap((event) => decoder.push(event)) ?? []
  yield [...rest, ...decoder.finish()]
}

function streamed(protocol: Protocol, response: WireResponse): ChatStream {
  const type = response.header('content-type') ?? ''
  // Some providers answer a streamed request whole: an error page, or a model that cannot stream.
  return type.includes('json') ? whole(protocol, response) : decodeEvents(protocol, response.body)
}

// Builds the chat adapter of a provider that speaks one of our protocols.

import type { ChatEvent, ChatStream } from '#core/chat'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { isObject, parseJson, type JsonObject } from '#core/json'
import { hubWords, reworded } from '#core/losses'
import { mapped } from '#core/mapped'
import type { Protocol, SseEvent } from '#core/protocol'
import type { Call, Forward, Immediate, Lose, Model, RawRequest, Settings } from '#core/provider'
import type { Bytes, WireResponse } from '#core/transport'
import { spliceModel } from './splice.ts'
import { sseSplitter } from './sse.ts'

/** What the path of a request may depend on. */
export interface SpokenTo {
  model: string
  stream: boolean
  settings: Settings
}

export interface SpeaksOptions {
  /** The path after the provider's origin. */
  path: string | ((request: SpokenTo) => string)
  headers?: Record<string, string>
  /** The vendor's oddities: the body as our codec wrote it -> as this vendor wants it. */
  amend?: (body: JsonObject, model: Model, lose: Lose) => JsonObject
  /**
   * What the vendor refuses in a caller's own body, because another vendor's answer is in it: text that
   * `has` it is put right by `amend` (the same object when it is right), not forwarded as it is.
   */
  foreign?: { has: RegExp; amend: (body: JsonObject, model: Model, lose: Lose) => JsonObject }
  /** Set where the path, not the body, names the model. */
  modelInPath?: boolean
  /** How a streamed reply is cut into events; as server-sent events when absent. */
  splitter?: () => EventSplitter
  /** The header with the reply's id, where replies do not name it or their model. */
  idHeader?: string
}

/** Cuts a byte stream into the events of a protocol; what is incomplete is held back. */
export interface EventSplitter {
  /** The events that are complete with this chunk; `undefined` while none is. */
  push(chunk: Uint8Array): { events: SseEvent[] } | undefined
  /** What an unterminated stream left behind. */
  finish(): { events: SseEvent[] } | undefined
}

/** An adapter for a chat model behind `protocol`: encodes, sends, decodes; whole or streamed. */
export function speaks(
  protocol: Protocol,
  options: SpeaksOptions,
): Immediate<'chat'> & { forward: Forward } {
  const headers = { 'content-type': 'application/json', ...options.headers }
  const urlOf = (call: Call, stream: boolean): string =>
    call.origin +
    (typeof options.path === 'string'
      ? options.path
      : options.path({ model: call.model.id, stream, settings: call.settings }))

  // What amends a body speaks of it in the protocol's words.
  const amended = (lose: Lose): Lose => reworded(lose, hubWords(protocol.names))

  return {
    async run(request, call) {
      const { model, lose } = call
      const encoded = protocol.request.encode(request, { model, lose })
      const body = options.amend?.(encoded, model, amended(lose)) ?? encoded
      const response = await call.send({
        method: 'POST',
        url: urlOf(call, request.stream),
        headers,
        body: JSON.stringify(body),
      })
      const reply = request.stream
        ? streamed(protocol, response, options.splitter)
        : whole(protocol, response)
      if (options.idHeader === undefined) return reply
      return named(reply, response.header(options.idHeader) ?? '', model.id)
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
  const { foreign } = options
  const text = options.modelInPath === true ? raw.text : renamed(raw, model)
  if (foreign === undefined || !foreign.has.test(text)) return text
  const body = parseJson(text)
  if (!isObject(body)) return text
  const amended = foreign.amend(body, model, lose)
  return amended === body ? text : JSON.stringify(amended)
}

const renamed = (raw: RawRequest, model: Model): string =>
  raw.model === model.id ? raw.text : spliceModel(raw.text, model.id)

/** The reply under an id and a model, where it says neither. */
const named = (reply: ChatStream, id: string, model: string): ChatStream =>
  mapped(reply, (batch) =>
    batch.map((event) =>
      event.type === 'start'
        ? { ...event, id: event.id || id, model: event.model || model }
        : event,
    ),
  )

async function* whole(protocol: Protocol, response: WireResponse): ChatStream {
  const body = parseJson(await response.text())
  if (body === undefined)
    throw new GatewayError('upstream', 'The provider answered with something that is not JSON')
  yield replay(protocol.reply.decode(body))
}

/** Decodes a stream, server-sent events unless `cut` says otherwise: one batch for each network chunk that completes an event. */
export function decodeEvents(
  protocol: Protocol,
  body: Bytes,
  cut: () => EventSplitter = sseSplitter,
): ChatStream {
  const splitter = cut()
  const decoder = protocol.stream.decoder()
  const decoded = (events: readonly SseEvent[] = []): ChatEvent[] =>
    events.flatMap((event) => decoder.push(event))
  return mapped(
    body,
    (chunk) => {
      const split = splitter.push(chunk)
      const events = split === undefined ? [] : decoded(split.events)
      return events.length > 0 ? events : undefined
    },
    () => [...decoded(splitter.finish()?.events), ...decoder.finish()],
  )
}

function streamed(
  protocol: Protocol,
  response: WireResponse,
  cut?: () => EventSplitter,
): ChatStream {
  const type = response.header('content-type') ?? ''
  // Some providers answer a streamed request whole: an error page, or a model that cannot stream.
  return type.includes('json')
    ? whole(protocol, response)
    : decodeEvents(protocol, response.body, cut)
}

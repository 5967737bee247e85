// Chat in any protocol, whole and streamed.

import type { ChatEvent, ChatRequest, ChatStream } from '#core/chat'
import { commit } from '#core/commit'
import { GatewayError } from '#core/error'
import { collect } from '#core/events'
import { isObject } from '#core/json'
import type { Envelope, Protocol } from '#core/protocol'
import type { Call, Lose } from '#core/provider'
import type { Target } from '../routing/registry.ts'
import { readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { identified } from './errors.ts'
import { begin, beginWhole, perform } from './exchange.ts'
import { forwarded, type Forwarded } from './forward.ts'
import { framed, pump, sseFraming, type Framing } from './stream.ts'

/** A chat protocol as callers reach it. */
export interface ChatFace {
  protocol: Protocol
  /** What the URL says about the request, where the protocol puts it there. */
  envelope?(c: Ctx): Envelope
  /** Request headers that belong to the protocol: carried to targets that speak it. */
  headers?: readonly string[]
  framing?(c: Ctx): Framing
}

/** One request as it came, decoded when a target needs it decoded. */
export interface Inbound {
  text: string
  model: string
  stream: boolean
  headers: Record<string, string>
  request(): ChatRequest
}

export const chat = (face: ChatFace) =>
  async function chat(c: Ctx): Promise<Response> {
    const { protocol } = face
    const inbound = await readInbound(c, face)
    const exchange = inbound.stream ? begin(c) : beginWhole(c)
    const order = { modality: 'chat', model: inbound.model, exchange } as const
    const { value, target, headers } = await perform(c, order, (target, call, lose) => {
      const { forward: given } = target.provider.adapters.chat ?? {}
      const forward = typeof given === 'function' ? given(target.model) : given
      return forward?.protocol === protocol.id
        ? forwarded(protocol, forward, inbound, call)
        : converted(inbound, target, call, lose)
    })
    if (!inbound.stream) return whole(c, face, inbound, value, headers)
    const framing = face.framing?.(c) ?? sseFraming()
    return new Response(
      pump(bytesOf(c, face, inbound, value, framing), {
        exchange,
        failure: (error) => {
          report(c, error, target)
          return framed(framing, [...protocol.stream.failure(identified(error, c))])
        },
      }),
      { headers: { ...headers, 'content-type': framing.contentType, 'cache-control': 'no-cache' } },
    )
  }

/** The answer of a target that speaks another protocol, its first events in hand. */
async function converted(
  inbound: Inbound,
  target: Target,
  call: Call,
  lose: Lose,
): Promise<{ events: ChatStream }> {
  const adapter = target.provider.adapters.chat
  if (adapter?.run === undefined)
    throw new GatewayError('unsupported', `${target.name} does not chat`, { param: 'model' })
  const request = inbound.request()
  for (const field of request.unread)
    lose(field, `${field} has no counterpart at ${target.name} and was left out`)
  return { events: await commit(await adapter.run(request, call), hasContent) }
}

const hasContent = (batch: readonly ChatEvent[]): boolean =>
  batch.some((event) => event.type !== 'start')

export async function readInbound(c: Ctx, face: ChatFace): Promise<Inbound> {
  const { text, body } = await readJson(c)
  if (!isObject(body))
    throw new GatewayError('invalid_request', 'The request body must be an object')
  const envelope = face.envelope?.(c) ?? {}
  const model = envelope.model ?? body['model']
  const stream = envelope.stream ?? body['stream'] ?? false
  if (typeof model !== 'string' || model === '')
    throw new GatewayError('invalid_request', 'model must be a string', { param: 'model' })
  if (typeof stream !== 'boolean')
    throw new GatewayError('invalid_request', 'stream must be a boolean', { param: 'stream' })
  let decoded: ChatRequest | undefined
  return {
    text,
    model,
    stream,
    headers: carriedHeaders(c, face.headers ?? []),
    request: () => (decoded ??= face.protocol.request.decode(body, { ...envelope, model, stream })),
  }
}

function carriedHeaders(c: Ctx, names: readonly string[]): Record<string, string> {
  const carried: Record<string, string> = {}
  for (const name of names) {
    const value = c.req.header(name)
    if (value !== undefined) carried[name] = value
  }
  return carried
}

async function whole(
  c: Ctx,
  { protocol }: ChatFace,
  inbound: Inbound,
  value: Forwarded,
  headers: Record<string, string>,
): Promise<Response> {
  const json = { ...headers, 'content-type': 'application/json' }
  if ('text' in value) return new Response(value.text, { headers: json })
  if (!('events' in value))
    throw new GatewayError('upstream', 'The provider streamed an answer that was asked for whole')
  const reply = await collect(value.events)
  const body = protocol.reply.encode(
    { ...reply, created: reply.created ?? seconds(c) },
    inbound.request(),
  )
  return new Response(JSON.stringify(body), { headers: json })
}

const seconds = (c: Ctx): number => Math.floor(c.get('gateway').platform.clock.now() / 1000)

/** The bytes of a streamed reply, a piece for each batch. */
async function* bytesOf(
  c: Ctx,
  { protocol }: ChatFace,
  inbound: Inbound,
  value: Forwarded,
  framing: Framing,
): AsyncGenerator<Uint8Array> {
  if ('text' in value)
    throw new GatewayError('upstream', 'The provider answered whole where a stream was asked for')
  if ('chunks' in value) {
    for await (const { bytes, events } of value.chunks)
      yield framing.frame === sseFrame ? bytes : framed(framing, events)
  } else {
    const encoder = protocol.stream.encoder(inbound.request())
    const created = seconds(c)
    for await (const batch of value.events) {
      const frames = batch.flatMap((event) =>
        encoder.push(event.type === 'start' ? { created, ...event } : event),
      )
      if (frames.length > 0) yield framed(framing, frames)
    }
  }
  const end = framing.close()
  if (end !== '') yield new TextEncoder().encode(end)
}

const sseFrame = sseFraming().frame

/** A stream that failed half way was told to the caller in its own protocol; the operator hears of it here. */
function report(c: Ctx, error: GatewayError, target: Target): void {
  c.get('gateway').platform.log({
    level: error.kind === 'cancelled' ? 'info' : 'warn',
    event: 'stream-failed',
    target: target.name,
    kind: error.kind,
    message: error.message,
    requestId: c.get('requestId'),
  })
}

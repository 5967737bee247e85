// Chat in any protocol, whole and streamed.

import type { ChatEvent, ChatRequest, ChatStream } from '#core/chat'
import { utf8 } from '#core/bytes'
import { commit } from '#core/commit'
import { GatewayError } from '#core/error'
import { collect } from '#core/events'
import { isObject, parseJson, type JsonObject } from '#core/json'
import { reworded, type Names } from '#core/losses'
import { mapped } from '#core/mapped'
import type { Envelope, Protocol, SseEvent } from '#core/protocol'
import type { Call } from '#core/provider'
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
  /** What the protocol keeps between requests. */
  state?: FaceState
}

/** Keeps what a protocol promises to remember. */
export interface FaceState {
  /** The fields of the body that it serves. */
  serves: readonly string[]
  begin(c: Ctx, body: JsonObject): Promise<Turn>
  /** The whole reply, where an event carries it. */
  wholeOf(event: SseEvent): JsonObject | undefined
}

/** One request to a face that remembers. */
export interface Turn {
  /** The caller's body with what was remembered; the same object where that is nothing. */
  body: JsonObject
  /** The reply's JSON text with what it should say of the earlier ones. */
  echo(text: string): string
  /** Keeps the finished reply; the caller gets its end afterwards. */
  keep(reply: JsonObject): Promise<void>
}

/** One request as it came, decoded when a target needs it decoded. */
export interface Inbound {
  text: string
  model: string
  stream: boolean
  headers: Record<string, string>
  request(): ChatRequest
  turn?: Turn
}

export const chat = (face: ChatFace) =>
  async function chat(c: Ctx): Promise<Response> {
    const { protocol } = face
    const inbound = await readInbound(c, face)
    const exchange = inbound.stream ? begin(c) : beginWhole(c)
    const order = { modality: 'chat', model: inbound.model, exchange } as const
    const { value, target, headers } = await perform(c, order, (target, call) => {
      const { forward: given } = target.provider.adapters.chat ?? {}
      const forward = typeof given === 'function' ? given(target.model, protocol.id) : given
      return forward?.protocol === protocol.id
        ? forwarded(protocol, forward, inbound, call)
        : converted(inbound, target, call, protocol.names)
    })
    if (!inbound.stream) return whole(c, face, inbound, value, headers)
    const framing = face.framing?.(c) ?? sseFraming()
    const { pieces, failure } = spoken(c, protocol, inbound, value)
    return new Response(
      pump(remembered(face, inbound, pieces, framing), {
        exchange,
        failure: (error) => {
          report(c, error, target)
          return framed(framing, failure(identified(error, c)))
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
  names?: Names,
): Promise<{ events: ChatStream }> {
  const adapter = target.provider.adapters.chat
  if (adapter?.run === undefined)
    throw new GatewayError('unsupported', `${target.name} does not chat`, { param: 'model' })
  const request = inbound.request()
  for (const field of request.unread)
    call.lose(field, `${field} has no counterpart at ${target.name} and was left out`)
  const events = await adapter.run(request, { ...call, lose: reworded(call.lose, names) })
  return { events: await commit(events, hasContent) }
}

const hasContent = (batch: readonly ChatEvent[]): boolean =>
  batch.some((event) => event.type !== 'start')

async function readInbound(c: Ctx, face: ChatFace): Promise<Inbound> {
  const read = await readJson(c)
  if (!isObject(read.body))
    throw new GatewayError('invalid_request', 'The request body must be an object')
  const turn = await face.state?.begin(c, read.body)
  const body = turn?.body ?? read.body
  const envelope = face.envelope?.(c) ?? {}
  const model = envelope.model ?? body['model']
  const stream = envelope.stream ?? body['stream'] ?? false
  if (typeof model !== 'string' || model === '')
    throw new GatewayError('invalid_request', 'model must be a string', { param: 'model' })
  if (typeof stream !== 'boolean')
    throw new GatewayError('invalid_request', 'stream must be a boolean', { param: 'stream' })
  let decoded: ChatRequest | undefined
  return {
    text: body === read.body ? read.text : JSON.stringify(body),
    model,
    stream,
    headers: carriedHeaders(c, face.headers ?? []),
    request: () => (decoded ??= decode(face, body, { ...envelope, model, stream })),
    ...(turn === undefined ? {} : { turn }),
  }
}

function decode(face: ChatFace, body: JsonObject, envelope: Envelope): ChatRequest {
  const request = face.protocol.request.decode(body, envelope)
  const serves = face.state?.serves ?? []
  return { ...request, unread: request.unread.filter((field) => !serves.includes(field)) }
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
  const text = await wholeText(c, protocol, inbound, value)
  const { turn } = inbound
  if (turn === undefined) return new Response(text, { headers: json })
  const echoed = turn.echo(text)
  const reply = parseJson(echoed)
  if (isObject(reply)) await turn.keep(reply)
  return new Response(echoed, { headers: json })
}

async function wholeText(
  c: Ctx,
  protocol: Protocol,
  inbound: Inbound,
  value: Forwarded,
): Promise<string> {
  if ('text' in value) return value.text
  if (!('events' in value))
    throw new GatewayError('upstream', 'The provider streamed an answer that was asked for whole')
  const reply = await collect(value.events)
  const created = reply.created ?? seconds(c)
  return JSON.stringify(protocol.reply.encode({ ...reply, created }, inbound.request()))
}

const seconds = (c: Ctx): number => Math.floor(c.get('gateway').platform.clock.now() / 1000)

/** A streamed reply in events, with their bytes where they pass as they came. */
type Pieces = AsyncIterable<{ events: readonly SseEvent[]; bytes?: Uint8Array }>

/** The reply's events, and those that tell of its failure. */
interface Spoken {
  pieces: Pieces
  failure(error: GatewayError): readonly SseEvent[]
}

function spoken(c: Ctx, protocol: Protocol, inbound: Inbound, value: Forwarded): Spoken {
  if ('text' in value)
    throw new GatewayError('upstream', 'The provider answered whole where a stream was asked for')
  if ('chunks' in value) return { pieces: value.chunks, failure: protocol.stream.failure }
  const encoder = protocol.stream.encoder(inbound.request())
  const created = seconds(c)
  const pieces = mapped(value.events, (batch) => {
    const events = batch.flatMap((event) =>
      encoder.push(event.type === 'start' ? { created, ...event } : event),
    )
    return events.length > 0 ? { events } : undefined
  })
  return { pieces, failure: (error) => encoder.failure?.(error) ?? protocol.stream.failure(error) }
}

/** The bytes of a streamed reply; where the face remembers, after it has kept the reply they end. */
function remembered(
  { state }: ChatFace,
  { turn }: Inbound,
  pieces: Pieces,
  framing: Framing,
): AsyncIterator<Uint8Array> {
  if (state === undefined || turn === undefined) return bytesOf(pieces, framing)
  async function* keeping(memory: FaceState, { echo, keep }: Turn): Pieces {
    for await (const { events } of pieces) {
      const echoed = events.map((event) => ({ ...event, data: echo(event.data) }))
      const whole = echoed
        .map((event) => memory.wholeOf(event))
        .find((reply) => reply !== undefined)
      if (whole !== undefined) await keep(whole)
      yield { events: echoed }
    }
  }
  return bytesOf(keeping(state, turn), framing)
}

const bytesOf = (pieces: Pieces, framing: Framing): AsyncIterator<Uint8Array> =>
  mapped(
    pieces,
    ({ events, bytes }) =>
      bytes !== undefined && framing.frame === sseFrame ? bytes : framed(framing, events),
    () => {
      const end = framing.close()
      return end === '' ? undefined : utf8.encode(end)
    },
  )

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

// The chat route of a mock: the protocol's own codecs, used from the server's side.

import type { Context, Handler } from 'hono'
import { toReadable, utf8 } from '#core/bytes'
import type { ChatEvent, ChatReply, ChatRequest } from '#core/chat'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { Envelope, Protocol, SseEvent } from '#core/protocol'
import type { Model } from '#core/provider'
import { encodeAwsEvent, eventStreamType } from '#protocols/aws-event-stream'
import { encodeSse } from '#protocols/sse'
import { MockRefusal } from './failure.ts'
import { think, type Place } from './mind.ts'
import { findTampered, proofsOf, withProofs, type Signed, type Tampered } from './mind/proof.ts'
import { pieces } from './pieces.ts'
import { measures } from './scenario.ts'
import { saysChat } from './script/answer.ts'
import { lastText } from './script/match.ts'
import { scriptedReply } from './script/reply.ts'
import { outright, scriptFor } from './scripted.ts'
import { countRequest } from '#core/tokens'
import type { MockCall, MockEnv } from './world.ts'

export interface MockChatOptions {
  models: readonly Model[]
  /** A model that is not among these, but is served all the same. */
  unlisted?: (id: string) => Model
  /** What the request says outside its body. */
  envelope?: (c: Context<MockEnv>) => Envelope
  /** How a stream is written; server-sent events when absent. */
  framing?: (c: Context<MockEnv>) => Framing
  /** The vendor's form of ids, made of hexadecimal digits. */
  ids?: MockIds
  /** Whether thoughts are shown to callers who do not say whether they want them. */
  showsThoughts?: boolean
  /** The vendor's media type of a sound in a format, where it is not the usual one. */
  audioType?: (format: string) => string
  /** The vendor's sizes of pictures, where they are not the usual ones. */
  imageShape?: Place['imageShape']
  /** What the vendor signs; nothing when absent. */
  signs?: readonly Signed[]
  /** Reads a body as the vendor writes it: the same as the protocol has it. */
  reads?: (body: Json) => Json
  /** Writes a reply, or one event of a stream, as the vendor does. */
  writes?: (body: JsonObject, kind: 'reply' | 'event') => JsonObject
  /** What busy vendors send before the answer, so that the connection stays open. */
  keepAlive?: { reply: string; stream: string }
  /** The vendor's message about a signature that is not its own; such signatures are let through when absent. */
  tampered?: (place: Tampered) => string
}

export type Framing = 'sse' | 'array' | 'aws'

export interface MockIds {
  /** From 32 digits. */
  reply?: (digits: string) => string
  /** From 24 digits. */
  toolCall?: (digits: string) => string
}

/** Decodes with the protocol, lets a script or the mind answer, and encodes; whole or streamed. */
export function mockChat(protocol: Protocol, options: MockChatOptions): Handler<MockEnv> {
  const handler: Handler<MockEnv> = async function chat(c) {
    const { call } = c.var
    const sent = parseJson(await c.req.text())
    if (sent === undefined)
      throw new GatewayError('invalid_request', 'The request body could not be parsed as JSON')
    const body = isObject(sent) ? (options.reads?.(sent) ?? sent) : sent
    const request = protocol.request.decode(body, options.envelope?.(c))
    const model = check(request, protocol, options, call)
    const answer =
      call.scripted ?? (await scriptFor(call, { ...factsOf(c), body, ...chatFacts(request) }))
    const instead = answer === undefined ? undefined : outright(answer)
    if (instead instanceof Response) return instead
    if (instead !== undefined) throw new MockRefusal(instead)
    const isSaid = answer !== undefined && saysChat(answer)
    // Pictures and sounds take time to make: none are where a script has the answer.
    const asked: ChatRequest = isSaid ? { ...request, modalities: ['text'] } : request
    const thought = await think(asked, model, placeOf(call, options))
    const said = answer === undefined ? thought : scriptedReply(answer, request, thought)
    const reply = withProofs(renamed(said, options.ids ?? {}), protocol.id, options.signs ?? [])
    for (const { value, text } of proofsOf(reply)) call.world.memory.proofs.set(value, text)
    const before = options.keepAlive
    if (!request.stream)
      return c.body(
        (before?.reply ?? '') + JSON.stringify(written(protocol.reply.encode(reply, request))),
        200,
        { 'content-type': 'application/json' },
      )
    const framing = options.framing?.(c) ?? 'sse'
    const failsAfter = failurePoint(call)
    const batches = events(protocol, request, eventsOf(reply, call), failsAfter)
    const frames = framings[framing](options.writes === undefined ? batches : rewritten(batches))
    return c.body(toReadable(after(before?.stream, frames)), 200, {
      'content-type': contentTypes[framing],
    })
  }
  chats.add(handler)
  return handler

  function written(body: JsonObject, kind: 'reply' | 'event' = 'reply'): JsonObject {
    return options.writes?.(body, kind) ?? body
  }

  async function* rewritten(batches: AsyncGenerator<SseEvent[]>): AsyncGenerator<SseEvent[]> {
    for await (const batch of batches)
      yield batch.map((event) => {
        const body = parseJson(event.data)
        return isObject(body) ? { ...event, data: JSON.stringify(written(body, 'event')) } : event
      })
  }
}

/** The frames with a text before them. */
async function* after(before: string | undefined, frames: Frames): Frames {
  if (before !== undefined) yield utf8.encode(before)
  yield* frames
}

/**
 * What a vendor looks at before it answers.
 * @throws GatewayError `not_found` for the model, `context_length`
 * @throws MockRefusal for a signature that is not the vendor's own
 */
function check(
  request: ChatRequest,
  protocol: Protocol,
  { models, unlisted, tampered }: MockChatOptions,
  { world }: MockCall,
): Model {
  const isListed = models.some(({ id }) => id === request.model)
  const model =
    isListed || unlisted === undefined ? findModel(models, request.model) : unlisted(request.model)
  const place =
    tampered === undefined
      ? undefined
      : findTampered(request, protocol.id, (value, text) => world.memory.proofs.get(value) === text)
  if (place !== undefined && tampered !== undefined)
    throw new MockRefusal({ kind: 'bad-request', message: tampered(place) })
  if (model.context !== undefined && countRequest(request) > model.context)
    throw new GatewayError('context_length', 'The prompt is longer than the model can read')
  return model
}

const placeOf = (
  { world, scope }: MockCall,
  { audioType, imageShape, showsThoughts }: MockChatOptions,
): Place => ({
  world,
  scope,
  ...defined({ audioType, imageShape, showsThoughts }),
})

const chats = new WeakSet<object>()
const media = new WeakSet<object>()

/**
 * Marks a route that answers in place of a chat route of the same path (speech, transcription):
 * scripts are asked about it as about any media, before it runs.
 */
export function mediaRoute<T extends Handler<MockEnv>>(handler: T): T {
  media.add(handler)
  return handler
}

/** Whether a request goes to a chat route: the first of its handlers that is marked decides. */
export const isChat = (handlers: readonly object[]): boolean => {
  const first = handlers.find((handler) => chats.has(handler) || media.has(handler))
  return first !== undefined && chats.has(first)
}

const factsOf = (c: Context<MockEnv>) => ({
  method: c.req.method,
  path: new URL(c.req.url).pathname,
})

const chatFacts = (chat: ChatRequest) => ({ chat, model: chat.model, text: lastText(chat) })

/** @throws GatewayError `not_found` for a model the vendor does not have, or no longer. */
export function findModel(models: readonly Model[], name: string): Model {
  const model = models.find(
    (candidate) => candidate.id === name || candidate.aliases?.includes(name) === true,
  )
  if (model === undefined || model.retired !== undefined)
    throw new GatewayError('not_found', name, { param: 'model' })
  return model
}

/** The reply with its ids in the vendor's form. */
function renamed(reply: ChatReply, ids: MockIds): ChatReply {
  const [first, ...others] = reply.candidates.map((candidate) => ({
    ...candidate,
    content: candidate.content.map((part) =>
      part.type === 'tool-call' && ids.toolCall !== undefined && isDigits(part.id)
        ? { ...part, id: ids.toolCall(part.id) }
        : part,
    ),
  }))
  const id = ids.reply !== undefined && isDigits(reply.id) ? ids.reply(reply.id) : reply.id
  return first === undefined ? reply : { ...reply, id, candidates: [first, ...others] }
}

/** Ids that a script has chosen are left as they are. */
const isDigits = (id: string): boolean => /^[0-9a-f]{24,32}$/.test(id)

const eventsOf = (reply: ChatReply, { pace }: MockCall): ChatEvent[] =>
  pieces(replay(reply), pace.words)

/** The events of a streamed reply, as many together as one chunk carries. */
async function* events(
  protocol: Protocol,
  request: ChatRequest,
  made: readonly ChatEvent[],
  failsAfter = Infinity,
): AsyncGenerator<SseEvent[]> {
  const encoder = protocol.stream.encoder(request)
  let sent = 0
  for (const event of made) {
    if (sent >= failsAfter || (event.type === 'end' && failsAfter < Infinity)) {
      const overloaded = new GatewayError(
        'overloaded',
        'The model is overloaded, please try again later',
      )
      yield encoder.failure?.(overloaded) ?? protocol.stream.failure(overloaded)
      return
    }
    const encoded = encoder.push(event)
    if (encoded.length === 0) continue
    sent++
    yield encoded
  }
}

/** After how many chunks the stream shall fail. */
function failurePoint(call: MockCall): number | undefined {
  if (call.scripted?.errorAfter !== undefined) return call.scripted.errorAfter
  if (call.scenario !== 'error-in-stream') return undefined
  call.failsInStream = true
  return measures.errorAfter
}

const contentTypes = {
  sse: 'text/event-stream; charset=utf-8',
  array: 'application/json; charset=UTF-8',
  aws: eventStreamType,
} as const satisfies Record<Framing, string>

type Frames = AsyncGenerator<Uint8Array>

async function* sseFrames(batches: AsyncGenerator<SseEvent[]>): Frames {
  for await (const batch of batches) yield utf8.encode(batch.map(encodeSse).join(''))
}

/** One JSON array that grows, as Gemini streams without `alt=sse`. */
async function* arrayFrames(batches: AsyncGenerator<SseEvent[]>): Frames {
  let before = '['
  for await (const batch of batches)
    for (const { data } of batch) {
      yield utf8.encode(before + data)
      before = '\n,\r\n'
    }
  yield utf8.encode(before === '[' ? '[]' : ']')
}

async function* awsFrames(batches: AsyncGenerator<SseEvent[]>): Frames {
  for await (const batch of batches) for (const event of batch) yield encodeAwsEvent(event)
}

const framings = { sse: sseFrames, array: arrayFrames, aws: awsFrames } as const satisfies Record<
  Framing,
  (batches: AsyncGenerator<SseEvent[]>) => Frames
>

// The chat route of a mock: the protocol's own codecs, used from the server's side.

import type { Context, Handler } from 'hono'
import { toReadable, utf8 } from '#core/bytes'
import type { ChatReply, ChatRequest } from '#core/chat'
import { GatewayError } from '#core/error'
import { replay } from '#core/events'
import { parseJson } from '#core/json'
import type { Envelope, Protocol, SseEvent } from '#core/protocol'
import type { Model } from '#core/provider'
import { encodeSse } from '#protocols/sse'
import { MockRefusal } from './failure.ts'
import { think } from './mind.ts'
import { pieces } from './pieces.ts'
import { measures } from './scenario.ts'
import { lastText } from './script/match.ts'
import { scriptedReply } from './script/reply.ts'
import { outright, scriptFor } from './scripted.ts'
import { countRequest } from './tokens.ts'
import type { MockCall, MockEnv } from './world.ts'

export interface MockChatOptions {
  models: readonly Model[]
  /** What the request says outside its body. */
  envelope?: (c: Context<MockEnv>) => Envelope
  /** How a stream is written; server-sent events when absent. */
  framing?: (c: Context<MockEnv>) => Framing
  /** The vendor's form of ids, made of hexadecimal digits. */
  ids?: MockIds
}

export type Framing = 'sse' | 'array'

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
    const body = parseJson(await c.req.text())
    if (body === undefined)
      throw new GatewayError('invalid_request', 'The request body could not be parsed as JSON')
    const request = protocol.request.decode(body, options.envelope?.(c))
    const model = findModel(options.models, request.model)
    if (model.context !== undefined && countRequest(request) > model.context)
      throw new GatewayError('context_length', 'The prompt is longer than the model can read')
    const answer =
      call.scripted ?? (await scriptFor(call, { ...factsOf(c), body, ...chatFacts(request) }))
    const instead = answer === undefined ? undefined : outright(answer)
    if (instead instanceof Response) return instead
    if (instead !== undefined) throw new MockRefusal(instead)
    const thought = await think(request, model, call)
    const reply = renamed(
      answer === undefined ? thought : scriptedReply(answer, request, thought),
      options.ids ?? {},
    )
    if (!request.stream) return c.json(protocol.reply.encode(reply, request))
    const framing = options.framing?.(c) ?? 'sse'
    return c.body(toReadable(framings[framing](events(protocol, request, reply, call))), 200, {
      'content-type': contentTypes[framing],
    })
  }
  chats.add(handler)
  return handler
}

const chats = new WeakSet<object>()

/** Whether a route was made by `mockChat`. */
export const isChat = (handler: object): boolean => chats.has(handler)

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

/** The events of a streamed reply, as many together as one chunk carries. */
async function* events(
  protocol: Protocol,
  request: ChatRequest,
  reply: ChatReply,
  call: MockCall,
): AsyncGenerator<SseEvent[]> {
  const failsAfter = failureIn(call)
  const encoder = protocol.stream.encoder(request)
  let sent = 0
  for (const event of pieces(replay(reply), call.pace.words)) {
    if (failsAfter !== undefined && (sent >= failsAfter || event.type === 'end')) {
      yield protocol.stream.failure(
        new GatewayError('overloaded', 'The model is overloaded, please try again later'),
      )
      return
    }
    const encoded = encoder.push(event)
    if (encoded.length === 0) continue
    sent++
    yield encoded
  }
}

/** After how many chunks the stream shall fail. */
function failureIn(call: MockCall): number | undefined {
  const { scripted, scenario } = call
  if (scripted?.errorAfter !== undefined) return scripted.errorAfter
  if (scenario !== 'error-in-stream') return undefined
  call.failsInStream = true
  return measures.errorAfter
}

const contentTypes = {
  sse: 'text/event-stream; charset=utf-8',
  array: 'application/json; charset=UTF-8',
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

const framings = { sse: sseFrames, array: arrayFrames } as const satisfies Record<
  Framing,
  (batches: AsyncGenerator<SseEvent[]>) => Frames
>

import type { ChatEvent, ChatReply, ChatRequest, Usage } from './chat.ts'
import type { GatewayError } from './error.ts'
import type { Json, JsonObject } from './json.ts'
import type { Names } from './losses.ts'
import type { Failure, Lose, Model } from './provider.ts'

/** One server-sent event. `event` is absent when the stream names none. */
export interface SseEvent {
  event?: string
  data: string
  id?: string
}

/** What a request says outside its body: Gemini names model and streaming in the path. */
export interface Envelope {
  model?: string
  stream?: boolean
}

/** What an encoder of requests may need to know about the target. */
export interface Target {
  model: Model
  lose: Lose
}

/**
 * A chat protocol: decode and encode, for request, reply, stream and error. The inbound face, the
 * outbound adapter and the mock upstream use the same codecs in different directions.
 *
 * Decoders of requests are strict and name the path at fault; decoders of replies read minimally.
 */
export interface Protocol {
  id: string
  /** What it calls the hub's fields, where it calls them otherwise: for what callers are told. */
  names?: Names
  request: {
    /** @throws GatewayError `invalid_request` with the path in `param`. */
    decode(body: unknown, envelope?: Envelope): ChatRequest
    /** Pure. What the target cannot say is told to `target.lose`, never dropped in silence. */
    encode(request: ChatRequest, target: Target): JsonObject
  }
  reply: {
    /** @throws GatewayError `upstream` for a body that is no reply; the error's own kind when it carries an error. */
    decode(body: unknown): ChatReply
    /** `request` is what was asked: encoders follow its options (`streamUsage`, reasoning visibility). */
    encode(reply: ChatReply, request: ChatRequest): JsonObject
  }
  stream: {
    decoder(): StreamDecoder
    encoder(request: ChatRequest): StreamEncoder
    /** Reads along a forwarded stream: as little work per event as finish, usage and errors allow. */
    watch(): StreamWatch
    /** The event that tells a caller, mid-stream, that the reply has failed. */
    failure(error: GatewayError): SseEvent[]
  }
  error: {
    decode(failure: Failure): GatewayError
    encode(error: GatewayError): { status: number; headers?: Record<string, string>; body: Json }
  }
}

/** A state machine fed one event at a time; events of one network chunk are handled in one turn. */
export interface StreamDecoder {
  /** @throws GatewayError when the event is an error, or garbage. */
  push(event: SseEvent): ChatEvent[]
  /** The stream is over. @throws GatewayError `upstream` when the reply was not complete. */
  finish(): ChatEvent[]
}

export interface StreamEncoder {
  push(event: ChatEvent): SseEvent[]
  /** What `Protocol.stream.failure` says, where the protocol numbers its events and names the reply in it. */
  failure?(error: GatewayError): SseEvent[]
}

export interface StreamWatch {
  see(event: SseEvent): void
  /** True once the protocol's own end (or its failure event) has passed. */
  readonly done: boolean
  readonly usage: Usage | undefined
  readonly failure: GatewayError | undefined
}

// The laws every chat protocol obeys: `protocolLaws(protocol, {...})` in a test file runs them all.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '#core/bytes'
import type { ChatRequest } from '#core/chat'
import { GatewayError, type ErrorKind } from '#core/error'
import { collect, fold, replay } from '#core/events'
import type { JsonObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import { decodeEvents } from '#protocols/speaks'
import { parseEvents } from '#protocols/sse'
import { chatEvents, chatReply, chatRequest, type Sayable } from '../kit/chat-arbitraries.ts'
import {
  caught,
  chunks,
  decodeStream,
  deepFreeze,
  encodeRequest,
  encodeStream,
  expectWellFormed,
  golden,
  jsonObject,
  mutations,
  outcome,
  overWire,
  plainRequest,
  without,
} from '../kit/codec.ts'
import { errorLaws } from './protocol-errors.ts'

export * from '../kit/codec.ts'

export interface ProtocolSuite {
  /** What goes through the protocol without loss: the round trips are tried with it. */
  sayable: Sayable
  /**
   * Golden wire data, text by path, from `import.meta.glob('../wire/<id>/*', { query: '?raw', import: 'default', eager: true })`:
   * `*.request.json` (a body), `*.reply.json` (a body), `*.sse` (a whole stream),
   * `*.error.json` (`{ status, headers, body, kind }`, with the kind it must be read as).
   */
  wire: Record<string, string>
  /** Brings golden bodies to the form the encoder writes where documented defaults differ; identity when absent. */
  written?: {
    request?: (body: JsonObject, name: string) => JsonObject
    reply?: (body: JsonObject, name: string) => JsonObject
  }
  /** Kinds that the protocol's error bodies cannot tell apart, with what they are read back as. */
  blurred?: Partial<Record<ErrorKind, ErrorKind>>
  /** The one kind that failures within a stream are read as, where streams do not tell kinds apart. */
  inStreams?: ErrorKind
  /** Statuses the vendor uses where they differ from the kind's own. */
  statuses?: Partial<Record<ErrorKind, number>>
}

/** Declares the suite. Call it at the top level of a test file. */
export function protocolLaws(protocol: Protocol, suite: ProtocolSuite): void {
  it(`${protocol.id}: golden data is there`, () => expect(suite.wire).not.toEqual({}))
  describe(`${protocol.id}: requests`, () => requestLaws(protocol, suite))
  describe(`${protocol.id}: replies`, () => replyLaws(protocol, suite))
  describe(`${protocol.id}: streams`, () => streamLaws(protocol, suite))
  describe(`${protocol.id}: golden streams`, () => goldenStreamLaws(protocol, suite))
  describe(`${protocol.id}: errors`, () => errorLaws(protocol, suite))
}

// ---- requests

const envelope = (request: Pick<ChatRequest, 'model' | 'stream'>) => ({
  model: request.model,
  stream: request.stream,
})

function requestLaws(protocol: Protocol, suite: ProtocolSuite): void {
  it('come back equal when they say what the protocol can say, and nothing is reported lost', () => {
    fc.assert(
      fc.property(chatRequest(suite.sayable), (request) => {
        const { body, lost } = encodeRequest(protocol, request)
        expect(lost).toEqual([])
        expect(protocol.request.decode(overWire(body), envelope(request))).toEqual(request)
      }),
    )
  })

  it('are encoded without touching the input, the same way every time', () => {
    fc.assert(
      fc.property(chatRequest(suite.sayable), (request) => {
        const frozen = deepFreeze(request)
        expect(encodeRequest(protocol, frozen)).toEqual(encodeRequest(protocol, frozen))
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['null', null],
    ['a text', 'hello'],
    ['a list', []],
  ])('are not %s', (_, body) => {
    expect(() => protocol.request.decode(body, envelope(plainRequest))).toThrow(
      expect.objectContaining({ name: 'GatewayError', kind: 'invalid_request' }),
    )
  })

  for (const [name, text] of golden(suite.wire, '.request.json')) {
    const body = jsonObject(text)
    it(`are written as they were read, but for what is reported: ${name}`, () => {
      const request = protocol.request.decode(body, envelope(goldenNames(body)))
      const { body: again, lost } = encodeRequest(protocol, request)
      expect(lost).toEqual([])
      const kept = without(body, request.unread)
      expect(overWire(again)).toEqual(suite.written?.request?.(kept, name) ?? kept)
    })

    it(`of a wrong shape are refused with a path, never with a crash: ${name}`, () => {
      for (const broken of mutations(body)) {
        const thrown = caught(() => protocol.request.decode(broken.value, envelope(plainRequest)))
        if (thrown === undefined) continue
        expect(thrown, broken.path).toBeInstanceOf(GatewayError)
        expect(thrown, broken.path).toMatchObject({
          kind: 'invalid_request',
          details: { param: expect.any(String) },
        })
      }
    })
  }
}

const goldenNames = (body: JsonObject) => ({
  model: typeof body['model'] === 'string' ? body['model'] : plainRequest.model,
  stream: body['stream'] === true,
})

// ---- replies

function replyLaws(protocol: Protocol, suite: ProtocolSuite): void {
  it('come back equal when they say what the protocol can say', () => {
    fc.assert(
      fc.property(chatReply(suite.sayable), (reply) => {
        const body = protocol.reply.encode(deepFreeze(reply), plainRequest)
        expect(protocol.reply.encode(reply, plainRequest)).toEqual(body)
        expect(protocol.reply.decode(overWire(body))).toEqual(reply)
      }),
    )
  })

  it.each([
    ['null', null],
    ['a text', 'hello'],
    ['a list', []],
    ['an empty object', {}],
  ])('are not %s', (_, body) => {
    expect(() => protocol.reply.decode(body)).toThrow(
      expect.objectContaining({ name: 'GatewayError', kind: 'upstream' }),
    )
  })

  for (const [name, text] of golden(suite.wire, '.reply.json')) {
    const body = jsonObject(text)
    it(`are written as they were read: ${name}`, () => {
      const again = protocol.reply.encode(protocol.reply.decode(body), plainRequest)
      expect(overWire(again)).toEqual(suite.written?.reply?.(body, name) ?? body)
    })

    it(`are the fold of their events: ${name}`, () => {
      const reply = protocol.reply.decode(body)
      expect(fold(replay(reply))).toEqual(reply)
    })

    it(`of a wrong shape are read, or blamed on the provider: ${name}`, () => {
      for (const broken of mutations(body)) {
        const thrown = caught(() => protocol.reply.decode(broken.value))
        if (thrown !== undefined) expect(thrown, broken.path).toBeInstanceOf(GatewayError)
      }
    })
  }
}

// ---- streams

function streamLaws(protocol: Protocol, suite: ProtocolSuite): void {
  it('fold into the reply they were made from, however its text was cut', () => {
    fc.assert(
      fc.property(chatEvents(suite.sayable), ({ reply, events }) => {
        const wire = encodeStream(protocol, deepFreeze(events))
        const decoded = decodeStream(protocol, wire)
        expectWellFormed(decoded)
        expect(fold(decoded)).toEqual(reply)
      }),
    )
  })

  it('are watched truly: the end is seen when it has passed, with the same usage', () => {
    fc.assert(
      fc.property(chatEvents(suite.sayable), ({ reply, events }) => {
        const watch = protocol.stream.watch()
        for (const event of encodeStream(protocol, events)) watch.see(event)
        expect(watch.done).toBe(true)
        expect(watch.failure).toBeUndefined()
        expect(watch.usage).toEqual(reply.usage)
      }),
      { numRuns: 50 },
    )
  })

  it('that hold garbage are blamed on the provider', () => {
    for (const data of ['{"cut', 'null', '[]', '7', '<html>', '{}{}']) {
      const thrown = caught(() => decodeStream(protocol, [{ data }]))
      expect(thrown, data).toMatchObject({ name: 'GatewayError', kind: 'upstream' })
    }
  })

  it('that hold nothing are blamed on the provider', () => {
    expect(caught(() => decodeStream(protocol, []))).toMatchObject({ kind: 'upstream' })
  })
}

function goldenStreamLaws(protocol: Protocol, suite: ProtocolSuite): void {
  for (const [name, text] of golden(suite.wire, '.sse')) {
    const wire = parseEvents(text)
    const bytes = utf8.encode(text)

    it(`mean the same after another trip: ${name}`, () => {
      const events = decodeStream(protocol, wire)
      expectWellFormed(events)
      const { usage, ...reply } = fold(events)
      const again = fold(decodeStream(protocol, encodeStream(protocol, events)))
      expect({ ...reply, usage: again.usage }).toEqual(again)
      // Counts that the vendor always gives may have joined.
      expect(again.usage).toMatchObject(usage)
    })

    it(`mean the same however the network cuts them: ${name}`, async () => {
      const whole = fold(decodeStream(protocol, wire))
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
          expect(await collect(decodeEvents(protocol, chunks(bytes, cuts)))).toEqual(whole)
        }),
        { numRuns: 20 },
      )
    })

    it(`cut short are an error, unless the answer was complete: ${name}`, async () => {
      const whole = fold(decodeStream(protocol, wire))
      const step = Math.max(1, Math.ceil(bytes.length / 400))
      for (let end = 0; end < bytes.length; end += step) {
        const cut = await outcome(
          collect(decodeEvents(protocol, chunks(bytes.subarray(0, end), []))),
        )
        if (cut instanceof Error) expect(cut, `${end} bytes`).toMatchObject({ kind: 'upstream' })
        else expect(cut.candidates, `${end} bytes`).toEqual(whole.candidates)
      }
    })

    it(`are watched truly at every event: ${name}`, () => {
      const watch = protocol.stream.watch()
      expect(watch.done).toBe(false)
      wire.forEach((event, index) => {
        watch.see(event)
        const complete =
          caught(() => decodeStream(protocol, wire.slice(0, index + 1))) === undefined
        expect(watch.done, `after event ${index}`).toBe(complete)
      })
      const end = decodeStream(protocol, wire).at(-1)
      const said = end?.type === 'end' ? end.usage : undefined
      expect(watch.usage ?? { inputTokens: 0, outputTokens: 0 }).toEqual(said)
    })
  }
}

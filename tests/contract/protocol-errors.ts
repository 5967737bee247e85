// The laws of a chat protocol's errors; part of `protocolLaws`.

import { expect, it } from 'vitest'
import type { ChatReply } from '#core/chat'
import { errorKinds, GatewayError, type ErrorKind } from '#core/error'
import { replay } from '#core/events'
import { isObject, type JsonObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import { caught, decodeStream, encodeStream, failure, golden, jsonObject } from '../kit/codec.ts'
import type { ProtocolSuite } from './protocol.ts'

const kinds = Object.keys(errorKinds).filter((kind): kind is ErrorKind => kind in errorKinds)

/** Errors keep their kind, whole and mid-stream; pages of text and golden bodies are read right. */
export function errorLaws(protocol: Protocol, suite: ProtocolSuite): void {
  const readBack = (kind: ErrorKind): ErrorKind => suite.blurred?.[kind] ?? kind
  const readInStream = (kind: ErrorKind): ErrorKind => suite.inStreams ?? readBack(kind)

  it.each(kinds)('keep their kind, status and message: %s', (kind) => {
    const error = new GatewayError(kind, 'Something specific went wrong')
    const { status, headers, body } = protocol.error.encode(error)
    expect(status).toBe(suite.statuses?.[kind] ?? error.status)
    const again = protocol.error.decode(failure(status, body, headers))
    expect(again.kind).toBe(readBack(kind))
    expect(again.message).toContain('Something specific went wrong')
  })

  it.each(kinds)('reach the reader of a stream that has begun: %s', (kind) => {
    const error = new GatewayError(kind, 'Something specific went wrong')
    const [start] = replay(emptyReply)
    const begun = start === undefined ? [] : encodeStream(protocol, [start])
    const wire = [...begun, ...protocol.stream.failure(error)]
    const thrown = caught(() => decodeStream(protocol, wire))
    expect(thrown).toMatchObject({ name: 'GatewayError', kind: readInStream(kind) })
    const watch = protocol.stream.watch()
    for (const event of wire) watch.see(event)
    expect(watch.done).toBe(true)
    expect(watch.failure?.kind).toBe(readInStream(kind))
  })

  it.each([
    [400, 'invalid_request'],
    [401, 'authentication'],
    [403, 'permission'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'upstream'],
    [502, 'upstream'],
    [503, 'overloaded'],
  ] as const)('that are pages of text are read by their status: %i', (status, kind) => {
    for (const body of [
      '<html>Sorry</html>',
      '',
      'null',
      '[]',
      '{}',
      '{"error":null}',
      '{"error":7}',
    ]) {
      const error = protocol.error.decode(failure(status, body))
      expect(error, body).toMatchObject({ kind, status })
      expect(error.message).not.toBe('')
    }
  })

  for (const [name, text] of golden(suite.wire, '.error.json')) {
    const file = jsonObject(text)
    const headers = isObject(file['headers']) ? file['headers'] : {}
    it(`are read as the kind they are: ${name}`, () => {
      const status = typeof file['status'] === 'number' ? file['status'] : 500
      const error = protocol.error.decode(failure(status, file['body'], texts(headers)))
      expect(error.kind).toBe(file['kind'])
      // What came from this protocol leaves as it came.
      const again = protocol.error.encode(error)
      expect(again.status).toBe(error.status)
      expect(again.body).toEqual(file['body'])
    })
  }
}

const emptyReply: ChatReply = {
  id: 'reply-1',
  model: 'some-model',
  created: 1,
  candidates: [{ content: [], finish: { reason: 'stop' } }],
  usage: { inputTokens: 1, outputTokens: 0 },
}

const texts = (headers: JsonObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )

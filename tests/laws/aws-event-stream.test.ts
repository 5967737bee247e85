import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase64 } from '#core/bytes'
import type { SseEvent } from '#core/protocol'
import { awsEventSplitter, encodeAwsEvent } from '#protocols/aws-event-stream'
import { words } from '../kit/chat-arbitraries.ts'

const read = (chunks: readonly Uint8Array[]): SseEvent[] => {
  const splitter = awsEventSplitter()
  const events = chunks.flatMap((chunk) => splitter.push(chunk)?.events ?? [])
  return [...events, ...(splitter.finish()?.events ?? [])]
}

const event: fc.Arbitrary<SseEvent> = fc.record({
  event: fc.constantFrom('messageStart', 'contentBlockDelta', 'throttlingException'),
  data: words.map((text) => JSON.stringify({ text })),
})

const story: SseEvent[] = [
  { event: 'messageStart', data: '{"role":"assistant"}' },
  { event: 'contentBlockDelta', data: '{"delta":{"text":"A 🦜 sings"}}' },
  { event: 'throttlingException', data: '{"message":"Too many tokens"}' },
]
const bytes = concat(story.map(encodeAwsEvent))

/**
 * Written by `EventStreamCodec` of @smithy/eventstream-codec 4.5.2: headers of every type around
 * `:event-type: metadata`, with the payload `{"a":1}`.
 */
const foreign =
  'AAAAyAAAALEAIf9pBGZsYWcAA29mZgEEYnl0ZQIHBXNob3J0AwEsB2ludGVnZXIEAAGGoARsb25nBQAAAAAAAAAJBGJsb2IGAAMBAgMEd2hlbggAAAGZUPcsAAJpZAkBI0VniavN7wEjRWeJq83vCzpldmVudC10eXBlBwAIbWV0YWRhdGENOmNvbnRlbnQtdHlwZQcAEGFwcGxpY2F0aW9uL2pzb24NOm1lc3NhZ2UtdHlwZQcABWV2ZW50eyJhIjoxfeNRYac='

describe("Amazon's event stream", () => {
  it('comes back as it was written, however the network cuts it', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (events, size) => {
          const whole = concat([new Uint8Array(0), ...events.map(encodeAwsEvent)])
          const cut = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
            whole.subarray(index * size, (index + 1) * size),
          )
          expect(read(cut)).toEqual(events)
        },
      ),
    )
  })

  it('comes back whole when it is cut at any one byte', () => {
    for (let at = 0; at <= bytes.length; at++)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)]), `at ${at}`).toEqual(story)
  })

  it('that ends within a message is blamed on the provider, at every byte', () => {
    const edges = story.map(
      (_, index) => concat(story.slice(0, index + 1).map(encodeAwsEvent)).length,
    )
    for (let end = 1; end < bytes.length; end++) {
      const attempt = (): SseEvent[] => read([bytes.subarray(0, end)])
      if (edges.includes(end)) expect(attempt()).toEqual(story.slice(0, edges.indexOf(end) + 1))
      else expect(attempt, `${end} bytes`).toThrow(expect.objectContaining({ kind: 'upstream' }))
    }
  })

  it('with any one bit turned is refused', () => {
    const first = encodeAwsEvent({ event: 'metadata', data: '{}' })
    for (let bit = 0; bit < first.length * 8; bit++) {
      const damaged = first.slice()
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => read([damaged]), `bit ${bit}`).toThrow(
        expect.objectContaining({ kind: 'upstream' }),
      )
    }
  })

  it('does not wait for a message of unreasonable size', () => {
    const splitter = awsEventSplitter()
    const huge = encodeAwsEvent({ event: 'metadata', data: 'x'.repeat(40 * 1024 * 1024) })
    expect(() => splitter.push(huge.subarray(0, 12))).toThrow(
      expect.objectContaining({ kind: 'upstream' }),
    )
  })

  it('keeps nothing of a buffer that the network uses again', () => {
    const splitter = awsEventSplitter()
    const buffer = bytes.slice(0, 20)
    expect(splitter.push(buffer)).toBeUndefined()
    buffer.fill(0)
    expect(splitter.push(bytes.subarray(20))?.events).toEqual(story)
  })

  it('written by the SDK is read, with headers of every type', () => {
    expect(read([fromBase64(foreign)])).toEqual([{ event: 'metadata', data: '{"a":1}' }])
  })
})

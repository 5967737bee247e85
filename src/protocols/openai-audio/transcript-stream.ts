import { GatewayError, toGatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type { Transcript, TranscriptSegment, TranscriptStream } from '#core/media'
import type { Bytes } from '#core/transport'
import { encodeDataEvent, encodeFailure, failureInside, sseEvents } from '../openai-media.ts'
import { decodeJson, decodeSegment, diarizedSegment, shortExtras } from './transcript.ts'
import { encodeAudioUsage } from './wire.ts'

/**
 * Reads `transcript.text.delta`, `.segment` and `.done` events.
 * @throws GatewayError `upstream` when the stream ends before `done`; the error's own kind for an error event.
 */
export async function* decodeTranscriptStream(body: Bytes): TranscriptStream {
  const segments: TranscriptSegment[] = []
  for await (const event of sseEvents(body)) {
    if (event.data === '[DONE]') break
    const wire = parseJson(event.data)
    if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent a garbled event')
    const failure = failureInside(wire)
    if (failure !== undefined) throw failure
    if (wire['type'] === 'transcript.text.delta' && typeof wire['delta'] === 'string')
      yield { type: 'delta', text: wire['delta'] }
    if (wire['type'] === 'transcript.text.segment') segments.push(...decodeSegment(wire))
    if (wire['type'] !== 'transcript.text.done') continue
    yield { type: 'end', transcript: completed(wire, segments) }
    return
  }
  throw new GatewayError('upstream', 'The reply ended before it was complete')
}

function completed({ type: _, ...wire }: JsonObject, segments: TranscriptSegment[]): Transcript {
  const transcript = decodeJson(wire)
  if (segments.length === 0) return transcript
  const seconds = transcript.seconds ?? segments.at(-1)?.end
  return defined({ ...transcript, segments, seconds })
}

/**
 * Writes a transcript as events; with at least one delta, which clients wait for, even when the
 * target answered whole. Never throws: a failure is written as the protocol's error event.
 */
export async function* encodeTranscriptStream(events: TranscriptStream): AsyncGenerator<string> {
  let said = 0
  let ended = false
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'delta':
          said++
          yield encodeDataEvent({ type: 'transcript.text.delta', delta: event.text })
          break
        case 'end':
          ended = true
          yield* closing(event.transcript, said === 0)
          break
        default:
          event satisfies never
      }
    }
    if (!ended) throw new GatewayError('upstream', 'The reply ended before it was complete')
  } catch (thrown) {
    yield encodeFailure(toGatewayError(thrown))
  }
}

function* closing(transcript: Transcript, isSilent: boolean): Generator<string> {
  const { text, usage, segments = [] } = transcript
  if (isSilent) yield encodeDataEvent({ type: 'transcript.text.delta', delta: text })
  // Segments are told only where speakers are (openai 7.57, `TranscriptionTextSegmentEvent`).
  for (const [index, segment] of segments.entries())
    if (segment.speaker !== undefined) yield encodeDataEvent(diarizedSegment(segment, index))
  // The event knows token counts only (openai 7.57, `TranscriptionTextDoneEvent.Usage`).
  const counted = usage.inputTokens === undefined ? undefined : encodeAudioUsage(usage)
  const done = { type: 'transcript.text.done', text, ...shortExtras(transcript), usage: counted }
  yield encodeDataEvent(defined(done))
}

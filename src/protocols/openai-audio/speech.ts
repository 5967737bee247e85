import { fromBase64, toBase64 } from '#core/bytes'
import { GatewayError, toGatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import {
  speechFormats,
  type MediaUsage,
  type SpeechFormat,
  type SpeechRequest,
  type SpeechResult,
} from '#core/media'
import { Reader } from '#core/reader'
import type { Bytes } from '#core/transport'
import {
  encodeDataEvent,
  encodeFailure,
  failureInside,
  sseEvents,
  withoutNulls,
} from '../openai-media.ts'
import { audioProtocol, decodeAudioUsage, tokenTotals } from './wire.ts'

/** A decoded request, and what the caller wants to be told how. */
export interface SpeechOrder {
  request: SpeechRequest
  /** `stream_format: 'sse'`: events with base64 instead of the sound itself. */
  sse: boolean
  /** Refuse instead of approximating. */
  strict: boolean
}

export const speechContentTypes = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
} as const satisfies Record<SpeechFormat, string>

/** @throws GatewayError `invalid_request` naming the field. */
export function decodeSpeechRequest(body: unknown): SpeechOrder {
  const reader = Reader.of(body)
  const sse = reader.maybeOneOf('stream_format', ['audio', 'sse']) === 'sse'
  const strict = reader.maybeBoolean('strict') ?? false
  const { voice, custom } = decodeVoice(reader)
  const text = reader.string('input')
  if (text.trim() === '') reader.fail('input', 'a text that is not empty')
  const speed = reader.maybeNumber('speed')
  if (speed !== undefined && (speed < 0.25 || speed > 4))
    reader.fail('speed', 'a number from 0.25 to 4')
  const request: SpeechRequest = {
    model: reader.string('model'),
    text,
    voice,
    format: reader.maybeOneOf('response_format', speechFormats) ?? 'mp3',
    ...defined({ speed, instructions: reader.maybeString('instructions') }),
    extra: { protocol: audioProtocol, fields: {} },
  }
  request.extra.fields = { ...withoutNulls(reader.rest), ...custom }
  return { request, sse, strict }
}

/** A voice of the caller's own, `{ id }`, is kept as it was written: no other vendor has it. */
function decodeVoice(reader: Reader): { voice: string; custom: JsonObject } {
  const given = reader.json('voice')
  if (isObject(given) && typeof given['id'] === 'string')
    return { voice: given['id'], custom: { voice: given } }
  if (typeof given !== 'string') reader.fail('voice', 'a voice name or { id: string }')
  return { voice: given, custom: {} }
}

export function encodeSpeechRequest(
  request: SpeechRequest,
  model: string,
  options: { sse: boolean },
): JsonObject {
  const { extra } = request
  return defined({
    model,
    input: request.text,
    voice: request.voice,
    instructions: request.instructions,
    response_format: request.format,
    speed: request.speed,
    stream_format: options.sse ? 'sse' : undefined,
    ...(extra.protocol === audioProtocol ? extra.fields : {}),
  })
}

/**
 * Reads `speech.audio.delta` and `speech.audio.done` events; the usage is known once the sound is read.
 * @throws GatewayError `upstream` when the stream ends before `done`; the error's own kind for an error event.
 */
export function decodeSpeechStream(body: Bytes): { audio: Bytes; usage: () => MediaUsage } {
  let usage: MediaUsage = {}
  async function* audio(): AsyncGenerator<Uint8Array> {
    for await (const event of sseEvents(body)) {
      const wire = parseJson(event.data)
      if (!isObject(wire)) throw new GatewayError('upstream', 'The provider sent a garbled event')
      const failure = failureInside(wire)
      if (failure !== undefined) throw failure
      if (wire['type'] === 'speech.audio.delta' && typeof wire['audio'] === 'string')
        yield fromBase64(wire['audio'])
      if (wire['type'] !== 'speech.audio.done') continue
      usage = decodeAudioUsage(wire['usage'])
      return
    }
    throw new GatewayError('upstream', 'The reply ended before it was complete')
  }
  return { audio: audio(), usage: () => usage }
}

/** Writes the sound as events. Never throws: a failure is written as the protocol's error event. */
export async function* encodeSpeechStream(
  result: Pick<SpeechResult, 'audio' | 'usage'>,
): AsyncGenerator<string> {
  try {
    for await (const chunk of result.audio)
      yield encodeDataEvent({ type: 'speech.audio.delta', audio: toBase64(chunk) })
    const { inputTokens, outputTokens } = result.usage()
    const usage = tokenTotals(inputTokens ?? 0, outputTokens ?? 0)
    yield encodeDataEvent({ type: 'speech.audio.done', usage })
  } catch (thrown) {
    yield encodeFailure(toGatewayError(thrown))
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gather, once, toBase64, utf8 } from '#core/bytes'
import { GatewayError } from '#core/error'
import { defined, parseJson } from '#core/json'
import type { SpeechRequest } from '#core/media'
import {
  decodeSpeechRequest,
  decodeSpeechStream,
  encodeSpeechRequest,
  encodeSpeechStream,
} from '#protocols/openai-audio/index'
import { parseEvents } from '#protocols/sse'
import { cutBytes, from, written } from '../kit/media-events.ts'
import documented from '../wire/openai-media/documented.json' with { type: 'json' }

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '')
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const dataIn = (text: string) => parseEvents(text).map(({ data }) => parseJson(data))

const speech = fc
  .record({
    model: words,
    text: words,
    voice: words,
    format: fc.constantFrom('mp3' as const, 'opus' as const, 'pcm' as const),
    optional: fc.record({
      speed: maybe(fc.double({ min: 0.25, max: 4, noNaN: true })),
      instructions: maybe(fc.string()),
    }),
    custom: maybe(fc.constant({ voice: { id: 'voice_1' } })),
  })
  .map(({ optional, custom, ...rest }): SpeechRequest => ({
    ...rest,
    ...defined(optional),
    ...(custom === undefined ? {} : { voice: custom.voice.id }),
    extra: { protocol: 'openai-audio', fields: custom ?? {} },
  }))

describe('a request for speech', () => {
  it('survives JSON, with a voice of its own', () =>
    fc.assert(
      fc.property(speech, fc.boolean(), (request, sse) => {
        const wire = parseJson(JSON.stringify(encodeSpeechRequest(request, request.model, { sse })))
        expect(decodeSpeechRequest(wire)).toEqual({ request, sse, strict: false })
      }),
    ))

  it('is refused by the name of the field', () => {
    const good = { model: 'm', input: 'hello', voice: 'alloy' }
    for (const [fault, param] of [
      [{ model: undefined }, 'model'],
      [{ input: '' }, 'input'],
      [{ input: 1 }, 'input'],
      [{ voice: undefined }, 'voice'],
      [{ voice: { name: 'x' } }, 'voice'],
      [{ speed: 5 }, 'speed'],
      [{ response_format: 'ogg' }, 'response_format'],
      [{ stream_format: 'json' }, 'stream_format'],
    ] as const)
      expect(() => decodeSpeechRequest({ ...good, ...fault }), param).toThrow(
        expect.objectContaining({ kind: 'invalid_request', details: { param } }),
      )
  })
})

describe('streamed speech', () => {
  it('is the same sound and usage, however the network cuts it', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), sizes, async (chunks, cuts) => {
        const usage = { inputTokens: 14, outputTokens: 101 }
        const text = await written(encodeSpeechStream({ audio: from(chunks), usage: () => usage }))
        const read = decodeSpeechStream(cutBytes(utf8.encode(text), cuts))
        const whole = await gather(read.audio)
        expect(toBase64(whole)).toBe(toBase64(await gather(from(chunks))))
        expect(read.usage()).toEqual(usage)
        expect(dataIn(text).at(-1)).toEqual(documented.speechDone)
      }),
    ))

  it('fails when it ends before it is done, or with an error', async () => {
    const delta = 'data: {"type":"speech.audio.delta","audio":"AQID"}\n\n'
    const error = 'data: {"error":{"message":"no","type":"tokens","code":null,"param":null}}\n\n'
    await expect(gather(decodeSpeechStream(once(utf8.encode(delta))).audio)).rejects.toMatchObject({
      kind: 'upstream',
    })
    const refused = decodeSpeechStream(once(utf8.encode(delta + error)))
    await expect(gather(refused.audio)).rejects.toMatchObject({ kind: 'rate_limited' })
  })

  it('tells a failure as an event', async () => {
    async function* broken() {
      yield Uint8Array.of(1)
      throw new GatewayError('overloaded', 'The voice broke')
    }
    const text = await written(encodeSpeechStream({ audio: broken(), usage: () => ({}) }))
    expect(dataIn(text)[1]).toMatchObject({ error: { message: 'The voice broke' } })
  })
})

// What every provider folder must hold. It reads the generated list: a new folder is judged without an edit.

import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import type { ChatRequest, ChatStream } from '#core/chat'
import { collect } from '#core/events'
import { fitImage, fitSpeech } from '#core/fit'
import { probe } from '#core/probe'
import type { ImageRequest, MediaRequest, SpeechRequest, TranscriptionRequest } from '#core/media'
import type { Modality, Model, Provider, RequestOf, ResultOf } from '#core/provider'
import { drawImage, synthesize } from '#mock/media/index'
import { providers } from '../../providers/index.ts'
import { finish } from '../../src/jobs/engine.ts'
import { callOn, failure, hurried, type TestCall } from '../kit/adapter-call.ts'

const modalities: Modality[] = [
  'chat',
  'embedding',
  'image',
  'speech',
  'transcription',
  'moderation',
]

const isServed = (model: Model): boolean =>
  model.retired === undefined || model.retired.on > '2026-11-24'

const listed = new Set(
  providers.flatMap(({ id, models }) => models.map((model) => `${id}/${model.id}`)),
)

const question = (text: string, stream = false): ChatRequest => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  tools: [],
  stream,
  unread: [],
})

const media = (): MediaRequest => ({ model: 'any', extra: { protocol: 'none', fields: {} } })

/** Runs an adapter as the gateway does, whichever kind it is. */
function run<M extends Modality>(
  provider: Provider,
  modality: M,
  { call }: TestCall,
  request: RequestOf<M>,
): Promise<ResultOf<M>> {
  const adapter = provider.adapters[modality]
  if (adapter === undefined) throw new Error(`${provider.id} does not do ${modality}`)
  return adapter.run === undefined
    ? finish(adapter, request, call, hurried())
    : adapter.run(request, call)
}

const sound = (): Promise<Uint8Array> =>
  gather(synthesize({ text: 'mockingbird', seconds: 2, format: 'wav' }))

describe.each(providers.map((provider) => [provider.id, provider] as const))(
  '%s',
  (id, provider) => {
    const doing = (modality: Modality): Model | undefined =>
      provider.models.find((model) => isServed(model) && model.does.includes(modality))

    it('is well-formed', () => {
      expect(id).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(provider.origin).toMatch(
        provider.keyless === true ? /^http:\/\/localhost:\d+$/ : /^https:\/\/[^/]+$/,
      )
      expect(provider.secret).toMatch(/^[A-Z][A-Z0-9_]*$/)
      expect(Object.keys(provider.auth('k')).every((name) => name === name.toLowerCase())).toBe(
        true,
      )
      expect(JSON.stringify(provider.auth('the-key'))).toContain('the-key')
    })

    it('has models that are what they say', () => {
      const ids = provider.models.map((model) => model.id)
      expect(new Set(ids).size).toBe(ids.length)
      for (const model of provider.models) {
        for (const day of [model.released, model.shutdown, model.retired?.on])
          if (day !== undefined) expect(day, model.id).toMatch(/^20\d\d-[01]\d-[0-3]\d$/)
        if (model.price !== undefined) expect(model.price.source, model.id).not.toBe('')
        for (const modality of model.does)
          expect(provider.adapters[modality], `${model.id} does ${modality}`).toBeDefined()
        if (!isServed(model)) continue
        if (model.does.includes('image')) expect(model.image, model.id).toBeDefined()
        if (model.does.includes('speech')) expect(model.speech, model.id).toBeDefined()
        if (model.does.includes('transcription'))
          expect(model.transcription, model.id).toBeDefined()
      }
    })

    it('sends the callers of retired models to models that exist', () => {
      for (const { id: retired, retired: end } of provider.models) {
        if (end === undefined) continue
        const { successor } = end
        const name = listed.has(successor) ? successor : `${id}/${successor}`
        expect(listed, `${retired} -> ${successor}`).toContain(name)
      }
    })

    it.each(modalities.filter((modality) => provider.adapters[modality] !== undefined))(
      'has a model for its adapter: %s',
      (modality) => expect(doing(modality)).toBeDefined(),
    )

    const chat = doing('chat')
    describe.skipIf(chat === undefined)('chat', () => {
      const on = (key = 'mock') => callOn(provider, chat?.id ?? '', { key })
      const ask = (key?: string, stream = false): Promise<ChatStream> =>
        run(provider, 'chat', on(key), question('Say hello to the mockingbird', stream))

      it('answers whole and streamed alike', async () => {
        const [whole, streamed] = await Promise.all([ask(), ask('mock', true)])
        const [one, other] = [await collect(whole), await collect(streamed)]
        expect(one.candidates[0].content).toEqual(other.candidates[0].content)
        expect(one.candidates[0].content[0]).toMatchObject({
          type: 'text',
          text: expect.stringMatching(/./),
        })
        expect(one.candidates[0].finish.reason).toBe(other.candidates[0].finish.reason)
        expect(one.usage.outputTokens).toBe(other.usage.outputTokens)
        expect(one.usage.inputTokens).toBeGreaterThan(0)
      })

      it.each(['cut', 'garbage', 'error-in-stream'])(
        'never takes a broken stream for a whole one: %s',
        async (scenario) => {
          const outcome = ask(`mock-${scenario}`, true).then(collect)
          expect(await failure(outcome)).toMatchObject({ name: 'GatewayError' })
        },
      )

      it.each(['garbage', 'not-json', 'empty', 'cut'])(
        'never takes a broken reply for a whole one: %s',
        async (scenario) => {
          expect(await failure(ask(`mock-${scenario}`).then(collect))).toMatchObject({
            name: 'GatewayError',
          })
        },
      )

      it('is left within a second of the abort', async () => {
        const { call, controller } = on('mock-timeout')
        const adapter = provider.adapters.chat
        if (adapter?.run === undefined) return
        const outcome = failure(adapter.run(question('wait'), call).then(collect))
        await new Promise((resolve) => setTimeout(resolve, 20))
        const left = performance.now()
        controller.abort()
        expect(await outcome).toMatchObject({ kind: 'cancelled' })
        expect(performance.now() - left).toBeLessThan(1000)
      })

      it('sends no credentials but its own, and those only to its own origin', async () => {
        const one = on('mock:secret-scope')
        await collect(await run(provider, 'chat', one, question('hello')))
        for (const request of one.sent)
          if (JSON.stringify(request.headers).includes('secret-scope'))
            expect(new URL(request.url).origin).toBe(provider.origin)
      })
    })

    const embedding = doing('embedding')
    it.skipIf(embedding === undefined)('embeds, alike for alike texts', async () => {
      const request = { ...media(), inputs: ['one', 'two', 'one'] }
      const { vectors } = await run(
        provider,
        'embedding',
        callOn(provider, embedding?.id ?? ''),
        request,
      )
      expect(vectors).toHaveLength(3)
      expect([...(vectors[0] ?? [])]).toEqual([...(vectors[2] ?? [])])
      expect([...(vectors[0] ?? [])]).not.toEqual([...(vectors[1] ?? [])])
      expect(vectors[0]?.length).toBe(embedding?.embedding?.dimensions)
    })

    const images = provider.models.filter(
      (model) => isServed(model) && model.does.includes('image'),
    )
    it.each(images.map((model) => [model.id, model] as const))(
      'draws a real picture within the limits: %s',
      async (_, model) => {
        const asked: ImageRequest = {
          ...media(),
          operation: model.image?.operations.includes('generate') === true ? 'generate' : 'edit',
          prompt: 'a mockingbird',
          count: 1,
          size: { width: 1024, height: 1024 },
          format: 'png',
          images: [],
          stream: false,
        }
        if (asked.operation === 'edit')
          asked.images = [{ mediaType: 'image/png', body: { bytes: await picture() } }]
        const one = callOn(provider, model.id)
        const { request } = fitImage(asked, model, one.call.lose)
        const seen: string[] = []
        for await (const event of await run(provider, 'image', one, request)) {
          seen.push(event.type)
          if (event.type !== 'image') continue
          const asset = await one.call.fetchAsset(event.asset)
          const found = probe(await asset.bytes())
          expect(found?.mediaType).toMatch(/^image\/(png|jpeg|webp)$/)
          if (request.size !== undefined && model.image?.sizes !== undefined)
            expect(found).toMatchObject(request.size)
        }
        expect(seen).toEqual(['image', 'end'])
      },
    )

    const speech = doing('speech')
    it.skipIf(speech === undefined)('speaks in every format it says it makes', async () => {
      for (const format of speech?.speech?.formats ?? []) {
        const one = callOn(provider, speech?.id ?? '')
        const asked: SpeechRequest = {
          ...media(),
          text: 'Hello, mockingbird',
          voice: 'alloy',
          format,
        }
        if (speech === undefined) return
        const { audio, mediaType } = await run(
          provider,
          'speech',
          one,
          fitSpeech(asked, speech, one.call.lose),
        )
        const bytes = await gather(audio)
        expect(mediaType).toMatch(/^audio\//)
        if (format === 'pcm') expect(bytes.length).toBeGreaterThan(10_000)
        else expect(probe(bytes)?.seconds, format).toBeGreaterThan(0.3)
      }
    })

    const transcription = doing('transcription')
    it.skipIf(transcription === undefined)('hears what is in a sound', async () => {
      const request: TranscriptionRequest = {
        ...media(),
        audio: { mediaType: 'audio/wav', body: { bytes: await sound() }, name: 'sound.wav' },
        task: 'transcribe',
        format: 'json',
        timestamps: [],
        stream: false,
      }
      const texts: string[] = []
      for await (const event of await run(
        provider,
        'transcription',
        callOn(provider, transcription?.id ?? ''),
        request,
      ))
        if (event.type === 'end') texts.push(event.transcript.text)
      expect(texts).toHaveLength(1)
      expect(texts[0]).not.toBe('')
    })

    const moderation = doing('moderation')
    it.skipIf(moderation === undefined)('judges texts', async () => {
      const request = {
        ...media(),
        inputs: [{ type: 'text' as const, text: 'What a nice bird' }],
        together: false,
      }
      const { results } = await run(
        provider,
        'moderation',
        callOn(provider, moderation?.id ?? ''),
        request,
      )
      expect(results).toHaveLength(1)
      expect(results[0]?.flagged).toBe(false)
    })
  },
)

const picture = (): Promise<Uint8Array> =>
  drawImage({ prompt: 'a bird', width: 256, height: 256, format: 'png' })

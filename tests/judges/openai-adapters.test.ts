// What a caller's SDK sends to our face, our adapter sends on to the vendor: field by field.

import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { gather, toBase64 } from '#core/bytes'
import { parseJson } from '#core/json'
import type { ImageEvent, TranscriptEvent } from '#core/media'
import type { Call, Modality, RequestOf, ResultOf } from '#core/provider'
import type { WireRequest } from '#core/transport'
import { drawImage, probe, synthesize } from '#mock/media/index'
import { decodeSpeechRequest, decodeTranscriptionForm } from '#protocols/openai-audio/index'
import { decodeEmbeddingRequest } from '#protocols/openai-embeddings'
import { decodeImageForm, decodeImageRequest } from '#protocols/openai-images/index'
import { decodeModerationRequest } from '#protocols/openai-moderations'
import openai from '../../providers/openai/index.ts'
import { callOn, type CallOptions } from '../kit/adapter-call.ts'
import { held } from '../kit/media-events.ts'

/** The request that the SDK makes of a call. */
async function sentBySdk(ask: (client: OpenAI) => Promise<unknown>): Promise<Request> {
  let request: Request | undefined
  const client = new OpenAI({
    apiKey: 'mock',
    maxRetries: 0,
    fetch: async (url, init) => {
      request = new Request(url, init)
      throw new Error('Enough seen')
    },
  })
  await ask(client).catch(() => undefined)
  if (request === undefined) throw new Error('The SDK sent nothing')
  return request
}

async function run<M extends Modality>(
  modality: M,
  request: RequestOf<M>,
  call: Call,
): Promise<ResultOf<M>> {
  const adapter = openai.adapters[modality]
  if (adapter?.run === undefined) throw new Error(`No ${modality} here`)
  return adapter.run(request, call)
}

async function fieldsOf(form: FormData): Promise<string[][]> {
  const fields = [...form.entries()].map(async ([name, value]) =>
    typeof value === 'string'
      ? [name, value]
      : [name, value.name, value.type, toBase64(new Uint8Array(await value.arrayBuffer()))],
  )
  return (await Promise.all(fields)).toSorted((left, right) =>
    left.join().localeCompare(right.join()),
  )
}

const jsonIn = (request: WireRequest | undefined): unknown =>
  parseJson(typeof request?.body === 'string' ? request.body : '')

/** Path, headers that matter and body of two requests are the same. */
async function expectAlike(ours: WireRequest | undefined, theirs: Request): Promise<void> {
  expect(ours?.url).toBe(theirs.url)
  expect(ours?.method).toBe(theirs.method)
  expect(ours?.headers['authorization']).toBe(theirs.headers.get('authorization'))
  if (ours?.body instanceof FormData)
    expect(await fieldsOf(ours.body)).toEqual(await fieldsOf(await theirs.formData()))
  else {
    expect(ours?.headers['content-type']).toBe(theirs.headers.get('content-type'))
    expect(jsonIn(ours)).toEqual(await theirs.json())
  }
}

const options: CallOptions = { key: 'mock' }
const upload = async (bytes: Uint8Array, name: string, type: string) =>
  toFile(new Blob([bytes]), name, { type })
const png = () => drawImage({ prompt: 'input', width: 64, height: 64, format: 'png' })
const wav = () => gather(synthesize({ text: 'hello', seconds: 2, format: 'wav' }))

async function read(events: AsyncIterable<ImageEvent>): Promise<ImageEvent[]> {
  const seen: ImageEvent[] = []
  for await (const event of events)
    seen.push(event.type === 'end' ? event : { ...event, asset: await held(event.asset) })
  return seen
}

describe('images', () => {
  it('are generated with every field', async () => {
    for (const stream of [false, true] as const) {
      const theirs = await sentBySdk((client) =>
        client.images.generate({
          model: 'gpt-image-2.5-flare',
          prompt: 'A fox',
          n: 2,
          size: '160x80',
          quality: 'xhigh',
          background: 'opaque',
          output_format: 'jpeg',
          output_compression: 60,
          moderation: 'low',
          user: 'u-1',
          safety_identifier: 'u-2',
          complexity: 'low',
          ...(stream ? { stream, partial_images: 1 } : {}),
        }),
      )
      const { request } = decodeImageRequest(await theirs.clone().json(), 'generate')
      const { call, sent, lost } = callOn(openai, request.model, options)
      const events = await read(await run('image', request, call))
      await expectAlike(sent[0], theirs)
      expect(lost).toEqual([])
      expect(events.map((event) => event.type)).toEqual([
        ...(stream ? ['partial'] : []),
        'image',
        'image',
        'end',
      ])
      const last = events.at(-2)
      const body =
        last?.type === 'image' && 'bytes' in last.asset.body ? last.asset.body : undefined
      expect(probe(body?.bytes ?? new Uint8Array(0))).toMatchObject({
        mediaType: 'image/jpeg',
        width: 160,
        height: 80,
      })
      expect(events.at(-1)).toMatchObject({
        usage: { images: 2, inputTextTokens: 2 },
        details: { quality: 'xhigh', size: '160x80' },
      })
    }
  })

  it('are edited as forms, with one image or several and a mask', async () => {
    const image = await upload(await png(), 'a.png', 'image/png')
    const mask = await upload(await png(), 'm.png', 'image/png')
    for (const images of [image, [image, image]]) {
      const theirs = await sentBySdk((client) =>
        client.images.edit({
          model: 'gpt-image-1.5',
          prompt: 'Add a hat',
          image: images,
          mask,
          size: '1024x1536',
          input_fidelity: 'high',
          stream: true,
          partial_images: 0,
        }),
      )
      const { request } = await decodeImageForm(await theirs.clone().formData(), 'edit')
      const { call, sent } = callOn(openai, request.model, options)
      const events = await read(await run('image', request, call))
      await expectAlike(sent[0], theirs)
      expect(events.map((event) => event.type)).toEqual(['image', 'end'])
    }
  })

  it('leave out what the endpoint or the model does not take, and say so', async () => {
    const { request } = decodeImageRequest(
      {
        model: 'gpt-image-2',
        prompt: 'A fox',
        size: '64x64',
        quality: 'max',
        output_compression: 50,
        input_fidelity: 'high',
        response_format: 'url',
      },
      'generate',
    )
    const { call, sent, lost } = callOn(openai, 'gpt-image-2', options)
    await read(await run('image', request, call))
    expect(lost).toEqual(['input_fidelity', 'output_compression', 'quality'])
    expect(jsonIn(sent[0])).toEqual({
      model: 'gpt-image-2',
      prompt: 'A fox',
      size: '64x64',
      quality: 'high',
    })
  })

  it('may be linked: the bytes are brought and sent', async () => {
    const { request } = decodeImageRequest(
      {
        model: 'gpt-image-2',
        prompt: 'Add a hat',
        images: [{ image_url: `data:image/png;base64,${toBase64(await png())}` }],
        moderation: 'low',
        background: 'transparent',
        output_format: 'jpeg',
      },
      'edit',
    )
    const { call, sent, lost } = callOn(openai, 'gpt-image-2', options)
    await read(await run('image', request, call))
    expect(lost).toEqual(['moderation', 'background'])
    const form = sent[0]?.body instanceof FormData ? sent[0].body : new FormData()
    expect(form.get('image')).toBeInstanceOf(File)
  })
})

describe('speech', () => {
  it('is asked for with every field', async () => {
    for (const [model, format] of [
      ['gpt-4o-mini-tts', 'sse'],
      ['tts-1', undefined],
    ] as const) {
      const theirs = await sentBySdk((client) =>
        client.audio.speech.create({
          model,
          voice: 'coral',
          input: 'Good morning',
          response_format: 'flac',
          speed: 1.5,
          ...(format === undefined ? {} : { stream_format: format, instructions: 'Cheerful' }),
        }),
      )
      const { request } = decodeSpeechRequest(await theirs.clone().json())
      const { call, sent } = callOn(openai, model, options)
      const result = await run('speech', request, call)
      const bytes = await gather(result.audio)
      await expectAlike(sent[0], theirs)
      expect(probe(bytes)?.mediaType).toBe('audio/flac')
      expect(result.usage()).toMatchObject({
        characters: 12,
        ...(format === undefined ? {} : { inputTokens: 5 }),
      })
    }
  })

  it('falls back to a voice the model has, and says so', async () => {
    const body = { model: 'tts-1', voice: 'marin', input: 'Good morning' }
    const { call, sent, lost } = callOn(openai, 'tts-1', options)
    const { audio } = await run('speech', decodeSpeechRequest(body).request, call)
    await gather(audio)
    expect(lost).toEqual(['voice'])
    expect(jsonIn(sent[0])).toMatchObject({ voice: 'alloy' })
  })
})

type Fields = Omit<OpenAI.Audio.TranscriptionCreateParams, 'file' | 'model'>

describe('transcripts', () => {
  it('are asked for with every field', async () => {
    const file = await upload(await wav(), 'a.wav', 'audio/wav')
    for (const [model, fields] of [
      ['gpt-4o-transcribe', { response_format: 'json', include: ['logprobs'], stream: true }],
      ['gpt-transcribe', { response_format: 'json', keywords: ['fox'], languages: ['en', 'de'] }],
      [
        'whisper-1',
        {
          response_format: 'verbose_json',
          timestamp_granularities: ['word', 'segment'],
          language: 'en',
          prompt: 'Names: Ada',
          temperature: 0.2,
        },
      ],
      [
        'gpt-4o-transcribe-diarize',
        {
          response_format: 'diarized_json',
          known_speaker_names: ['agent'],
          known_speaker_references: ['data:audio/wav;base64,AA=='],
          chunking_strategy: { type: 'server_vad', threshold: 0.5 },
        },
      ],
    ] satisfies [string, Fields][]) {
      const theirs = await sentBySdk((client) =>
        client.audio.transcriptions.create({ file, model, ...fields }),
      )
      const form = await theirs.clone().formData()
      const { request } = await decodeTranscriptionForm(form, 'transcribe')
      const { call, sent } = callOn(openai, model, options)
      const events: TranscriptEvent[] = []
      for await (const event of await run('transcription', request, call)) events.push(event)
      await expectAlike(sent[0], theirs)
      const end = events.at(-1)
      expect(end?.type === 'end' && end.transcript.text, model).not.toBe('')
    }
  })

  it('in captions or plain text are asked for as JSON, which tells what they cost', async () => {
    for (const [format, asked] of [
      ['text', 'json'],
      ['srt', 'verbose_json'],
      ['vtt', 'verbose_json'],
    ] as const) {
      const form = new FormData()
      form.append('file', new File([await wav()], 'a.wav', { type: 'audio/wav' }))
      form.append('model', 'whisper-1')
      form.append('response_format', format)
      form.append('stream', 'true')
      const { request } = await decodeTranscriptionForm(form, 'transcribe')
      const { call, sent } = callOn(openai, 'whisper-1', options)
      const events: TranscriptEvent[] = []
      for await (const event of await run('transcription', request, call)) events.push(event)
      const wire = sent[0]?.body instanceof FormData ? sent[0].body : new FormData()
      expect(wire.get('response_format')).toBe(asked)
      expect(wire.has('stream')).toBe(false)
      expect(events).toMatchObject([{ type: 'end', transcript: { usage: { seconds: 2 } } }])
    }
  })

  it('of translations go to their own endpoint', async () => {
    const file = await upload(await wav(), 'a.wav', 'audio/wav')
    const theirs = await sentBySdk((client) =>
      client.audio.translations.create({
        file,
        model: 'whisper-1',
        response_format: 'verbose_json',
        prompt: 'Names: Ada',
        temperature: 0.2,
      }),
    )
    const form = await theirs.clone().formData()
    const { request } = await decodeTranscriptionForm(form, 'translate')
    const { call, sent } = callOn(openai, 'whisper-1', options)
    for await (const event of await run('transcription', request, call))
      expect(event.type).toBe('end')
    await expectAlike(sent[0], theirs)
  })
})

describe('vectors and judgements', () => {
  it('are asked for with every field', async () => {
    const theirs = await sentBySdk((client) =>
      client.embeddings.create({
        model: 'text-embedding-3-large',
        input: ['a fox', 'a dog'],
        dimensions: 8,
        user: 'u-1',
      }),
    )
    const { request } = decodeEmbeddingRequest(await theirs.clone().json())
    const { call, sent, lost } = callOn(openai, request.model, options)
    const { vectors, usage } = await run('embedding', { ...request, task: 'RETRIEVAL_QUERY' }, call)
    await expectAlike(sent[0], theirs)
    expect(vectors.map((vector) => vector.length)).toEqual([8, 8])
    expect(usage.inputTokens).toBe(4)
    expect(lost).toEqual(['task'])
  })

  it('of fixed length leave the dimensions out', async () => {
    const { request } = decodeEmbeddingRequest({
      model: 'text-embedding-ada-002',
      input: 'a',
      dimensions: 8,
    })
    const { call, sent, lost } = callOn(openai, request.model, options)
    await run('embedding', request, call)
    expect(lost).toEqual(['dimensions'])
    expect(jsonIn(sent[0])).not.toHaveProperty('dimensions')
  })

  it('are asked for in parts', async () => {
    const theirs = await sentBySdk((client) =>
      client.moderations.create({
        model: 'omni-moderation-latest',
        input: [
          { type: 'text', text: 'I will kill you' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      }),
    )
    const { request } = decodeModerationRequest(await theirs.clone().json())
    const { call, sent } = callOn(openai, request.model, options)
    const { results } = await run('moderation', request, call)
    await expectAlike(sent[0], theirs)
    expect(results).toMatchObject([{ flagged: true, categories: { violence: true } }])
  })
})

describe('refusals', () => {
  it('become errors of their kind', async () => {
    for (const [key, kind] of [
      ['mock-invalid', 'authentication'],
      ['mock-forbidden', 'permission'],
      ['mock-rate-limited', 'rate_limited'],
      ['mock-quota', 'quota_exhausted'],
      ['mock-overloaded', 'overloaded'],
      ['mock-server-error', 'upstream'],
      ['mock-too-large', 'too_large'],
      ['mock-moderated', 'content_policy'],
    ] as const) {
      const { request } = decodeModerationRequest({ model: 'omni-moderation-latest', input: 'a' })
      const { call } = callOn(openai, request.model, { key })
      await expect(run('moderation', request, call), key).rejects.toMatchObject({ kind })
    }
  })
})

describe('broken replies', () => {
  const drawn = { model: 'gpt-image-2', prompt: 'A fox', size: '64x64' }
  const spoken = { model: 'tts-1', voice: 'alloy', input: 'Good morning to all of you' }
  const heard = async (stream: boolean) => {
    const form = new FormData()
    form.append('file', new File([await wav()], 'a.wav', { type: 'audio/wav' }))
    form.append('model', 'gpt-transcribe')
    form.append('stream', String(stream))
    return (await decodeTranscriptionForm(form, 'transcribe')).request
  }
  const through = async (events: AsyncIterable<unknown>) => {
    for await (const _ of events);
  }
  const asks: { [name: string]: (key: string) => Promise<unknown> } = {
    image: async (key) => {
      const { request } = decodeImageRequest(drawn, 'generate')
      return read(await run('image', request, callOn(openai, 'gpt-image-2', { key }).call))
    },
    'image stream': async (key) => {
      const { request } = decodeImageRequest({ ...drawn, stream: true }, 'generate')
      return read(await run('image', request, callOn(openai, 'gpt-image-2', { key }).call))
    },
    speech: async (key) => {
      const { request } = decodeSpeechRequest(spoken)
      const { audio } = await run('speech', request, callOn(openai, 'tts-1', { key }).call)
      return gather(audio)
    },
    'speech in events': async (key) => {
      const { request } = decodeSpeechRequest(spoken)
      const { audio } = await run(
        'speech',
        request,
        callOn(openai, 'gpt-4o-mini-tts', { key }).call,
      )
      return gather(audio)
    },
    transcript: async (key) => {
      const { call } = callOn(openai, 'gpt-transcribe', { key })
      return through(await run('transcription', await heard(false), call))
    },
    'transcript stream': async (key) => {
      const { call } = callOn(openai, 'gpt-transcribe', { key })
      return through(await run('transcription', await heard(true), call))
    },
    embedding: async (key) => {
      const { request } = decodeEmbeddingRequest({ model: 'text-embedding-3-small', input: 'a' })
      return run('embedding', request, callOn(openai, request.model, { key }).call)
    },
    moderation: async (key) => {
      const { request } = decodeModerationRequest({ model: 'omni-moderation-latest', input: 'a' })
      return run('moderation', request, callOn(openai, request.model, { key }).call)
    },
  }
  // A broken sound is a sound to us: nothing in it tells.
  const untold = ['speech mock-garbage']

  for (const [name, ask] of Object.entries(asks))
    it(`of ${name} are failures of the vendor`, async () => {
      await ask('mock')
      for (const key of ['mock-cut', 'mock-garbage', 'mock-not-json', 'mock-empty'])
        if (!untold.includes(`${name} ${key}`))
          await expect(ask(key), key).rejects.toMatchObject({ kind: 'upstream' })
    })
})

describe('the catalogue', () => {
  const ids = openai.models.map((model) => model.id)

  it('names every model once', () => {
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
  })

  it('has a living successor for every retired model', () => {
    for (const { id, retired } of openai.models) {
      if (retired === undefined || retired.successor.includes('/')) continue
      const successor = openai.models.find((model) => model.id === retired.successor)
      expect(successor, id).toBeDefined()
      expect(successor?.retired, id).toBeUndefined()
    }
  })

  it('knows what unlisted ids are by their names', () => {
    const doesOf = (id: string) => openai.resolve?.(id)?.does
    expect(doesOf('gpt-image-3')).toEqual(['image'])
    expect(doesOf('gpt-7-sol')).toEqual(['chat'])
    expect(doesOf('ft:gpt-4.1-mini:acme::1')).toEqual(['chat'])
    expect(doesOf('text-embedding-4')).toEqual(['embedding'])
    expect(doesOf('claude-9')).toBeUndefined()
  })
})

// The official `openai` client against the whole gateway: everything that is not chat, with models of every provider that can.

import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { fromBase64, gather } from '#core/bytes'
import { drawImage, probe, synthesize } from '#mock/media/index'
import { lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway()
const openai = new OpenAI({
  apiKey: 'mock',
  baseURL: `${gateway.url}/v1`,
  maxRetries: 0,
  fetch: gateway.fetch,
})

const warnings = (): string => lastHeaders(gateway).get('x-mimus-warnings') ?? ''

const picture = async (name = 'fox.png', width = 512, height = 512) =>
  toFile(new Blob([await drawImage({ prompt: name, width, height, format: 'png' })]), name, {
    type: 'image/png',
  })
const clear = async () =>
  toFile(
    new Blob([
      await drawImage({ prompt: 'm', width: 512, height: 512, format: 'png', transparent: true }),
    ]),
    'mask.png',
    { type: 'image/png' },
  )
const sound = async (seconds = 3) =>
  toFile(
    new Blob([await gather(synthesize({ text: 'hello to you', seconds, format: 'wav' }))]),
    'hello.wav',
    { type: 'audio/wav' },
  )

const imageModels: [name: string, target: string][] = [
  ['gpt-image-2', 'openai/gpt-image-2'],
  ['gpt-image-1.5', 'openai/gpt-image-1.5'],
  ['gemini-3.1-flash-image', 'gemini/gemini-3.1-flash-image'],
  ['flux-schnell', 'replicate/black-forest-labs/flux-schnell'],
  ['sdxl', 'replicate/stability-ai/sdxl'],
  ['stable-diffusion-3.5-large', 'stability/stable-diffusion-3.5-large'],
  ['stable-image-core', 'stability/stable-image-core'],
]

const shapeOf = (base64: string | undefined) =>
  probe(fromBase64(base64 ?? '')) ?? { mediaType: 'none' }

describe.each(imageModels)('images of %s', (model, target) => {
  it('come as bytes, several where several are asked for', async () => {
    const made = await openai.images.generate({
      model,
      prompt: 'A fox in the snow',
      n: 3,
      size: '1024x1024',
      response_format: 'b64_json',
    })
    const images = (made.data ?? []).map((image) => image.b64_json ?? '')
    expect(images).toHaveLength(3)
    expect(new Set(images).size).toBe(3)
    for (const image of images) expect(shapeOf(image)).toMatchObject({ width: 1024, height: 1024 })
    expect(made.created).toBeGreaterThan(1_700_000_000)
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(target)
  })

  it('come as links of the gateway that expire', async () => {
    const made = await openai.images.generate({ model, prompt: 'A fox', response_format: 'url' })
    const [image] = made.data ?? []
    expect(image?.url).toMatch(/^http:\/\/mimus\.test\/v1\/files\/media-/)
    expect(image?.b64_json).toBeUndefined()
    const file = await gateway.fetch(image?.url ?? '')
    expect(file.status).toBe(200)
    const shape = probe(new Uint8Array(await file.arrayBuffer()))
    expect(shape?.mediaType).toBe(file.headers.get('content-type'))
    gateway.platform.advance(25 * 3600 * 1000)
    expect((await gateway.fetch(image?.url ?? '')).status).toBe(404)
  })

  it('are streamed, and end in the whole image', async () => {
    const stream = await openai.images.generate({
      model,
      prompt: 'A fox',
      stream: true,
      partial_images: 1,
    })
    const events = []
    for await (const event of stream) events.push(event)
    expect(events.at(-1)?.type).toBe('image_generation.completed')
    expect(events.filter(({ type }) => type === 'image_generation.completed')).toHaveLength(1)
    expect(shapeOf(events.at(-1)?.b64_json).mediaType).toMatch(/^image\//)
  })
})

const editors = [
  'gpt-image-2',
  'gpt-image-1.5',
  'gemini-3.1-flash-image',
  'sdxl',
  'flux-2-pro',
  'flux-kontext-pro',
  'stable-diffusion-3.5-large',
  'stable-image-ultra',
]

describe.each(editors)('edits by %s', (model) => {
  it('change an image that is sent', async () => {
    const made = await openai.images.edit({ model, prompt: 'Add a hat', image: await picture() })
    expect(shapeOf(made.data?.[0]?.b64_json).mediaType).toMatch(/^image\//)
    expect(warnings()).toBe('')
  })

  it('take several images, or tell that only some were used', async () => {
    const image = [await picture('one.png'), await picture('two.png')]
    const made = await openai.images.edit({ model, prompt: 'Put them together', image })
    expect(made.data).toHaveLength(1)
    if (['gpt-image-2', 'gpt-image-1.5', 'gemini-3.1-flash-image', 'flux-2-pro'].includes(model))
      expect(warnings()).toBe('')
    else expect(warnings()).toContain('2 input images became 1')
  })
})

describe('masks', () => {
  it.each(['gpt-image-2', 'sdxl', 'ideogram-v3-turbo', 'stable-diffusion-3.5-large'])(
    'are understood by %s',
    async (model) => {
      const made = await openai.images.edit({
        model,
        prompt: 'A hat',
        image: await picture(),
        mask: await clear(),
      })
      expect(shapeOf(made.data?.[0]?.b64_json).mediaType).toMatch(/^image\//)
    },
  )

  it('are refused where the model would paint over everything', async () => {
    const edit = openai.images.edit({
      model: 'flux-kontext-pro',
      prompt: 'A hat',
      image: await picture(),
      mask: await clear(),
    })
    await expect(edit).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    await expect(edit).rejects.toMatchObject({ param: 'mask' })
  })
})

describe('variations', () => {
  it.each(['sdxl', 'stable-diffusion-3.5-large', 'gemini-3.1-flash-image', 'flux-dev'])(
    'are made from an image by %s',
    async (model) => {
      const made = await openai.images.createVariation({ model, image: await picture(), n: 2 })
      expect(made.data).toHaveLength(2)
    },
  )

  it('are made by another model where none is named, or the one named is gone', async () => {
    for (const model of [undefined, 'dall-e-2']) {
      const made = await openai.images.createVariation({
        image: await picture(),
        ...(model === undefined ? {} : { model }),
        response_format: 'b64_json',
      })
      expect(shapeOf(made.data?.[0]?.b64_json).mediaType).toMatch(/^image\//)
      expect(lastHeaders(gateway).get('x-mimus-target')).toBe('gemini/gemini-3.1-flash-image')
    }
    expect(warnings()).toContain('dall-e-2 is gone')
  })

  it('are refused by models that make none', async () => {
    const vary = openai.images.createVariation({ model: 'gpt-image-2', image: await picture() })
    await expect(vary).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  })
})

describe('a seed', () => {
  it('draws the same images again, and a different one in each of several calls', async () => {
    const draw = async (seed: number) => {
      const body = { model: 'stable-image-core', prompt: 'A fox', n: 3, seed }
      const made = await openai.images.generate(body)
      return (made.data ?? []).map((image) => image.b64_json)
    }
    const first = await draw(7)
    expect(new Set(first).size).toBe(3)
    expect(await draw(7)).toEqual(first)
    // A seed that is one higher begins with what was second.
    expect((await draw(8))[0]).toBe(first[1])
  })
})

describe('images of clients as old as DALL·E', () => {
  it('come from the successor, and both names are told', async () => {
    const made = await openai.images.generate({
      model: 'dall-e-3',
      prompt: 'A fox',
      quality: 'hd',
      style: 'vivid',
      response_format: 'url',
    })
    expect(made.data?.[0]?.url).toContain('/v1/files/')
    expect(warnings()).toContain('dall-e-3 was retired by OpenAI')
    expect(warnings()).toMatch(/openai\/gpt-image-\S+ answers instead/)
  })

  it('come from the alias when no model is named', async () => {
    const made = await openai.images.generate({ prompt: 'A fox' })
    expect(made.data).toHaveLength(1)
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe('openai/gpt-image-2')
  })
})

const voices: [
  model: string,
  formats: readonly OpenAI.Audio.SpeechCreateParams['response_format'][],
][] = [
  ['gpt-4o-mini-tts', ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']],
  ['tts-1', ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']],
  ['gemini-3.8-flash-tts', ['mp3', 'opus', 'wav', 'pcm', 'aac', 'flac']],
  ['gemini-2.5-flash-preview-tts', ['wav', 'pcm', 'mp3']],
]

describe.each(voices)('speech of %s', (model, formats) => {
  it('comes in every format, or the nearest with a warning', async () => {
    for (const response_format of formats) {
      const reply = await openai.audio.speech.create({
        model,
        voice: 'alloy',
        input: 'Good morning to you all, and good night.',
        ...(response_format === undefined ? {} : { response_format }),
      })
      const bytes = new Uint8Array(await reply.arrayBuffer())
      expect(bytes.length, response_format).toBeGreaterThan(500)
      const found = probe(bytes)
      const type = reply.headers.get('content-type') ?? ''
      if (found !== undefined)
        expect(type.replace('audio/x-', 'audio/').split(';')[0], response_format).toBe(
          found.mediaType,
        )
      if (found !== undefined) expect(found.seconds).toBeGreaterThan(1)
    }
  })

  it('comes in events, too', async () => {
    const reply = await openai.audio.speech.create({
      model,
      voice: 'alloy',
      input: 'Good morning',
      response_format: 'wav',
      stream_format: 'sse',
    })
    const events = (await reply.text())
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => JSON.parse(event.replace(/^data: /, '')))
    expect(events.at(-1)).toMatchObject({ type: 'speech.audio.done' })
    expect(events.filter(({ type }) => type === 'speech.audio.done')).toHaveLength(1)
    expect(events[0]).toMatchObject({ type: 'speech.audio.delta' })
  })
})

const listeners: [model: string, timed: boolean][] = [
  ['whisper-1', true],
  ['gemini-3.5-transcribe', true],
  ['gpt-transcribe', false],
  ['gpt-4o-transcribe', false],
]

describe.each(listeners)('transcripts of %s', (model, timed) => {
  it('come in every format the model gives', async () => {
    const file = await sound()
    const json = await openai.audio.transcriptions.create({ model, file })
    expect(json.text.length).toBeGreaterThan(3)
    const text = await openai.audio.transcriptions.create({ model, file, response_format: 'text' })
    expect(String(text).trim()).toBe(json.text.trim())
    for (const response_format of ['srt', 'vtt'] as const) {
      const titles = openai.audio.transcriptions.create({ model, file, response_format })
      if (timed) expect(await titles).toMatch(/00:00:00[,.]000 --> /)
      else await expect(titles).rejects.toMatchObject({ param: 'response_format', status: 400 })
    }
    const verbose = openai.audio.transcriptions.create({
      model,
      file,
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    })
    if (!timed) return expect(verbose).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    const told = await verbose
    expect(told.duration).toBeCloseTo(3, 0)
    expect(told.segments?.length).toBeGreaterThan(0)
    expect(told.words?.length).toBeGreaterThan(1)
    expect(told.words?.at(-1)?.end).toBeLessThanOrEqual(3.01)
    return undefined
  })

  it('come streamed', async () => {
    const stream = await openai.audio.transcriptions.create({
      model,
      file: await sound(),
      stream: true,
      response_format: 'json',
    })
    const events = []
    for await (const event of stream) events.push(event)
    const last = events.at(-1)
    expect(last?.type).toBe('transcript.text.done')
    const deltas = events.flatMap((event) =>
      event.type === 'transcript.text.delta' ? event.delta : [],
    )
    if (last?.type === 'transcript.text.done') expect(deltas.join('')).toBe(last.text)
  })
})

describe('translations', () => {
  it('come from models that translate', async () => {
    const file = await sound()
    const made = await openai.audio.translations.create({ model: 'whisper-1', file })
    expect(made.text.length).toBeGreaterThan(3)
    const verbose = await openai.audio.translations.create({
      model: 'whisper-1',
      file,
      response_format: 'verbose_json',
    })
    expect(verbose).toMatchObject({ language: 'english' })
    const other = openai.audio.translations.create({ model: 'gpt-transcribe', file })
    await expect(other).rejects.toMatchObject({ param: 'model', status: 400 })
  })
})

describe.each(['text-embedding-3-small', 'gemini-embedding-2'])('vectors of %s', (model) => {
  it('are the same in the usual base64 as in numbers, and as long as is asked', async () => {
    const input = ['a fox', 'a dog']
    const packed = await openai.embeddings.create({ model, input, dimensions: 256 })
    const plain = await openai.embeddings.create({
      model,
      input,
      dimensions: 256,
      encoding_format: 'float',
    })
    expect(packed.data.map(({ embedding }) => embedding.length)).toEqual([256, 256])
    for (const [index, { embedding }] of packed.data.entries())
      expect(embedding.map(Math.fround)).toEqual(plain.data[index]?.embedding.map(Math.fround))
    expect(packed.data[0]?.embedding).not.toEqual(packed.data[1]?.embedding)
    expect(packed.usage.total_tokens).toBe(packed.usage.prompt_tokens)
    expect(warnings()).toBe('')
  })
})

describe('moderations', () => {
  it('judge texts one by one', async () => {
    const judged = await openai.moderations.create({ input: ['a fine day', 'I will kill you'] })
    expect(judged.results.map(({ flagged }) => flagged)).toEqual([false, true])
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe('openai/omni-moderation-latest')
  })
})

describe('models', () => {
  it('are listed, each under the name that reaches it', async () => {
    const listed = []
    for await (const model of openai.models.list()) listed.push(model)
    const ids = listed.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(
      expect.arrayContaining(['gpt-6-sol', 'claude-opus-5-5', 'gemini-3.8-flash']),
    )
    // Stability has the bare name; Replicate's own id for its model has an owner in it.
    expect(ids).toContain('stable-diffusion-3.5-large')
    expect(ids).toContain('stability-ai/stable-diffusion-3.5-large')
    expect(ids).not.toContain('dall-e-3')
    expect(listed.find(({ id }) => id === 'fast')).toMatchObject({ owned_by: 'mimus' })
  })

  it('are told one by one, by every name they have', async () => {
    for (const name of ['gpt-6-sol', 'openai/gpt-6-sol'])
      expect(await openai.models.retrieve(name)).toMatchObject({ id: 'gpt-6-sol' })
    expect(await openai.models.retrieve('sdxl')).toMatchObject({ owned_by: 'replicate' })
    expect(await openai.models.retrieve('fast')).toMatchObject({ id: 'fast', owned_by: 'mimus' })
    await expect(openai.models.retrieve('gpt-99')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })
})

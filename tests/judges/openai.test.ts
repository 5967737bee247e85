// The official SDK against the mock.

import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { fromBase64, gather } from '#core/bytes'
import { createInternet } from '#mock/internet'
import { drawImage, probe, synthesize } from '#mock/media/index'
import { createMockOf } from '#mock/public'
import openai from '../../providers/openai/index.ts'

const internet = createInternet([openai])
const client = (apiKey = 'mock') =>
  new OpenAI({
    apiKey,
    maxRetries: 0,
    fetch: (url, init) => internet.fetch(new Request(url, init)),
  })

const picture = (width = 64, height = 64) =>
  drawImage({ prompt: 'input', width, height, format: 'png' })
const sound = (seconds = 3) => gather(synthesize({ text: 'hello', seconds, format: 'wav' }))
const upload = async (bytes: Uint8Array, name: string, type: string) =>
  toFile(new Blob([bytes]), name, { type })

describe('images', () => {
  it('are of the size and the format that was asked for', async () => {
    const made = await client().images.generate({
      model: 'gpt-image-2',
      prompt: 'A fox',
      n: 2,
      size: '320x160',
      output_format: 'webp',
      quality: 'low',
    })
    const [first, second] = (made.data ?? []).map((image) => fromBase64(image.b64_json ?? ''))
    for (const bytes of [first, second])
      expect(probe(bytes ?? new Uint8Array(0))).toEqual({
        mediaType: 'image/webp',
        width: 320,
        height: 160,
      })
    expect(first).not.toEqual(second)
    expect(made).toMatchObject({ output_format: 'webp', quality: 'low', size: '320x160' })
    const { input_tokens: input = 0, output_tokens: output = 0 } = made.usage ?? {}
    expect(made.usage?.total_tokens).toBe(input + output)
  })

  it('come in previews and whole when streamed', async () => {
    const stream = await client().images.generate({
      model: 'gpt-image-2',
      prompt: 'A fox',
      size: '128x64',
      stream: true,
      partial_images: 2,
    })
    const events = []
    for await (const event of stream) events.push(event)
    expect(events.map((event) => event.type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ])
    for (const event of events)
      expect(probe(fromBase64(event.b64_json))).toMatchObject({ width: 128, height: 64 })
    expect(events.at(-1)).toMatchObject({ size: '128x64', usage: { input_tokens: 2 } })
  })

  it('are edited, one or several, with a mask, and streamed', async () => {
    const image = await upload(await picture(), 'a.png', 'image/png')
    const mask = await upload(await picture(), 'm.png', 'image/png')
    const common = { model: 'gpt-image-1.5', prompt: 'Add a hat', size: '1024x1024' as const }
    const edited = await client().images.edit({ ...common, image, mask, input_fidelity: 'high' })
    expect(edited.usage?.input_tokens_details.image_tokens).toBe(323)
    const several = await client().images.edit({ ...common, image: [image, image] })
    expect(several.usage?.input_tokens_details.image_tokens).toBe(646)
    const types = []
    for await (const event of await client().images.edit({ ...common, image, stream: true }))
      types.push(event.type)
    expect(types).toEqual(['image_edit.completed'])
  })

  it('are refused as the vendor refuses them', async () => {
    const generate = (fields: object) =>
      client().images.generate({ model: 'gpt-image-2', prompt: 'A fox', ...fields })
    await expect(generate({ response_format: 'url' })).rejects.toMatchObject({
      status: 400,
      code: 'unknown_parameter',
      param: 'response_format',
    })
    await expect(generate({ size: '100x100' })).rejects.toMatchObject({ param: 'size' })
    await expect(generate({ model: 'gpt-image-1.5', size: '512x512' })).rejects.toMatchObject({
      param: 'size',
    })
    await expect(generate({ quality: 'max' })).rejects.toMatchObject({ param: 'quality' })
    await expect(
      generate({ background: 'transparent', output_format: 'jpeg' }),
    ).rejects.toMatchObject({ param: 'background' })
    await expect(generate({ model: 'dall-e-3' })).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(generate({ model: 'dall-e-3' })).rejects.toMatchObject({
      code: 'model_not_found',
    })
    const image = await upload(new Uint8Array(9), 'a.png', 'image/png')
    await expect(
      client().images.edit({ model: 'gpt-image-2', prompt: 'p', image }),
    ).rejects.toMatchObject({ param: 'image' })
    await expect(client().images.createVariation({ image })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    )
  })
})

describe('embeddings', () => {
  it('are the same in the default base64 as in numbers', async () => {
    const create = (fields: object) =>
      client().embeddings.create({
        model: 'text-embedding-3-small',
        input: ['a fox', 'a dog'],
        ...fields,
      })
    const [packed, plain] = await Promise.all([create({}), create({ encoding_format: 'float' })])
    const [left, right] = [packed, plain].map((reply) => reply.data[1]?.embedding ?? [])
    expect(left).toHaveLength(1536)
    expect(left?.map(Math.fround)).toEqual(right?.map(Math.fround))
    expect(packed.usage).toEqual(plain.usage)
    const short = await create({ dimensions: 256 })
    expect(short.data[0]?.embedding).toHaveLength(256)
  })

  it('are refused as the vendor refuses them', async () => {
    const create = (fields: object) =>
      client().embeddings.create({ model: 'text-embedding-ada-002', input: 'a', ...fields })
    await expect(create({ dimensions: 10 })).rejects.toMatchObject({ param: 'dimensions' })
    await expect(create({ input: Array(2049).fill('a') })).rejects.toMatchObject({ param: 'input' })
  })
})

describe('moderations', () => {
  it('judge texts one by one, and parts together', async () => {
    const texts = await client().moderations.create({
      model: 'omni-moderation-latest',
      input: ['a fine day', 'I will kill you'],
    })
    expect(texts.results.map((result) => result.flagged)).toEqual([false, true])
    const parts = await client().moderations.create({
      input: [
        { type: 'text', text: 'a fine day' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ],
    })
    expect(parts.results).toHaveLength(1)
    expect(parts.results[0]?.category_applied_input_types).toMatchObject({
      hate: ['text'],
      violence: ['text', 'image'],
    })
  })
})

describe('models', () => {
  it('are listed with the day of their end, without the retired', async () => {
    const models = []
    for await (const model of client().models.list()) models.push(model)
    const ids = models.map((model) => model.id)
    expect(ids).toContain('gpt-6-sol')
    expect(ids).not.toContain('dall-e-3')
    expect(await client().models.retrieve('tts-1')).toMatchObject({ shutdown_date: '2027-01-06' })
    await expect(client().models.retrieve('sora-2')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })
})

describe('chat', () => {
  it('answers whole and streamed', async () => {
    const ask = {
      model: 'gpt-6-sol',
      messages: [{ role: 'user' as const, content: 'Hello there' }],
    }
    const whole = await client().chat.completions.create(ask)
    expect(whole.id).toMatch(/^chatcmpl-/)
    let said = ''
    for await (const chunk of await client().chat.completions.create({ ...ask, stream: true }))
      said += chunk.choices[0]?.delta.content ?? ''
    expect(said).toBe(whole.choices[0]?.message.content)
  })

  it('refuses what reasoning models refuse', async () => {
    const ask = (fields: object) =>
      client().chat.completions.create({
        model: 'gpt-6-sol',
        messages: [{ role: 'user', content: 'Hi' }],
        ...fields,
      })
    for (const field of ['temperature', 'top_p'])
      await expect(ask({ [field]: 0.5 }), field).rejects.toMatchObject({
        param: field,
        code: 'unsupported_parameter',
      })
    await expect(ask({ max_tokens: 5 })).rejects.toMatchObject({ param: 'max_tokens' })
    await expect(ask({ model: 'gpt-4' })).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })
})

describe('a script', () => {
  it('says what is drawn, spoken, heard, measured and flagged', async () => {
    const mock = createMockOf([openai])
    const scripted = new OpenAI({
      apiKey: mock.key(),
      maxRetries: 0,
      fetch: (url, init) => mock.fetch(url, init),
    })
    const bytes = await picture(8, 8)
    const media = { image: { mediaType: 'image/png', bytes }, transcript: 'Scripted words.' }
    mock.when({}).reply({
      ...media,
      audio: { mediaType: 'audio/mpeg', bytes },
      vector: [1],
      flagged: ['hate'],
    })
    const drawn = await scripted.images.generate({ model: 'gpt-image-2', prompt: 'A fox' })
    expect(fromBase64(drawn.data?.[0]?.b64_json ?? '')).toEqual(bytes)
    const spoken = await scripted.audio.speech.create({ model: 'tts-1', voice: 'ash', input: 'a' })
    expect(new Uint8Array(await spoken.arrayBuffer())).toEqual(bytes)
    const file = await upload(await sound(), 'a.wav', 'audio/wav')
    const heard = await scripted.audio.transcriptions.create({ file, model: 'gpt-transcribe' })
    expect(heard.text).toBe('Scripted words.')
    const model = 'text-embedding-3-small'
    const measured = await scripted.embeddings.create({ model, input: 'a' })
    expect(measured.data[0]?.embedding).toEqual([1])
    const judged = await scripted.moderations.create({ input: 'a' })
    expect(judged.results[0]?.categories.hate).toBe(true)
  })
})

describe('refusals', () => {
  const ask = (key: string) => client(key).models.list()

  it('are of the class the SDK has for them', async () => {
    for (const [key, error] of [
      ['mock-invalid', OpenAI.AuthenticationError],
      ['mock-forbidden', OpenAI.PermissionDeniedError],
      ['mock-rate-limited', OpenAI.RateLimitError],
      ['mock-quota', OpenAI.RateLimitError],
      ['mock-overloaded', OpenAI.InternalServerError],
      ['mock-server-error', OpenAI.InternalServerError],
      ['mock-moderated', OpenAI.BadRequestError],
    ] as const)
      await expect(ask(key), key).rejects.toBeInstanceOf(error)
  })

  it('carry the headers and the four keys of the body', async () => {
    const error = await ask('mock-rate-limited').then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof OpenAI.APIError)) throw new Error('No refusal came')
    expect(error.requestID).toMatch(/^req_[0-9a-f]{32}$/)
    expect(error.headers?.get('retry-after')).toMatch(/^\d+$/)
    expect(error.headers?.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(Object.keys(error.error ?? {}).toSorted()).toEqual(['code', 'message', 'param', 'type'])
  })

  it('of an unknown path name it', async () => {
    await expect(client().get('/nothing')).rejects.toMatchObject({ status: 404 })
  })

  it('come with every good reply as limits and an id', async () => {
    const { response } = await client().models.list().withResponse()
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
    expect(response.headers.get('openai-version')).toBe('2020-10-01')
    expect(response.headers.get('x-ratelimit-reset-requests')).toMatch(/^\d+m?s$/)
  })
})

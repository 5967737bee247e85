import Replicate from 'replicate'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '#core/json'
import { grayscaleMask } from '#core/mask'
import type { Asset, ImageRequest } from '#core/media'
import { createInternet } from '#mock/internet'
import replicate from '../../providers/replicate/index.ts'
import { failure, hurried, jsonBody, type CallOptions } from '../kit/adapter-call.ts'
import { assetOf, dataUrl, drawJob, png } from '../kit/image-request.ts'

const large = 'stability-ai/stable-diffusion-3.5-large'
const draw = (id: string, parts: Partial<ImageRequest>, options?: CallOptions) =>
  drawJob(replicate, id, parts, options)

describe('what the adapter sends', () => {
  const cases: [string, Partial<ImageRequest>, JsonObject][] = [
    [large, {}, { prompt: 'A fox' }],
    [
      large,
      { aspectRatio: '16:9', format: 'jpeg', seed: 7, negativePrompt: 'hens' },
      {
        prompt: 'A fox',
        aspect_ratio: '16:9',
        output_format: 'jpg',
        seed: 7,
        negative_prompt: 'hens',
      },
    ],
    [
      'black-forest-labs/flux-schnell',
      { count: 3, compression: 60, aspectRatio: '21:9' },
      { prompt: 'A fox', num_outputs: 3, output_quality: 60, aspect_ratio: '21:9' },
    ],
    [
      'stability-ai/sdxl',
      { size: { width: 640, height: 512 } },
      { prompt: 'A fox', width: 640, height: 512 },
    ],
    [
      'recraft-ai/recraft-v3',
      { size: { width: 1820, height: 1024 } },
      {
        prompt: 'A fox',
        size: '1820x1024',
      },
    ],
  ]
  for (const [id, parts, input] of cases)
    it(`equals what the client sends: ${id} ${JSON.stringify(parts)}`, async () => {
      const { sent } = await draw(id, parts)
      const ours = sent.at(0)
      const recorded: Request[] = []
      const internet = createInternet([replicate], hurried())
      const sdk = new Replicate({
        auth: 'mock',
        fetch: (url, init) => {
          const request = new Request(url, init)
          recorded.push(request.clone())
          return internet.fetch(request)
        },
      })
      const version = replicate.models.find((model) => model.id === id)?.id === 'stability-ai/sdxl'
      await sdk.predictions.create({
        ...(version
          ? { version: '7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc' }
          : { model: id }),
        input,
        wait: 60,
      })
      const [theirs] = recorded
      if (ours === undefined || theirs === undefined) throw new Error('nothing was sent')
      expect([ours.method, ours.url]).toEqual([theirs.method, theirs.url])
      expect(jsonBody(ours)).toEqual(await theirs.json())
      for (const name of ['authorization', 'content-type', 'prefer'])
        expect(ours.headers[name]).toBe(theirs.headers.get(name))
    })

  it('puts input pictures and strength where the model wants them', async () => {
    const picture = await png(96, 64)
    const variation = await draw(large, {
      operation: 'variation',
      prompt: '',
      images: [assetOf(picture)],
      strength: 0.4,
    })
    expect(variation.input).toMatchObject({ image: dataUrl(picture), prompt_strength: 0.4 })
    expect(variation.input).not.toMatchObject({ prompt: '' })
    const edit = { operation: 'edit' as const, images: [assetOf(picture), assetOf(picture)] }
    expect((await draw('black-forest-labs/flux-2-pro', edit)).input).toEqual({
      prompt: 'A fox',
      aspect_ratio: 'match_input_image',
      input_images: [dataUrl(picture), dataUrl(picture)],
    })
    expect((await draw('black-forest-labs/flux-kontext-pro', edit)).input).toEqual({
      prompt: 'A fox',
      input_image: dataUrl(picture),
    })
  })

  it('lets Replicate read public URLs by itself, and uploads what is large', async () => {
    const url = 'https://example.com/fox.png'
    const images: Asset[] = [{ mediaType: 'image/png', body: { url } }]
    expect((await draw(large, { operation: 'edit', images })).input).toMatchObject({ image: url })
    const big = assetOf(new Uint8Array(300_000))
    const { input, sent } = await draw(large, { operation: 'edit', images: [big] })
    expect(input).toMatchObject({
      image: expect.stringMatching(/^https:\/\/api\.replicate\.com\/v1\/files\/\w+$/),
    })
    expect(sent[0]?.url).toBe('https://api.replicate.com/v1/files')
    const form = sent[0]?.body
    if (!(form instanceof FormData)) throw new Error('no form was sent')
    expect([...form.keys()]).toEqual(['content', 'metadata'])
  })

  it('paints a mask as each model reads it', async () => {
    const images = [assetOf(await png(96, 64))]
    const clear = await png(96, 64, true)
    const parts = { operation: 'edit' as const, images, mask: assetOf(clear) }
    const { input: white } = await draw('stability-ai/sdxl', parts)
    expect(white).toMatchObject({ mask: dataUrl(await grayscaleMask(clear, 'white')) })
    const { input: black } = await draw('ideogram-ai/ideogram-v3-turbo', parts)
    expect(black).toMatchObject({ mask: dataUrl(await grayscaleMask(clear, 'black')) })
    const without = draw('ideogram-ai/ideogram-v3-turbo', { operation: 'edit', images })
    expect(await failure(without)).toMatchObject({ kind: 'unsupported' })
  })

  it('passes the caller’s own input on, and runs models it does not list', async () => {
    const extra = { protocol: 'openai-images', fields: { input: { cfg: 3, prompt: 'A hen' } } }
    expect((await draw(large, { extra })).input).toEqual({ prompt: 'A hen', cfg: 3 })
    expect(replicate.adapters.image?.carries?.('openai-images', 'input')).toBe(true)
    expect(replicate.adapters.image?.carries?.('openai-images', 'quality')).toBe(false)
    const id = 'someone/something'
    const { input, lost, sent } = await draw(id, { extra, format: 'png', aspectRatio: '16:9' })
    expect(input).toEqual({ prompt: 'A hen', cfg: 3 })
    expect(lost.toSorted()).toEqual(['aspect_ratio', 'output_format'])
    expect(sent[0]?.url).toBe('https://api.replicate.com/v1/models/someone/something/predictions')
    const version = 'a'.repeat(64)
    const versioned = await draw(`someone/something:${version}`, {})
    expect(versioned.sent[0]?.url).toBe('https://api.replicate.com/v1/predictions')
    expect(jsonBody(versioned.sent[0])['version']).toBe(version)
    for (const odd of ['something', 'a/b/c', 'some one/thing', ''])
      expect(replicate.resolve?.(odd)).toBeUndefined()
  })
})

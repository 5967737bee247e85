// What a caller's SDK sends to our face, our adapter sends on to the vendor: field by field.

import { describe, expect, it } from 'vitest'
import { toBase64 } from '#core/bytes'
import { probe } from '#mock/media/index'
import { decodeEmbeddingRequest } from '#protocols/openai-embeddings'
import { decodeImageForm, decodeImageRequest } from '#protocols/openai-images/index'
import { decodeModerationRequest } from '#protocols/openai-moderations'
import openai from '../../providers/openai/index.ts'
import { callOn } from '../kit/adapter-call.ts'
import {
  sentBySdk,
  run,
  jsonIn,
  expectAlike,
  options,
  upload,
  png,
  read,
} from '../kit/openai-sdk.ts'

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

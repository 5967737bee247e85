import { describe, expect, it } from 'vitest'
import type { Json } from '#core/json'
import type { ImageRequest } from '#core/media'
import { createInternet } from '#mock/internet'
import { probe } from '#mock/media/index'
import replicate from '../../providers/replicate/index.ts'
import { finish } from '../../src/jobs/engine.ts'
import {
  answering,
  callOn,
  failure,
  fetchAsset,
  hurried,
  type CallOptions,
} from '../kit/adapter-call.ts'
import { assetOf, dataUrl, drawJob, imageRequest, png } from '../kit/image-request.ts'
import documented from '../wire/replicate/predictions.json' with { type: 'json' }

const { image } = replicate.adapters
const large = 'stability-ai/stable-diffusion-3.5-large'
const draw = (id: string, parts: Partial<ImageRequest>, options?: CallOptions) =>
  drawJob(replicate, id, parts, options)

describe('what the adapter reads', () => {
  it('serves every model it lists, each operation, with pictures to fetch', async () => {
    for (const { id, image: limits } of replicate.models)
      for (const operation of limits?.operations ?? []) {
        const images = operation === 'generate' ? [] : [assetOf(await png(96, 64))]
        const mask = id.startsWith('ideogram') ? { mask: assetOf(await png(96, 64, true)) } : {}
        const { events } = await draw(id, { operation, images, ...mask })
        expect([id, events.map(({ type }) => type)]).toEqual([id, ['image', 'end']])
      }
  })

  it('names where each picture is, and the mock delivers it', async () => {
    const internet = createInternet([replicate], hurried())
    const { events } = await draw(
      'black-forest-labs/flux-dev',
      { count: 2, format: 'webp' },
      { send: internet.send },
    )
    expect(events.at(-1)).toEqual({ type: 'end', usage: { images: 2 } })
    for (const event of events.slice(0, -1)) {
      if (event.type !== 'image') throw new Error('no picture')
      expect(event.asset.mediaType).toBe('image/webp')
      const fetched = await fetchAsset(event.asset, internet.send)
      expect(probe(await fetched.bytes())).toMatchObject({ mediaType: 'image/webp', width: 1024 })
    }
  })

  it('polls a prediction that is not done when the hold ends', async () => {
    let now = 1_000_000
    const world = { now: () => now, sleep: async () => undefined }
    const { call, sent } = callOn(replicate, large, { world })
    if (image?.start === undefined) throw new Error('Replicate answers later')
    const passing = {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds
      },
    }
    const types = []
    for await (const { type } of await finish(image, imageRequest({}), call, passing))
      types.push(type)
    expect(types).toEqual(['image', 'end'])
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      `POST /v1/models/${large}/predictions`,
      expect.stringMatching(/^GET \/v1\/predictions\/\w+$/),
    ])
    expect(now).toBe(1_001_000)
  })

  it('cancels the prediction when the caller leaves', async () => {
    const world = { now: () => 1_000_000, sleep: async () => undefined }
    const { call, sent, controller } = callOn(replicate, large, { world })
    if (image?.start === undefined) throw new Error('Replicate answers later')
    const leaving = {
      now: () => 0,
      sleep: async (milliseconds: number) => {
        if (milliseconds === 1_000) controller.abort()
      },
    }
    const outcome = finish(image, imageRequest({}), call, leaving)
    expect(await failure(outcome)).toMatchObject({ kind: 'cancelled' })
    expect(sent.at(-1)?.method).toBe('POST')
    expect(sent.at(-1)?.url).toMatch(/\/v1\/predictions\/\w+\/cancel$/)
  })

  it('reads documented predictions', async () => {
    const { events } = await draw(large, {}, { send: answering(documented['one picture']) })
    expect(events[0]).toEqual({
      type: 'image',
      asset: { mediaType: 'image/png', body: { url: documented['one picture'].output } },
    })
    const { call } = callOn(replicate, large, { send: answering(documented.starting) })
    expect(await image?.start?.(imageRequest({}), call)).toEqual({
      status: 'pending',
      ticket: { id: documented.starting.id },
      pollAfterMs: 1000,
    })
  })

  it('takes a picture that comes inside the answer', async () => {
    const picture = await png(16, 16)
    const body = { ...documented['one picture'], output: dataUrl(picture) }
    const { events } = await draw(large, {}, { send: answering(body) })
    expect(events[0]).toEqual({ type: 'image', asset: assetOf(picture) })
  })

  it('reads each failure as what it is', async () => {
    const failed = (error: string) => ({ ...documented.starting, status: 'failed', error })
    const cases: [Json, string][] = [
      [failed('NSFW content detected. Try another prompt.'), 'content_policy'],
      [failed('The input or output was flagged as sensitive. (E005)'), 'content_policy'],
      [failed('The prompt "NSFW content detected (E005) " broke the model'), 'upstream'],
      [failed(''), 'upstream'],
      [{ ...documented.starting, status: 'canceled' }, 'upstream'],
      [{ ...documented.starting, status: 'aborted' }, 'timeout'],
      [{ ...documented.starting, status: 'succeeded' }, 'upstream'],
      [{ ...documented.starting, status: 'dreaming' }, 'upstream'],
      ['not a prediction', 'upstream'],
    ]
    for (const [body, kind] of cases) {
      const error = await failure(draw(large, {}, { send: answering(body) }))
      expect([body, error.kind]).toEqual([body, kind])
    }
  })

  it('reads each refusal as what it is', async () => {
    const kinds = {
      'mock-invalid': 'authentication',
      'mock-forbidden': 'permission',
      'mock-quota': 'quota_exhausted',
      'mock-rate-limited': 'rate_limited',
      'mock-overloaded': 'overloaded',
      'mock-server-error': 'upstream',
      'mock-too-large': 'too_large',
      'mock-moderated': 'content_policy',
    }
    for (const [key, kind] of Object.entries(kinds))
      expect([key, (await failure(draw(large, {}, { key }))).kind]).toEqual([key, kind])
    const limited = await failure(draw(large, {}, { key: 'mock-rate-limited' }))
    expect(limited.details.retryAfterMs).toBeGreaterThan(0)
    const { status, details } = replicate.readError({
      status: 422,
      header: () => undefined,
      text: '',
      json: { detail: '- input.seed: wrong\n', invalid_fields: [{ field: 'input.seed' }] },
    })
    expect([status, details.param]).toEqual([422, 'seed'])
  })
})

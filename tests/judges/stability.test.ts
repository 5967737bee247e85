import { describe, expect, it } from 'vitest'
import { fromBase64, gather, once } from '#core/bytes'
import { isObject } from '#core/json'
import { grayscaleMask } from '#core/mask'
import type { ImageEvent, ImageRequest } from '#core/media'
import type { WireResponse } from '#core/transport'
import { probe } from '#mock/media/index'
import stability from '../../providers/stability/index.ts'
import { callOn, failure, type CallOptions } from '../kit/adapter-call.ts'
import { assetOf, imageRequest, png } from '../kit/image-request.ts'
import documented from '../wire/stability/requests.json' with { type: 'json' }

const adapter = stability.adapters.image
const origin = 'https://api.stability.ai'

async function run(id: string, parts: Partial<ImageRequest>, options: CallOptions = {}) {
  const { call, lost, sent } = callOn(stability, id, options)
  if (adapter?.run === undefined) throw new Error('Stability answers at once')
  const events: ImageEvent[] = []
  let bytes = new Uint8Array(0)
  for await (const event of await adapter.run(imageRequest(parts), call)) {
    events.push(event)
    if (event.type === 'image' && 'stream' in event.asset.body)
      bytes = new Uint8Array(await gather(event.asset.body.stream))
  }
  const [wire] = sent
  const form = wire?.body instanceof FormData ? wire.body : new FormData()
  return { events, bytes, form, lost, sent, url: wire?.url, headers: wire?.headers ?? {} }
}

describe('the adapter sends what the reference shows', () => {
  for (const [name, { path, model, request, fields }] of Object.entries(documented))
    it(name, async () => {
      const image = await png(128, 64)
      const parts: Partial<ImageRequest> = {
        prompt: request.prompt,
        ...('format' in request && request.format === 'jpeg' ? { format: 'jpeg' } : {}),
        ...('format' in request && request.format === 'webp' ? { format: 'webp' } : {}),
        ...('strength' in request ? { strength: request.strength } : {}),
        ...('image' in request ? { operation: 'edit', images: [assetOf(image)] } : {}),
        ...('mask' in request ? { mask: assetOf(await png(128, 64, true)) } : {}),
      }
      const { form, headers, url } = await run(model, parts)
      expect(url).toBe(`${origin}${path}`)
      expect(headers).toMatchObject({ authorization: 'Bearer mock', accept: 'image/*' })
      const sent = [...form].map(([field, value]) => [
        field,
        typeof value === 'string' ? value : `(${value.type})`,
      ])
      expect(Object.fromEntries(sent)).toEqual(fields)
    })
})

describe('the adapter against the mock', () => {
  it('streams a real picture of the asked ratio and format, with its seed', async () => {
    const { events, bytes } = await run('stable-diffusion-3.5-large', {
      aspectRatio: '16:9',
      format: 'webp',
      seed: 42,
      negativePrompt: 'fog',
      style: 'photographic',
      user: 'someone',
    })
    expect(probe(bytes)).toEqual({ mediaType: 'image/webp', width: 1344, height: 768 })
    expect(events).toMatchObject([
      { type: 'image', seed: 42, asset: { mediaType: 'image/webp' } },
      { type: 'end', usage: { images: 1 } },
    ])
  })

  it('serves every model that is not retired, each operation it lists', async () => {
    for (const { id, image } of stability.models)
      for (const operation of image?.operations ?? []) {
        const images = operation === 'generate' ? [] : [assetOf(await png(96, 64))]
        const prompt = operation === 'variation' ? '' : 'A fox'
        const { bytes } = await run(id, { operation, images, prompt })
        const [width, height] = operation === 'generate' ? [1024, 1024] : [96, 64]
        expect(probe(bytes)).toEqual({ mediaType: 'image/png', width, height })
      }
  })

  it('turns a transparent mask into a white one', async () => {
    const mask = await png(96, 64, true)
    const images = [assetOf(await png(96, 64))]
    const { form, lost } = await run('stable-image-ultra', {
      operation: 'edit',
      images,
      mask: assetOf(mask),
      strength: 0.5,
    })
    const sent = form.get('mask')
    if (!(sent instanceof Blob)) throw new Error('no mask was sent')
    const bytes = new Uint8Array(await sent.arrayBuffer())
    expect(bytes).toEqual(await grayscaleMask(mask, 'white'))
    expect(lost).toEqual(['strength'])
  })

  it('tells what it left out', async () => {
    const { form, lost, headers } = await run('stable-diffusion-3.5-medium', {
      operation: 'edit',
      images: [assetOf(await png(96, 64))],
      aspectRatio: '16:9',
      seed: 0,
      style: 'vivid',
      user: 'кто-то',
    })
    expect(lost.toSorted()).toEqual(['aspect_ratio', 'seed', 'style', 'user'])
    for (const field of ['aspect_ratio', 'seed', 'style_preset'])
      expect(form.has(field)).toBe(false)
    expect(headers).not.toHaveProperty('stability-client-user-id')
  })

  it('gives the same picture for the same request, and another for another', async () => {
    const first = await run('stable-image-core', { prompt: 'A fox' })
    const again = await run('stable-image-core', { prompt: 'A fox' })
    const other = await run('stable-image-core', { prompt: 'A hen' })
    expect(again.bytes).toEqual(first.bytes)
    expect(other.bytes).not.toEqual(first.bytes)
  })

  it('reads each refusal as what it is', async () => {
    const kinds = {
      'mock-forbidden': 'permission',
      'mock-moderated': 'content_policy',
      'mock-rate-limited': 'rate_limited',
      'mock-quota': 'quota_exhausted',
      'mock-overloaded': 'overloaded',
      'mock-server-error': 'upstream',
      'mock-too-large': 'too_large',
      'mock-invalid': 'authentication',
    }
    for (const [key, kind] of Object.entries(kinds)) {
      const error = await failure(run('stable-image-core', {}, { key }))
      expect([key, error.kind]).toEqual([key, kind])
      expect(error.details.requestId).toBeDefined()
    }
    const limited = await failure(run('stable-image-core', {}, { key: 'mock-rate-limited' }))
    expect(limited.details.retryAfterMs).toBeGreaterThan(0)
  })

  it('tells the fault of a form, with the vendor’s status', async () => {
    const error = await failure(run('stable-image-core', { prompt: 'x'.repeat(10_001) }))
    expect(error).toMatchObject({ kind: 'invalid_request', status: 400 })
    expect(error.message).toContain('prompt')
    expect(error.details.code).toBe('bad_request')
  })

  it('waits a minute after a refusal that names no delay', () => {
    const error = stability.readError({ status: 429, header: () => undefined, text: '', json: {} })
    expect(error).toMatchObject({ kind: 'rate_limited', details: { retryAfterMs: 60_000 } })
  })

  it('refuses a picture the filter has blurred, and lets go of its bytes', async () => {
    let discarded = 0
    const send = async (): Promise<WireResponse> => reply({ 'finish-reason': 'CONTENT_FILTERED' })
    const reply = (headers: Record<string, string>): WireResponse => ({
      status: 200,
      header: (name) => ({ 'content-type': 'image/png', ...headers })[name],
      headers: () => [],
      body: once(new Uint8Array(4)),
      text: async () => '',
      async discard() {
        discarded += 1
      },
    })
    const error = await failure(run('stable-image-core', {}, { send }))
    expect(error).toMatchObject({
      kind: 'content_policy',
      details: { code: 'CONTENT_FILTERED' },
    })
    const page = async () => reply({ 'content-type': 'text/html' })
    const garbage = await failure(run('stable-image-core', {}, { send: page }))
    expect(garbage.kind).toBe('upstream')
    expect(discarded).toBe(2)
  })
})

describe('the mock speaks as the vendor does', () => {
  const ask = (path: string, fields: Record<string, string | Blob>, accept = 'image/*') => {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    const headers = { authorization: 'Bearer mock', accept }
    return stability.mock.fetch(new Request(`${origin}${path}`, { method: 'POST', headers, body }))
  }
  const core = '/v2beta/stable-image/generate/core'

  it('answers with bytes or with JSON, as accept says', async () => {
    const bytes = await ask(core, { prompt: 'A fox', output_format: 'jpeg', seed: '9' })
    expect(Object.fromEntries(bytes.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'finish-reason': 'SUCCESS',
      seed: '9',
    })
    const json: unknown = await (await ask(core, { prompt: 'A fox' }, 'application/json')).json()
    if (!isObject(json) || typeof json['image'] !== 'string') throw new Error('no image')
    expect(json).toMatchObject({ finish_reason: 'SUCCESS' })
    expect(probe(fromBase64(json['image']))).toMatchObject({ mediaType: 'image/png', width: 1024 })
  })

  it('refuses faulty forms as { id, name, errors }', async () => {
    const sd3 = '/v2beta/stable-image/generate/sd3'
    const cases: [string, Record<string, string>, string][] = [
      [core, {}, 'prompt: is required'],
      [core, { prompt: '' }, 'prompt: cannot be empty'],
      [core, { prompt: 'A', aspect_ratio: '4:3' }, 'aspect_ratio: '],
      [core, { prompt: 'A', output_format: 'gif' }, 'output_format: '],
      [core, { prompt: 'A', seed: '-1' }, 'seed: '],
      [sd3, { prompt: 'A', model: 'sd9' }, 'model: '],
      [sd3, { prompt: 'A', mode: 'image-to-image' }, 'image: is required'],
      [sd3, { prompt: 'A', strength: '0.5' }, 'strength: '],
      ['/v2beta/stable-image/edit/inpaint', { prompt: 'A' }, 'image: is required'],
    ]
    for (const [path, fields, fault] of cases) {
      const response = await ask(path, fields)
      const body: unknown = await response.json()
      expect(response.status).toBe(400)
      expect(body).toEqual({
        id: expect.any(String),
        name: 'bad_request',
        errors: [expect.stringContaining(fault)],
      })
    }
  })

  it('takes nothing but forms', async () => {
    const response = await stability.mock.fetch(
      new Request(`${origin}${core}`, {
        method: 'POST',
        headers: { authorization: 'Bearer mock', 'content-type': 'application/json' },
        body: '{"prompt":"A fox"}',
      }),
    )
    expect(response.status).toBe(400)
  })

  it('finishes a creative upscale when its time has come', async () => {
    let now = 1_000_000
    const world = { now: () => now }
    const headers = { authorization: 'Bearer mock:upscale' }
    const body = new FormData()
    body.append('prompt', 'A fox')
    body.append('image', new Blob([new Uint8Array(await png(80, 64))]))
    const at = (path: string, init: RequestInit = {}) =>
      stability.mock.fetch(new Request(`${origin}${path}`, { headers, ...init }), world)
    const started: unknown = await (
      await at('/v2beta/stable-image/upscale/creative', { method: 'POST', body })
    ).json()
    const id = isObject(started) && typeof started['id'] === 'string' ? started['id'] : ''
    const early = await at(`/v2beta/results/${id}`)
    expect([early.status, await early.json()]).toEqual([202, { id, status: 'in-progress' }])
    now += 5_000
    const late = await at(`/v2beta/results/${id}`)
    expect(probe(new Uint8Array(await late.arrayBuffer()))).toMatchObject({ width: 160 })
    expect((await at('/v2beta/results/unknown')).status).toBe(404)
  })

  it('knows the balance, and refuses who brings no key', async () => {
    const path = `${origin}/v1/user/balance`
    const authorized = new Request(path, { headers: { authorization: 'Bearer mock' } })
    expect(await (await stability.mock.fetch(authorized)).json()).toEqual({ credits: 1000 })
    expect((await stability.mock.fetch(new Request(path))).status).toBe(401)
  })
})

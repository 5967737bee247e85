import Replicate from 'replicate'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '#core/json'
import { createInternet } from '#mock/internet'
import { probe } from '#mock/media/index'
import type { MockWorld } from '#mock/world'
import replicate from '../../providers/replicate/index.ts'
import { hurried } from '../kit/adapter-call.ts'

/** The official client, on the mock. */
function client(key = 'mock', world: Partial<MockWorld> = hurried()) {
  const internet = createInternet([replicate], world)
  const sent: Request[] = []
  const sdk = new Replicate({
    auth: key,
    fetch: (input, init) => {
      const request = new Request(input, init)
      sent.push(request.clone())
      return internet.fetch(request)
    },
  })
  return { sdk, sent, internet }
}

/** A world whose clock only moves by hand. */
function standing(start = 1_800_000_000_000) {
  const clock = { now: start }
  const world = { now: () => clock.now, sleep: async () => undefined }
  return { clock, world }
}

async function bytesOf(output: unknown): Promise<Uint8Array> {
  if (!(output instanceof ReadableStream)) throw new Error('no file came back')
  return new Uint8Array(await new Response(output).arrayBuffer())
}

const schnell = 'black-forest-labs/flux-schnell'
const large = 'stability-ai/stable-diffusion-3.5-large'
const sdxl = 'stability-ai/sdxl'
const hash = '7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc'
const llama = 'meta/meta-llama-3-8b-instruct'

describe('the replicate client', () => {
  it('runs an official model and reads the picture', async () => {
    const { sdk } = client()
    const output = await sdk.run(large, {
      input: { prompt: 'A fox', aspect_ratio: '16:9', output_format: 'jpg' },
    })
    expect(probe(await bytesOf(output))).toEqual({
      mediaType: 'image/jpeg',
      width: 1376,
      height: 768,
    })
  })

  it('runs a community model by version, for several pictures of a size', async () => {
    const { sdk } = client()
    const output = await sdk.run(`${sdxl}:${hash}`, {
      input: { prompt: 'A fox', width: 640, height: 512, num_outputs: 2 },
    })
    if (!Array.isArray(output)) throw new Error('no list came back')
    const files: unknown[] = output
    const pictures = await Promise.all(files.map(bytesOf))
    expect(pictures.map((picture) => probe(picture))).toEqual([
      { mediaType: 'image/png', width: 640, height: 512 },
      { mediaType: 'image/png', width: 640, height: 512 },
    ])
    expect(pictures[0]).not.toEqual(pictures[1])
  })

  it('runs by polling, and sees each state', async () => {
    const { clock, world } = standing()
    const { sdk } = client('mock', world)
    const seen: string[] = []
    const output = await sdk.run(
      schnell,
      { input: { prompt: 'A fox' }, wait: { mode: 'poll', interval: 1 } },
      ({ status }) => {
        seen.push(status)
        clock.now += 50
      },
    )
    expect(Array.isArray(output)).toBe(true)
    expect(seen).toEqual(['starting', 'processing', 'processing', 'succeeded'])
  })

  it('creates, gets, lists and cancels predictions', async () => {
    const { clock, world } = standing()
    const { sdk } = client('mock:lifecycle', world)
    const made = await sdk.predictions.create({ model: schnell, input: { prompt: 'A fox' } })
    expect(made).toMatchObject({
      model: schnell,
      version: 'hidden',
      status: 'starting',
      output: null,
      error: null,
      source: 'api',
      urls: { get: `https://api.replicate.com/v1/predictions/${made.id}` },
    })
    const other = await sdk.predictions.create({ version: hash, input: {} })
    expect(other).toMatchObject({ model: sdxl, version: hash })
    expect((await sdk.predictions.cancel(other.id)).status).toBe('canceled')
    clock.now += 1_000
    expect((await sdk.predictions.get(other.id)).status).toBe('canceled')
    expect(await sdk.predictions.get(made.id)).toMatchObject({
      status: 'succeeded',
      output: [`https://replicate.delivery/xezq/${made.id}/out-0.png`],
      metrics: { image_output_count: 1 },
    })
    expect((await sdk.predictions.cancel(made.id)).status).toBe('succeeded')
    const { results } = await sdk.predictions.list()
    expect(results.map(({ id }) => id)).toEqual([other.id, made.id])
  })

  it('holds the answer for as long as it was asked to', async () => {
    const slept: number[] = []
    const { clock } = standing()
    const world = {
      now: () => clock.now,
      sleep: async (milliseconds: number) => {
        if (milliseconds > 0) slept.push(milliseconds)
        clock.now += milliseconds
      },
    }
    const { sdk } = client('mock', world)
    const held = await sdk.predictions.create({
      model: schnell,
      input: { prompt: 'A fox' },
      wait: 60,
    })
    expect(held.status).toBe('succeeded')
    expect(slept).toEqual([120])
    const plain = await sdk.predictions.create({ model: schnell, input: { prompt: 'A fox' } })
    expect(plain.status).toBe('starting')
    expect(slept).toHaveLength(1)
  })

  it('loses data and files after an hour', async () => {
    const { clock, world } = standing()
    const { sdk, internet } = client('mock', world)
    const { id } = await sdk.predictions.create({ model: large, input: { prompt: 'A fox' } })
    clock.now += 1_000
    const { output } = await sdk.predictions.get(id)
    const url = typeof output === 'string' ? output : ''
    expect((await internet.fetch(new Request(url))).headers.get('content-type')).toBe('image/png')
    clock.now += 3_600_000
    expect(await sdk.predictions.get(id)).toMatchObject({ data_removed: true, output: null })
    expect((await internet.fetch(new Request(url))).status).toBe(404)
  })

  it('streams a text model as output and done', async () => {
    const { sdk } = client()
    const events: { event: string; data: string; id?: string }[] = []
    const input = { prompt: 'Tell me of\nfoxes', max_tokens: 64 }
    for await (const event of sdk.stream(llama, { input })) events.push(event)
    expect(events.at(-1)).toMatchObject({ event: 'done', data: '{}' })
    const output = events.slice(0, -1)
    expect(new Set(output.map(({ event }) => event))).toEqual(new Set(['output']))
    expect(output.length).toBeGreaterThan(2)
    expect(output.map(({ data }) => data).join('')).not.toBe('')
    const whole = await sdk.run(llama, { input })
    if (!Array.isArray(whole)) throw new Error('no text came back')
    expect(whole.join('')).toBe(output.map(({ data }) => data).join(''))
  })

  it('does not stream pictures', async () => {
    const { sdk } = client()
    const events = sdk.stream(schnell, { input: { prompt: 'A fox' } })
    await expect(events.next()).rejects.toThrow('does not support streaming')
  })

  it('reads a model with its schema', async () => {
    const { sdk } = client()
    const model = await sdk.models.get('stability-ai', 'stable-diffusion-3.5-large')
    expect(model).toMatchObject({ owner: 'stability-ai', is_official: true, visibility: 'public' })
    const schema: unknown = model.latest_version?.openapi_schema
    const text = JSON.stringify(schema)
    for (const name of ['prompt', 'aspect_ratio', 'negative_prompt', 'jpg'])
      expect(text).toContain(`"${name}"`)
    expect((await sdk.models.get('stability-ai', 'sdxl')).latest_version?.id).toBe(hash)
  })

  it('uploads a file and takes it as an input', async () => {
    const { sdk } = client('mock:upload')
    const picture = await bytesOf(
      await sdk.run(`${sdxl}:${hash}`, { input: { width: 192, height: 128 } }).then(first),
    )
    const file = await sdk.files.create(new Blob([new Uint8Array(picture)], { type: 'image/png' }))
    expect(file).toMatchObject({ content_type: 'image/png', size: picture.length })
    expect((await sdk.files.get(file.id)).urls.get).toBe(file.urls.get)
    expect((await sdk.files.list()).results).toHaveLength(1)
    const output = await sdk.run(large, { input: { prompt: 'A hen', image: file.urls.get } })
    expect(probe(await bytesOf(output))).toMatchObject({ width: 192, height: 128 })
    expect(await sdk.files.delete(file.id)).toBe(true)
    await expect(sdk.files.get(file.id)).rejects.toMatchObject({ response: { status: 404 } })
  })
})

const first = (output: unknown): unknown => (Array.isArray(output) ? output[0] : output)

describe('refusals reach the client as Replicate writes them', () => {
  const refusal = async (outcome: Promise<unknown>) => {
    const error: unknown = await outcome.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!isObject(error) && !(error instanceof Error)) throw new Error('was not refused')
    const response = 'response' in error ? error.response : undefined
    if (!(response instanceof Response)) throw error
    return { status: response.status, message: error instanceof Error ? error.message : '' }
  }
  const run = (key: string, input: JsonObject = { prompt: 'A fox' }) =>
    client(key).sdk.predictions.create({ model: schnell, input })

  it('by status', async () => {
    const statuses = {
      'mock-invalid': 401,
      'mock-forbidden': 403,
      'mock-quota': 402,
      'mock-rate-limited': 429,
      'mock-overloaded': 503,
      'mock-server-error': 500,
    }
    for (const [key, status] of Object.entries(statuses)) {
      const { status: found, message } = await refusal(run(key))
      expect([key, found]).toEqual([key, status])
      expect(message).toContain('"detail":')
    }
  })

  it('with the fields at fault', async () => {
    const missing = await refusal(run('mock', {}))
    expect(missing.status).toBe(422)
    expect(missing.message).toContain(
      '"invalid_fields":[{"type":"required","field":"input","description":"prompt is required"}]',
    )
    const { sdk } = client()
    const typo = await refusal(
      sdk.request('/predictions', { method: 'POST', data: { version: hash, inptu: {} } }),
    )
    expect(typo.message).toContain('input is required')
    const unknown = await refusal(sdk.predictions.create({ version: 'no such', input: {} }))
    expect([unknown.status, unknown.message]).toEqual([
      422,
      expect.stringContaining('Invalid version or not permitted'),
    ])
  })

  it('when there is no such prediction', async () => {
    const { status, message } = await refusal(client().sdk.predictions.get('unknown'))
    expect(status).toBe(404)
    expect(message).toContain('The requested resource could not be found.')
  })

  it('as a failed prediction when the picture is withheld', async () => {
    const outcome = client('mock-moderated').sdk.run(schnell, { input: { prompt: 'A fox' } })
    await expect(outcome).rejects.toThrow('Prediction failed: NSFW content detected')
  })

  it('and a key of the old form is still a key', async () => {
    const request = new Request('https://api.replicate.com/v1/account', {
      headers: { authorization: 'Token mock' },
    })
    expect((await replicate.mock.fetch(request)).status).toBe(200)
  })
})

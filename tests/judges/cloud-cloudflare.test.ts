// Workers AI: OpenAI's client on its compatible paths, and what the adapters send and read.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { fromBase64, gather } from '#core/bytes'
import { collect } from '#core/events'
import type { ImageRequest, TranscriptionRequest } from '#core/media'
import { createInternet } from '#mock/internet'
import { synthesize } from '#mock/media/index'
import cloudflare from '../../providers/cloudflare/index.ts'
import { answering, callOn, jsonBody, type TestCall } from '../kit/adapter-call.ts'
import { plainRequest } from '../kit/codec.ts'

const internet = createInternet([cloudflare])
const extra = { protocol: 'none', fields: {} }
const root = 'https://api.cloudflare.com/client/v4/accounts/mimus/ai'

const drawing = async (one: TestCall, changes: Partial<ImageRequest> = {}) => {
  const { image } = cloudflare.adapters
  if (image?.run === undefined) throw new Error('Workers AI does not draw')
  const request: ImageRequest = {
    model: 'any',
    operation: 'generate',
    prompt: 'a bird',
    count: 1,
    images: [],
    stream: false,
    extra,
    ...changes,
  }
  const assets = []
  for await (const event of await image.run(request, one.call))
    if (event.type === 'image') assets.push(event.asset)
  return assets
}

describe('Workers AI', () => {
  it("answers OpenAI's client below an account", async () => {
    const client = new OpenAI({
      apiKey: 'mock',
      baseURL: `${root}/v1`,
      fetch: (input, init) => internet.fetch(new Request(input, init)),
    })
    const model = '@cf/openai/gpt-oss-120b'
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: 'user', content: 'Say hello' }],
    })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).not.toBe('')
    const { data } = await client.embeddings.create({ model: '@cf/baai/bge-m3', input: 'one' })
    expect(data[0]?.embedding).toHaveLength(1024)
  })

  it('is set up by a token and an account', () => {
    const setup = (variables: Record<string, string>) =>
      cloudflare.setup?.((name) => variables[name])
    expect(setup({ CLOUDFLARE_API_TOKEN: 't' })).toBeUndefined()
    expect(setup({ CLOUDFLARE_API_TOKEN: 't', CLOUDFLARE_ACCOUNT_ID: 'a' })).toEqual({
      key: 't',
      settings: { account: 'a' },
    })
  })

  it('asks with the account in the path, and the older name of the limit', async () => {
    const { call, sent, lost } = callOn(cloudflare, '@cf/meta/llama-3.3-70b-instruct-fp8-fast')
    const { chat } = cloudflare.adapters
    const asked = { ...plainRequest, maxOutputTokens: 50, cacheKey: 'k' }
    const reply = await chat?.run?.(asked, call)
    if (reply !== undefined) await collect(reply)
    expect(sent[0]?.url).toBe(`${root}/v1/chat/completions`)
    expect(jsonBody(sent[0])).toMatchObject({ max_tokens: 50 })
    expect(lost).toEqual(['cacheKey'])
  })

  it('draws into the envelope, or sends the picture as it is', async () => {
    const fixed = callOn(cloudflare, '@cf/black-forest-labs/flux-1-schnell')
    await drawing(fixed, { size: { width: 1024, height: 1024 } })
    expect(jsonBody(fixed.sent[0])).toEqual({ prompt: 'a bird' })
    const free = callOn(cloudflare, '@cf/leonardo/phoenix-1.0')
    const [asset] = await drawing(free, {
      size: { width: 256, height: 512 },
      negativePrompt: 'cat',
    })
    expect(jsonBody(free.sent[0])).toEqual({
      prompt: 'a bird',
      width: 256,
      height: 512,
      negative_prompt: 'cat',
    })
    expect(asset?.mediaType).toBe('image/jpeg')
  })

  it('does not take an empty envelope for a picture', async () => {
    const one = callOn(cloudflare, '@cf/leonardo/lucid-origin', {
      send: answering({ result: {}, success: true, errors: [], messages: [] }),
    })
    await expect(drawing(one)).rejects.toMatchObject({ kind: 'upstream' })
  })

  it('hears words and segments with their times', async () => {
    const bytes = await gather(synthesize({ text: 'mockingbird', seconds: 2, format: 'wav' }))
    const { call, sent } = callOn(cloudflare, '@cf/openai/whisper-large-v3-turbo')
    const request: TranscriptionRequest = {
      model: 'any',
      audio: { mediaType: 'audio/wav', body: { bytes } },
      task: 'translate',
      prompt: 'Birds',
      keywords: ['Mimus'],
      format: 'verbose_json',
      timestamps: ['word'],
      stream: false,
      extra,
    }
    const events = []
    const { transcription } = cloudflare.adapters
    for await (const event of (await transcription?.run?.(request, call)) ?? []) events.push(event)
    expect(events).toMatchObject([
      { type: 'end', transcript: { seconds: 2, usage: { seconds: 2 }, segments: [{ start: 0 }] } },
    ])
    const { audio, ...rest } = jsonBody(sent[0])
    expect(rest).toEqual({ task: 'translate', initial_prompt: 'Birds Mimus' })
    expect(typeof audio === 'string' ? fromBase64(audio) : undefined).toEqual(bytes)
  })

  it.each([
    [3036, 429, 'quota_exhausted'],
    [3040, 429, 'overloaded'],
    [5007, 400, 'not_found'],
    [10000, 401, 'authentication'],
    [3003, 400, 'invalid_request'],
  ])('means by its code %i with status %i: %s', (code, status, kind) => {
    const json = { success: false, result: null, messages: [], errors: [{ code, message: 'No' }] }
    const failure = { status, header: () => undefined, text: JSON.stringify(json), json }
    expect(cloudflare.readError(failure)).toMatchObject({ kind, message: 'No' })
  })
})

// What callers get wrong, told in the shape of their own protocol with the place of the mistake.

import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { isObject, parseJson } from '#core/json'
import { testGateway } from '../kit/gateway.ts'
import { faces, openai, post, wire, type Face } from '../kit/gateway-clients.ts'

const gateway = testGateway()

interface Told {
  status: number
  message: string
  /** What each face calls the field at fault. */
  param: unknown
}

async function told(reply: Response): Promise<Told> {
  const body = parseJson(await reply.text())
  const error = isObject(body) ? body['error'] : undefined
  if (!isObject(error)) throw new Error(`No error in ${JSON.stringify(body)}`)
  const details = JSON.stringify(error['details'] ?? '')
  const field = /"field":"([^"]*)"/.exec(details)?.[1]
  return {
    status: reply.status,
    message: typeof error['message'] === 'string' ? error['message'] : '',
    param: error['param'] ?? field,
  }
}

const isShaped: Record<Face, (reply: Response) => Promise<void>> = {
  openai: async (reply) =>
    expect(await reply.json()).toEqual({
      error: {
        message: expect.any(String),
        type: expect.any(String),
        param: expect.toBeOneOf([null, expect.any(String)]),
        code: expect.toBeOneOf([null, expect.any(String)]),
      },
    }),
  anthropic: async (reply) =>
    expect(await reply.json()).toMatchObject({
      type: 'error',
      error: { message: expect.any(String) },
    }),
  google: async (reply) =>
    expect(await reply.json()).toMatchObject({
      error: { code: reply.status, message: expect.any(String) },
    }),
}

describe.each(faces)('to a caller of %s', (face) => {
  const send = (body: string, headers = {}, model = 'gpt-6-sol') =>
    post(gateway, face, { body, headers, model })

  it('JSON that is none is a 400', async () => {
    for (const body of ['{"model": "gpt-6-sol", ', '', '[]', '"hello"', 'null']) {
      const reply = await send(body)
      expect(reply.status, body).toBe(400)
      await isShaped[face](reply)
    }
  })

  it('an unknown model is a 404 with the nearest names', async () => {
    const { status, message } = await told(
      await send(
        JSON.stringify(wire[face].body({ model: 'gpt-6-sole', text: 'Hi' })),
        {},
        'gpt-6-sole',
      ),
    )
    expect(status).toBe(404)
    expect(message).toContain("'gpt-6-sole'")
    expect(message).toContain('gpt-6-sol')
  })

  it('a model that does something else is a 400 that says what it does', async () => {
    const model = 'text-embedding-3-small'
    const body = JSON.stringify(wire[face].body({ model, text: 'Hi' }))
    const { status, message } = await told(await send(body, {}, model))
    expect(status).toBe(400)
    expect(message).toContain('embedding')
  })

  it('a body past the limit is a 413, with and without a declared length', async () => {
    const small = testGateway({ config: { limits: { json: 1000 } } })
    const body = JSON.stringify(wire[face].body({ model: 'gpt-6-sol', text: 'x'.repeat(2000) }))
    const url = small.url + wire[face].path('gpt-6-sol')
    const common = { 'content-type': 'application/json', ...wire[face].auth('mock') }
    const declared = await small.fetch(url, {
      method: 'POST',
      headers: { ...common, 'content-length': String(body.length) },
      body,
    })
    expect(declared.status).toBe(413)
    await isShaped[face](declared)
    const chunked = new Request(url, { method: 'POST', headers: common, body })
    chunked.headers.delete('content-length')
    expect((await small.fetch(chunked)).status).toBe(413)
  })

  it('a path that does not exist is a 404 in the same shape', async () => {
    const reply = await gateway.fetch(`${gateway.url}/v1/nothing`, {
      method: 'POST',
      headers: wire[face].auth('mock'),
    })
    expect(reply.status).toBe(404)
    await isShaped[face](reply)
  })
})

describe('a path', () => {
  const get = (path: string, headers = {}) => gateway.fetch(gateway.url + path, { headers })

  it('with a percent sign that encodes nothing names a model that does not exist', async () => {
    expect((await get('/v1/models/%zz')).status).toBe(404)
    const body = JSON.stringify(wire.google.body({ model: '%zz', text: 'Hi' }))
    expect((await post(gateway, 'google', { body, model: '%zz' })).status).toBe(404)
  })

  it('with a page that is none is a 400', async () => {
    const google = { 'x-goog-api-key': 'mock' }
    for (const query of ['pageSize=0', 'pageSize=x', 'pageToken=-5', 'pageToken=x'])
      expect((await get(`/v1beta/models?${query}`, google)).status, query).toBe(400)
    const anthropic = { 'anthropic-version': '2023-06-01' }
    expect((await get('/v1/models?limit=0', anthropic)).status).toBe(400)
  })

  it('to a model of another provider may have its slash encoded, or not', async () => {
    const body = JSON.stringify(wire.google.body({ model: '', text: 'Hi' }))
    for (const model of ['openai/gpt-6-sol', 'openai%2Fgpt-6-sol'])
      expect((await post(gateway, 'google', { body, model })).status, model).toBe(200)
  })
})

describe('the place of a mistake', () => {
  const wrong = { role: 'user', content: 7 }
  const right = { role: 'user', content: 'Hi' }

  it('is named as a path, whatever protocol the target speaks', async () => {
    for (const model of ['claude-opus-5-5', 'gemini-3.8-flash', 'meta-llama-3-8b-instruct']) {
      const body = JSON.stringify({ model, messages: [right, right, wrong] })
      expect(await told(await post(gateway, 'openai', { body })), model).toMatchObject({
        status: 400,
        param: 'messages[2].content',
      })
    }
    const body = { model: 'gpt-6-sol', max_tokens: 10, messages: [right, right, wrong] }
    const { status, message } = await told(
      await post(gateway, 'anthropic', { body: JSON.stringify(body) }),
    )
    expect(status).toBe(400)
    expect(message).toContain('messages[2].content')
  })

  it('is named in the path of Google\u2019s own', async () => {
    const parts = [{ text: 'Hi' }]
    const body = JSON.stringify({ contents: [{ parts }, { parts: [{ text: 7 }] }] })
    const { status, message } = await told(
      await post(gateway, 'google', { body, model: 'claude-opus-5-5' }),
    )
    expect(status).toBe(400)
    expect(message).toContain('contents[1].parts[0].text')
  })

  it('is the vendor\u2019s to name where the target speaks the same protocol', async () => {
    const body = JSON.stringify({ model: 'gpt-6-sol', messages: [right, right, wrong] })
    expect(await told(await post(gateway, 'openai', { body }))).toMatchObject({ status: 400 })
  })

  it('is the model where none is named, or it is no text', async () => {
    for (const model of [undefined, 7, '', null]) {
      const body = JSON.stringify({ model, messages: [right], max_tokens: 9 })
      expect(await told(await post(gateway, 'openai', { body })), String(model)).toMatchObject({
        status: 400,
        param: 'model',
      })
      const { status, message } = await told(await post(gateway, 'anthropic', { body }))
      expect(status).toBe(400)
      expect(message).toContain('model')
    }
  })

  it('is the field of media requests', async () => {
    const client = openai(gateway)
    const cases: [Promise<unknown>, string][] = [
      [client.post('/images/generations', { body: { model: 'sdxl', prompt: 7 } }), 'prompt'],
      [client.post('/images/generations', { body: { prompt: 'A fox', n: 0 } }), 'n'],
      [client.post('/images/generations', { body: { prompt: 'A fox', size: 'big' } }), 'size'],
      [client.post('/audio/speech', { body: { model: 'tts-1', voice: 'alloy' } }), 'input'],
      [
        client.post('/audio/speech', {
          body: { model: 'tts-1', voice: 'alloy', input: 'Hi', response_format: 'ogg' },
        }),
        'response_format',
      ],
      [client.post('/embeddings', { body: { model: 'text-embedding-3-small' } }), 'input'],
      [client.post('/moderations', { body: { input: 7 } }), 'input'],
    ]
    for (const [outcome, param] of cases)
      await expect(outcome, param).rejects.toMatchObject({ status: 400, param })
  })
})

describe('an upload', () => {
  const form = (fields: Record<string, string | Blob>): FormData => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.append(name, value)
    return data
  }
  const upload = (path: string, body: FormData | string, headers = {}, on = gateway) =>
    on.fetch(`${on.url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer mock', ...headers },
      body,
    })
  const sound = new Blob([new Uint8Array(2000)], { type: 'audio/wav' })

  it('must be multipart where files are sent', async () => {
    for (const path of ['/audio/transcriptions', '/audio/translations', '/images/variations']) {
      const json = { 'content-type': 'application/json' }
      const { status, message } = await told(await upload(path, '{"model":"whisper-1"}', json))
      expect(status, path).toBe(400)
      expect(message, path).toContain('multipart/form-data')
      const garbled = { 'content-type': 'multipart/form-data; boundary=x' }
      expect((await upload(path, 'not a form', garbled)).status, path).toBe(400)
    }
  })

  it('must have the file and the model', async () => {
    expect(
      await told(await upload('/audio/transcriptions', form({ model: 'whisper-1' }))),
    ).toMatchObject({ status: 400, param: 'file' })
    expect(await told(await upload('/audio/transcriptions', form({ file: sound })))).toMatchObject({
      status: 400,
      param: 'model',
    })
    const edit = form({ model: 'gpt-image-2', prompt: 'A hat' })
    expect(await told(await upload('/images/edits', edit))).toMatchObject({
      status: 400,
      param: 'image',
    })
  })

  it('past the limit is a 413 of the SDK', async () => {
    const small = testGateway({ config: { limits: { upload: 1000 } } })
    const { status } = await told(
      await upload('/audio/transcriptions', form({ file: sound, model: 'whisper-1' }), {}, small),
    )
    expect(status).toBe(413)
    const file = await toFile(sound, 'a.wav', { type: 'audio/wav' })
    const sent = openai(small).audio.transcriptions.create({ model: 'whisper-1', file })
    await expect(sent).rejects.toBeInstanceOf(OpenAI.APIError)
    await expect(sent).rejects.toMatchObject({ status: 413 })
  })
})

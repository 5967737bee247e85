// Who may ask, and with whose key a provider is asked.

import Anthropic from '@anthropic-ai/sdk'
import { ApiError } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { once, utf8 } from '#core/bytes'
import type { WireRequest, WireResponse } from '#core/transport'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { callers, faces, google, openai, post, wire } from '../kit/gateway-clients.ts'

const text = 'Say "aye"'
const model = 'gpt-6-sol'
const body = (face: (typeof faces)[number]) => JSON.stringify(wire[face].body({ model, text }))

describe('a gateway with keys', () => {
  const gateway = testGateway({ secrets: { MIMUS_KEYS: 'first-key, second-key' } })
  const ask = callers(gateway)

  it.each(faces)('lets in who shows one, as the SDK of %s does', async (face) => {
    for (const key of ['first-key', 'second-key'])
      expect(await ask[face].whole({ model, text, key })).toContain('aye')
  })

  it('takes it in every header, and in the query', async () => {
    const ways: [Record<string, string>, string][] = [
      [{ authorization: 'Bearer first-key' }, ''],
      [{ authorization: 'bearer first-key' }, ''],
      [{ 'x-api-key': 'first-key' }, ''],
      [{ 'x-goog-api-key': 'first-key' }, ''],
      [{}, '?key=first-key'],
    ]
    for (const [headers, query] of ways) {
      const url = `${gateway.url}/v1/models${query}`
      expect((await gateway.fetch(url, { headers })).status, JSON.stringify(headers)).toBe(200)
    }
  })

  it('sends others away in the shape of their own protocol', async () => {
    const errors = {
      openai: OpenAI.AuthenticationError,
      anthropic: Anthropic.AuthenticationError,
      google: ApiError,
    }
    for (const face of faces)
      for (const key of ['wrong', 'first-ke', 'first-key, second-key', 'mock']) {
        const asked = ask[face].whole({ model, text, key })
        await expect(asked, `${face} ${key}`).rejects.toBeInstanceOf(errors[face])
        await expect(asked, `${face} ${key}`).rejects.toMatchObject({ status: 401 })
      }
  })

  it('guards every endpoint but health and links to media', async () => {
    const paths = [
      '/v1/models',
      '/v1beta/models',
      '/v1/models/gpt-6-sol',
      '/native/openai/v1/models',
    ]
    for (const path of paths)
      expect((await gateway.fetch(gateway.url + path)).status, path).toBe(401)
    const posts = [
      '/v1/chat/completions',
      '/v1/messages',
      '/v1/messages/count_tokens',
      '/v1/embeddings',
      '/v1/images/generations',
      '/v1/images/edits',
      '/v1/images/variations',
      '/v1/audio/speech',
      '/v1/audio/transcriptions',
      '/v1/audio/translations',
      '/v1/moderations',
      '/v1/models/gpt-6-sol:generateContent',
      '/v1beta/models/gpt-6-sol:countTokens',
    ]
    for (const path of posts)
      expect((await gateway.fetch(gateway.url + path, { method: 'POST' })).status, path).toBe(401)
    expect((await gateway.fetch(`${gateway.url}/health`)).status).toBe(200)
    expect((await gateway.fetch(`${gateway.url}/v1/files/none.png`)).status).toBe(404)
  })

  it('never shows them to a provider, mocked or native', async () => {
    await ask.openai.whole({ model, text, key: 'first-key' })
    await gateway.fetch(`${gateway.url}/native/openai/v1/models?key=first-key`)
    await gateway.fetch(`${gateway.url}/native/anthropic/v1/models`, {
      headers: { 'x-api-key': 'first-key' },
    })
    expect(gateway.sent.length).toBeGreaterThan(2)
    expect(JSON.stringify(gateway.sent)).not.toContain('first-key')
  })

  it('has scenarios of mocks by name', async () => {
    const headers = { 'x-mimus-mock': 'rate-limited' }
    const asked = ask.openai.whole({ model, text, key: 'first-key', headers })
    await expect(asked).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    const plain = { 'x-mimus-mock': '1' }
    expect(await ask.openai.whole({ model, text, key: 'first-key', headers: plain })).toContain(
      'aye',
    )
  })
})

/** A network that answers every request the same way, and remembers them. */
function network(status: number, json: unknown) {
  const sent: WireRequest[] = []
  const send = async (request: WireRequest): Promise<WireResponse> => {
    sent.push(request)
    const said = JSON.stringify(json)
    const headers: [string, string][] = [
      ['content-type', 'application/json'],
      ['x-request-id', 'req_of_the_vendor'],
    ]
    return {
      status,
      header: (name) => headers.find(([known]) => known === name)?.[1],
      headers: () => headers,
      body: once(utf8.encode(said)),
      text: async () => said,
      discard: async () => undefined,
    }
  }
  return { sent, send }
}

const reply = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-6-sol',
  choices: [{ index: 0, message: { role: 'assistant', content: 'aye' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

describe('a live provider', () => {
  const secrets = { OPENAI_API_KEY: 'sk-live', MIMUS_KEYS: 'gateway-key' }

  it('is asked with its own key, never with the caller\u2019s, and is no mock', async () => {
    const gateway = testGateway({ secrets })
    const { sent, send } = network(200, reply)
    gateway.platform.send = send
    for (const face of faces)
      expect(await callers(gateway)[face].whole({ model, text, key: 'gateway-key' })).toBe('aye')
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBeNull()
    expect(lastHeaders(gateway).get('x-request-id')).toBe('req_of_the_vendor')
    expect(sent).toHaveLength(3)
    for (const { headers } of sent) expect(headers['authorization']).toBe('Bearer sk-live')
    expect(JSON.stringify(sent)).not.toContain('gateway-key')
    expect(gateway.sent).toEqual([])
  })

  it('that refuses the operator\u2019s key is not the caller\u2019s fault', async () => {
    const gateway = testGateway({ secrets })
    const refused = {
      error: {
        message: 'Incorrect API key',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    }
    gateway.platform.send = network(401, refused).send
    const asked = callers(gateway).openai.whole({ model, text, key: 'gateway-key' })
    await expect(asked).rejects.toMatchObject({ status: 502, code: 'provider_authentication' })
    await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining('Incorrect') })
  })

  it('leaves the others mocked', async () => {
    const gateway = testGateway({ secrets })
    const asked = callers(gateway).openai
    await asked.whole({ model: 'claude-opus-5-5', text, key: 'gateway-key' })
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBe('1')
    expect(gateway.sent[0]?.headers['x-api-key']).toBe('mock')
  })

  it('is not open to everyone unless that was said', async () => {
    const { OPENAI_API_KEY } = secrets
    const closed = testGateway({ secrets: { OPENAI_API_KEY } })
    for (const face of faces) {
      const answer = await post(closed, face, { body: body(face) })
      expect(answer.status, face).toBe(503)
      expect(await answer.text(), face).toContain('MIMUS_KEYS')
    }
    const open = testGateway({ secrets: { OPENAI_API_KEY, MIMUS_OPEN: '1' } })
    open.platform.send = network(200, reply).send
    expect(await callers(open).openai.whole({ model, text, key: 'anything' })).toBe('aye')
  })
})

describe('without mocks', () => {
  it('a provider without a key is an error that says which, never a mock', async () => {
    const gateway = testGateway({ config: { mock: 'off' } })
    for (const face of faces) {
      const answer = await post(gateway, face, { body: body(face) })
      expect(answer.status, face).toBe(503)
      expect(answer.headers.get('x-mimus-mock'), face).toBeNull()
      expect(await answer.text(), face).toContain('OPENAI_API_KEY')
    }
    const native = await gateway.fetch(`${gateway.url}/native/anthropic/v1/models`, {
      headers: { 'anthropic-version': '2023-06-01' },
    })
    expect(native.status).toBe(503)
    expect(await native.json()).toMatchObject({
      type: 'error',
      error: { message: expect.stringContaining('ANTHROPIC_API_KEY') },
    })
    expect(gateway.sent).toEqual([])
  })

  it('an alias goes to the provider that has a key', async () => {
    const gateway = testGateway({
      config: {
        mock: 'off',
        aliases: { quick: ['anthropic/claude-haiku-5-5', 'openai/gpt-6-luna'] },
      },
      secrets: { OPENAI_API_KEY: 'sk-live', MIMUS_KEYS: 'k' },
    })
    gateway.platform.send = network(200, reply).send
    expect(await callers(gateway).anthropic.whole({ model: 'quick', text, key: 'k' })).toBe('aye')
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe('openai/gpt-6-luna')
  })
})

describe('all mocked', () => {
  it('no key is used, though there is one', async () => {
    const gateway = testGateway({ config: { mock: 'all' }, secrets: { GEMINI_API_KEY: 'live' } })
    const said = await google(gateway).models.generateContent({
      model: 'gemini-3.8-flash',
      contents: text,
    })
    expect(said.text).toContain('aye')
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBe('1')
    expect(JSON.stringify(gateway.sent)).not.toContain('live')
  })
})

describe('a link to media', () => {
  it('is made by the address callers use, and needs no key', async () => {
    const gateway = testGateway({
      secrets: { MIMUS_KEYS: 'k' },
      config: { media: { publicUrl: 'https://ai.example.com', ttlSeconds: 60 } },
    })
    const made = await openai(gateway, { key: 'k' }).images.generate({
      model: 'sdxl',
      prompt: 'A fox',
      response_format: 'url',
    })
    const url = made.data?.[0]?.url ?? ''
    expect(url).toMatch(/^https:\/\/ai\.example\.com\/v1\/files\/media-[\w-]+\.png$/)
    const file = await gateway.fetch(url)
    expect(file.status).toBe(200)
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    gateway.platform.advance(61_000)
    expect((await gateway.fetch(url)).status).toBe(404)
  })
})

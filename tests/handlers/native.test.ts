// A provider's own API behind the gateway's key: JSON, events and forms, as they are.

import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI, { toFile } from 'openai'
import Replicate from 'replicate'
import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import { probe, synthesize } from '#mock/media/index'
import { lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway({ secrets: { MIMUS_KEYS: 'gateway-key' } })
const at = (provider: string): string => `${gateway.url}/native/${provider}`
const key = { 'x-api-key': 'gateway-key' }

describe('the native path', () => {
  it('is a base URL for the provider\u2019s own SDK', async () => {
    const openai = new OpenAI({
      apiKey: 'gateway-key',
      baseURL: `${at('openai')}/v1`,
      maxRetries: 0,
      fetch: gateway.fetch,
    })
    const said = await openai.chat.completions.create({
      model: 'gpt-6-sol',
      messages: [{ role: 'user', content: 'Say "aye"' }],
    })
    expect(said.choices[0]?.message.content).toContain('aye')
    const anthropic = new Anthropic({
      apiKey: 'gateway-key',
      baseURL: at('anthropic'),
      maxRetries: 0,
      fetch: gateway.fetch,
    })
    const stream = anthropic.messages.stream({
      model: 'claude-opus-5-5',
      max_tokens: 200,
      messages: [{ role: 'user', content: 'Say "aye"' }],
    })
    expect(await stream.finalText()).toContain('aye')
    const google = new GoogleGenAI({
      apiKey: 'gateway-key',
      httpOptions: { baseUrl: at('gemini'), fetch: gateway.fetch },
    })
    let text = ''
    const chunks = await google.models.generateContentStream({
      model: 'gemini-3.8-flash',
      contents: 'Say "aye"',
    })
    for await (const chunk of chunks) text += chunk.text ?? ''
    expect(text).toContain('aye')
    const replicate = new Replicate({
      auth: 'gateway-key',
      baseUrl: `${at('replicate')}/v1`,
      fetch: (input, init) => gateway.fetch(input instanceof URL ? input.href : input, init),
    })
    const prediction = await replicate.predictions.create({
      model: 'black-forest-labs/flux-schnell',
      input: { prompt: 'A fox' },
    })
    expect(prediction.id.length).toBeGreaterThan(5)
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe('replicate')
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBe('1')
    expect(JSON.stringify(gateway.sent.map(({ headers }) => headers))).not.toContain('gateway-key')
  })

  it('takes forms and gives bytes', async () => {
    const form = new FormData()
    form.append('prompt', 'A fox')
    form.append('output_format', 'webp')
    const drawn = await gateway.fetch(`${at('stability')}/v2beta/stable-image/generate/core`, {
      method: 'POST',
      headers: { ...key, accept: 'image/*' },
      body: form,
    })
    expect(drawn.status).toBe(200)
    expect(drawn.headers.get('content-type')).toBe('image/webp')
    expect(probe(new Uint8Array(await drawn.arrayBuffer()))?.mediaType).toBe('image/webp')
    const sound = await gather(synthesize({ text: 'hello', seconds: 2, format: 'wav' }))
    const openai = new OpenAI({
      apiKey: 'gateway-key',
      baseURL: `${at('openai')}/v1`,
      maxRetries: 0,
      fetch: gateway.fetch,
    })
    const heard = await openai.audio.transcriptions.create({
      model: 'whisper-1',
      file: await toFile(new Blob([sound]), 'a.wav', { type: 'audio/wav' }),
    })
    expect(heard.text.length).toBeGreaterThan(2)
  })

  it('keeps the query and the method, and leaves credentials and the way here behind', async () => {
    await gateway.fetch(`${at('openai')}/v1/models?limit=3&key=gateway-key&after=a%20b`, {
      headers: {
        authorization: 'Bearer gateway-key',
        'x-goog-api-key': 'gateway-key',
        'x-forwarded-for': '1.2.3.4',
        'x-mimus-strict': '1',
        'openai-beta': 'things=v1',
      },
    })
    const { url, method, headers } = gateway.sent.at(-1) ?? { url: '', method: '', headers: {} }
    expect(method).toBe('GET')
    expect(url).toMatch(/^https:\/\/api\.openai\.com\/v1\/models\?limit=3&after=a(\+|%20)b$/)
    expect(headers).toMatchObject({ authorization: 'Bearer mock', 'openai-beta': 'things=v1' })
    for (const name of ['x-api-key', 'x-goog-api-key', 'x-forwarded-for', 'x-mimus-strict', 'host'])
      expect(headers, name).not.toHaveProperty(name)
  })

  it('hands on refusals as the provider wrote them', async () => {
    const refused = await gateway.fetch(`${at('anthropic')}/v1/messages`, {
      method: 'POST',
      headers: {
        ...key,
        'x-mimus-mock': 'rate-limited',
        'anthropic-version': '2023-06-01',
        'content-type': 'application/json',
      },
      body: '{}',
    })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(refused.headers.get('request-id')).toMatch(/^req_/)
    expect(await refused.json()).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error' },
    })
  })

  it('of a provider that is not there is a 404 that names those that are', async () => {
    const reply = await gateway.fetch(`${at('nobody')}/v1/models`, { headers: key })
    expect(reply.status).toBe(404)
    expect(await reply.text()).toMatch(/'nobody'.*anthropic.*stability/)
  })

  it('does not leave the provider\u2019s host', async () => {
    for (const path of ['//evil.example/x', '/../../x', '/%2e%2e/x', '/@evil.example']) {
      await gateway.fetch(at('openai') + path, { headers: key })
      expect(new URL(gateway.sent.at(-1)?.url ?? '').host, path).toBe('api.openai.com')
    }
  })
})

// Google's own client in Vertex mode against the mock, and how the adapter comes by its token.

import { GoogleGenAI } from '@google/genai'
import { beforeAll, describe, expect, it } from 'vitest'
import { toBase64 } from '#core/bytes'
import type { ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import type { WireRequest } from '#core/transport'
import { createInternet } from '#mock/internet'
import vertex from '../../providers/vertex/index.ts'
import { sign } from '../../providers/vertex/sign.ts'
import { callOn, failure, jsonBody } from '../kit/adapter-call.ts'
import { testGateway } from '../kit/gateway.ts'

const internet = createInternet([vertex])

const formOf = (sent: WireRequest | undefined): string =>
  typeof sent?.body === 'string' ? sent.body : ''

const request = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello to the mockingbird' }] }],
  tools: [],
  stream: false,
  unread: [],
  ...changes,
})

const ask = async (id: string, changes: Partial<ChatRequest> = {}) => {
  const one = callOn(vertex, id)
  const { chat } = vertex.adapters
  if (chat?.run === undefined) throw new Error('Vertex does not chat')
  return { ...one, reply: await collect(await chat.run(request(changes), one.call)) }
}

describe('Vertex', () => {
  it("serves Google's own client in express mode, whole, streamed and counting", async () => {
    const urls: string[] = []
    const ai = new GoogleGenAI({
      vertexai: true,
      apiKey: 'mock',
      httpOptions: {
        fetch: async (input, init) => {
          const sent = new Request(input, init)
          urls.push(sent.url)
          return internet.fetch(sent)
        },
      },
    })
    const model = 'gemini-3.5-flash'
    const whole = await ai.models.generateContent({ model, contents: 'Say hello' })
    let streamed = ''
    for await (const chunk of await ai.models.generateContentStream({
      model,
      contents: 'Say hello',
    }))
      streamed += chunk.text ?? ''
    expect(streamed).toBe(whole.text)
    expect(
      (await ai.models.countTokens({ model, contents: 'Say hello' })).totalTokens,
    ).toBeGreaterThan(0)
    expect(urls[0]).toBe(
      'https://aiplatform.googleapis.com/v1beta1/publishers/google/models/gemini-3.5-flash:generateContent',
    )
  })

  it("puts project, place and model in the path, and Claude's version in the body", async () => {
    const gemini = await ask('gemini-3.5-flash')
    expect(gemini.sent[0]?.url).toBe(
      'https://aiplatform.googleapis.com/v1beta1/projects/mimus/locations/global/publishers/google/models/gemini-3.5-flash:generateContent',
    )
    const claude = await ask('claude-opus-5-5', { stream: true })
    expect(claude.sent[0]?.url).toMatch(
      /\/publishers\/anthropic\/models\/claude-opus-5-5:streamRawPredict$/,
    )
    const body = jsonBody(claude.sent[0])
    expect(body['anthropic_version']).toBe('vertex-2023-10-16')
    expect(body).not.toHaveProperty('model')
    expect(claude.reply.candidates[0].finish.reason).toBe('stop')
  })

  it("forwards a caller's own words to the publisher's protocol", async () => {
    const gateway = testGateway()
    const post = (path: string, body: object) =>
      gateway.fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify(body),
      })
    const messages = await post('/v1/messages', {
      model: 'vertex/claude-opus-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hello' }],
    })
    expect(await messages.json()).toMatchObject({ id: expect.stringMatching(/^msg_vrtx_/) })
    // Contents without a role are the user's.
    const content = await post('/v1beta/models/vertex/gemini-3.5-flash:generateContent', {
      contents: [{ parts: [{ text: 'Hello' }] }],
    })
    expect(content.status).toBe(200)
    expect(jsonBody(gateway.sent.at(-1))).toMatchObject({ contents: [{ role: 'user' }] })
  })

  it('counts the tokens of either publisher', async () => {
    for (const id of ['gemini-3.5-flash', 'claude-opus-5-5'])
      expect(
        await vertex.adapters.chat?.count?.(request(), callOn(vertex, id).call),
      ).toBeGreaterThan(0)
  })

  it('asks the thinking level a model has', async () => {
    const { sent } = await ask('gemini-3.8-flash', { reasoning: { effort: 'minimal' } })
    expect(jsonBody(sent[0])).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
    })
  })

  it('reads the refusals of both publishers', () => {
    const refusal = (status: number, json: object) =>
      vertex.readError({ status, header: () => undefined, text: JSON.stringify(json), json })
    expect(
      refusal(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    ).toMatchObject({ kind: 'overloaded' })
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota' }
    expect(refusal(429, { error })).toMatchObject({ kind: 'rate_limited' })
  })
})

describe('a service account', () => {
  let file = ''
  let keys: CryptoKeyPair
  let now = 1_800_000_000_000
  const asked: WireRequest[] = []
  const context = {
    settings: { project: 'p', location: 'global', auth: 'account' },
    now: () => now,
    send: (wanted: WireRequest) => {
      asked.push(wanted)
      return internet.send(wanted)
    },
  }
  const wire: WireRequest = { method: 'POST', url: `${vertex.origin}/x`, headers: {}, body: '{}' }

  beforeAll(async () => {
    const made = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: 'SHA-256',
      },
      true,
      ['sign', 'verify'],
    )
    if (!('privateKey' in made)) throw new Error('One key is not a pair')
    keys = made
    const exported = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    if (!(exported instanceof ArrayBuffer)) throw new Error('The key is not in its binary form')
    const der = new Uint8Array(exported)
    const lines = toBase64(der).replace(/.{64}/g, '$&\n')
    file = JSON.stringify({
      type: 'service_account',
      project_id: 'bird-song',
      private_key_id: 'key-1',
      private_key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
      client_email: 'mock:account@bird-song.iam.gserviceaccount.com',
      token_uri: 'https://oauth2.googleapis.com/token',
    })
  })

  it('is exchanged once for a token, until that runs out', async () => {
    const authorization = async () => (await sign(wire, file, context)).headers['authorization']
    expect(await authorization()).toBe('Bearer mock:account')
    now += 3500 * 1000
    expect(await authorization()).toBe('Bearer mock:account')
    expect(asked).toHaveLength(1)
    now += 60 * 1000
    await authorization()
    expect(asked).toHaveLength(2)
  })

  it('signs a claim that its public key confirms', async () => {
    const form = new URLSearchParams(formOf(asked[0]))
    const [head = '', body = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const decoded = (text: string) =>
      Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const isTrue = await crypto.subtle.verify(
      'RSASSA-PKCS1-v1_5',
      keys.publicKey,
      decoded(signature),
      new TextEncoder().encode(`${head}.${body}`),
    )
    expect(isTrue).toBe(true)
    expect(JSON.parse(new TextDecoder().decode(decoded(head)))).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: 'key-1',
    })
    expect(JSON.parse(new TextDecoder().decode(decoded(body)))).toMatchObject({
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
      iat: 1_800_000_000,
      exp: 1_800_003_600,
    })
  })

  it("that Google does not take is the gateway's fault, not the caller's", async () => {
    const other = file.replace('mock:account', 'mock:nobody')
    const send = (wanted: WireRequest) =>
      internet.send({ ...wanted, body: formOf(wanted).replace('grant_type', 'grant') })
    expect(await failure(sign(wire, other, { ...context, send }))).toMatchObject({
      kind: 'upstream',
      details: { code: 'provider_authentication' },
    })
  })

  it('says the project; a broken key file stops the gateway at its start', () => {
    const setup = (variables: Record<string, string>) => vertex.setup?.((name) => variables[name])
    expect(setup({ GOOGLE_APPLICATION_CREDENTIALS_JSON: file })).toMatchObject({
      origin: 'https://aiplatform.googleapis.com',
      settings: { project: 'bird-song', location: 'global', auth: 'account' },
    })
    expect(
      setup({
        GOOGLE_VERTEX_ACCESS_TOKEN: 't',
        GOOGLE_CLOUD_PROJECT: 'p',
        GOOGLE_CLOUD_LOCATION: 'eu',
      }),
    ).toMatchObject({
      origin: 'https://aiplatform.eu.rep.googleapis.com',
      settings: { auth: 'token' },
    })
    expect(setup({ GOOGLE_VERTEX_API_KEY: 'k' })?.settings).toMatchObject({
      project: '',
      auth: 'key',
    })
    expect(setup({})).toBeUndefined()
    expect(() => setup({ GOOGLE_APPLICATION_CREDENTIALS_JSON: '{}' })).toThrow(/service account/)
  })
})

// OpenAI's own client for Azure against the mock, on both surfaces, and what the adapter sends.

import { AzureOpenAI, OpenAI, APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { collect } from '#core/events'
import { isObject } from '#core/json'
import { createInternet } from '#mock/internet'
import azure from '../../providers/azure/index.ts'
import { callOn } from '../kit/adapter-call.ts'
import { plainRequest } from '../kit/codec.ts'

const internet = createInternet([azure])
const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
  internet.fetch(new Request(input, init))

const dated = (apiKey = 'mock') =>
  new AzureOpenAI({
    apiKey,
    endpoint: azure.origin,
    apiVersion: '2024-10-21',
    fetch,
    maxRetries: 0,
  })
const undated = () =>
  new OpenAI({
    apiKey: 'mock',
    baseURL: `${azure.origin}/openai/v1`,
    fetch,
    maxRetries: 0,
  })

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Say hello' }] }

describe('AzureOpenAI of openai 7.57', () => {
  it.each([
    ['the dated surface', dated],
    ['the v1 surface', undated],
  ])('is answered on %s, with the verdicts of the content filters', async (_, client) => {
    const reply = await client().chat.completions.create(ask)
    expect(reply.choices[0]?.message.content).not.toBe('')
    expect(reply).toMatchObject({
      prompt_filter_results: [{ content_filter_results: { hate: { filtered: false } } }],
      choices: [{ content_filter_results: { violence: { severity: 'safe' } } }],
    })
  })

  it('is streamed to, after a chunk without a choice', async () => {
    const stream = await dated().chat.completions.create({ ...ask, stream: true })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks[0]?.choices).toEqual([])
    expect(chunks.at(-1)?.choices[0]?.finish_reason ?? 'stop').toBe('stop')
    expect(chunks.some((chunk) => (chunk.choices[0]?.delta.content ?? '') !== '')).toBe(true)
  })

  it('is given vectors', async () => {
    const { data } = await dated().embeddings.create({
      model: 'text-embedding-3-small',
      input: ['one', 'two'],
    })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536])
  })

  it.each([
    ['mock-invalid', 401, '401'],
    ['mock-moderated', 400, 'content_filter'],
    ['mock-rate-limited', 429, '429'],
  ])('is refused in its own words: %s', async (key, status, code) => {
    const refusal: unknown = await dated(key)
      .chat.completions.create(ask)
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(APIError)
    expect(refusal).toMatchObject({ status, code })
  })

  it('hears of deployments that do not exist', async () => {
    const refusal: unknown = await dated()
      .chat.completions.create({ ...ask, model: 'nobody' })
      .catch((error: unknown) => error)
    expect(refusal).toMatchObject({ status: 404, code: 'DeploymentNotFound' })
  })

  it('must say a date on the dated surface', async () => {
    const reply = await fetch(`${azure.origin}/openai/deployments/gpt-4o/chat/completions`, {
      method: 'POST',
      headers: { 'api-key': 'mock' },
      body: JSON.stringify(ask),
    })
    expect(reply.status).toBe(404)
  })
})

describe('the adapter', () => {
  it('is set up by an endpoint or the name of a resource', () => {
    const setup = (variables: Record<string, string>) => azure.setup?.((name) => variables[name])
    const key = { AZURE_OPENAI_API_KEY: 'k' }
    expect(setup(key)).toBeUndefined()
    expect(setup({ AZURE_RESOURCE_NAME: 'mine' })).toBeUndefined()
    expect(setup({ ...key, AZURE_RESOURCE_NAME: 'mine' })?.origin).toBe(
      'https://mine.openai.azure.com',
    )
    const endpoint = { AZURE_OPENAI_ENDPOINT: 'https://mine.services.ai.azure.com/openai/v1/' }
    expect(setup({ ...key, ...endpoint })?.origin).toBe('https://mine.services.ai.azure.com')
  })

  it("sends the key in its own header, and reads the verdicts as the reply's own", async () => {
    const { call, sent } = callOn(azure, 'gpt-4o')
    const { chat } = azure.adapters
    if (chat?.run === undefined) throw new Error('Azure does not chat')
    const reply = await collect(await chat.run(plainRequest, call))
    expect(sent[0]?.url).toBe(`${azure.origin}/openai/v1/chat/completions`)
    expect(sent[0]?.headers['api-key']).toBe('mock')
    const extra = reply.extra?.['openai-chat']
    expect(isObject(extra) && Array.isArray(extra['prompt_filter_results'])).toBe(true)
  })
})

// What clients of the Anthropic face read of replies that no Anthropic model made.

import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { testGateway } from '../kit/gateway.ts'

const gateway = testGateway()

const client = (apiKey = 'mock') =>
  new Anthropic({
    apiKey,
    baseURL: gateway.url,
    maxRetries: 0,
    fetch: (url, init) => gateway.fetch(url, init),
  })

const ask = (model: string) => ({
  model,
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Say hello' }],
})

async function refusal(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Anthropic.APIError)) throw new Error('Nothing was refused')
  return thrown
}

describe('the id of a request', () => {
  it.each(['claude-opus-5-5', 'gpt-4o', 'gemini-3.8-flash'])(
    'is on a reply of %s',
    async (model) => {
      expect((await client().messages.create(ask(model)))._request_id).toBeTruthy()
    },
  )

  it.each([
    ['that the gateway refuses', 'mock', 'nothing-like-it'],
    ['that breaks on the way to the provider', 'mock-cut', 'gpt-4o'],
  ])('is on the error of one %s, in header and body alike', async (_, key, model) => {
    const error = await refusal(client(key).messages.create(ask(model)))
    expect(error.requestID).toBeTruthy()
    expect(error.error).toMatchObject({ request_id: error.requestID })
  })

  it('is in the error that ends a broken stream', async () => {
    const work = async () => {
      const stream = await client('mock-cut').messages.create({ ...ask('gpt-4o'), stream: true })
      for await (const _ of stream);
    }
    expect((await refusal(work())).error).toMatchObject({ request_id: expect.any(String) })
  })
})

it('refuses a key that Google refuses with the class for it', async () => {
  const error = await refusal(client('mock-invalid').messages.create(ask('gemini-3.8-flash')))
  expect(error).toBeInstanceOf(Anthropic.AuthenticationError)
})

describe('a model in the list', () => {
  it('has every field the SDK declares', async () => {
    const model = await client().models.retrieve('gpt-4o')
    expect(Object.keys(model).filter((name) => !name.startsWith('_'))).toEqual(
      expect.arrayContaining(['capabilities', 'line', 'lifecycle', 'max_tokens', 'retires_at']),
    )
  })
})

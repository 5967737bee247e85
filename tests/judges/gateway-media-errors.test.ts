// Failures of media: whatever a provider does, the official `openai` client raises an error, and no broken piece passes for a whole one.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Scenario } from '#mock/scenario'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { openai } from '../kit/gateway-clients.ts'

const gateway = testGateway()

const prompt = 'A fox'
const input = 'Hello to you all, my friends'
const client = (scenario: Scenario): OpenAI => openai(gateway, { key: `mock-${scenario}` })

/** Reads an answer to its end. */
const kinds: Record<string, (client: OpenAI, model: string) => Promise<unknown>> = {
  images: ({ images }, model) => images.generate({ model, prompt }),
  'links to images': ({ images }, model) =>
    images.generate({ model, prompt, response_format: 'url' }),
  'streamed images': async ({ images }, model) => {
    const events = []
    for await (const event of await images.generate({ model, prompt, stream: true }))
      events.push(event)
    return events
  },
  speech: async ({ audio }, model) =>
    (await audio.speech.create({ model, input, voice: 'alloy' })).arrayBuffer(),
  vectors: ({ embeddings }, model) => embeddings.create({ model, input }),
  judgements: ({ moderations }, model) => moderations.create({ model, input }),
}

const imageModels = ['gpt-image-2', 'gemini-3.1-flash-image', 'flux-schnell', 'stable-image-core']
const cases = [
  ...['images', 'links to images', 'streamed images'].flatMap((kind) =>
    imageModels.map((model) => ({ kind, model })),
  ),
  ...['gpt-4o-mini-tts', 'tts-1', 'gemini-3.8-flash-tts'].map((model) => ({
    kind: 'speech',
    model,
  })),
  ...['text-embedding-3-small', 'gemini-embedding-2'].map((model) => ({ kind: 'vectors', model })),
  { kind: 'judgements', model: 'omni-moderation-latest' },
]

const ask = async (kind: string, scenario: Scenario, model: string): Promise<unknown> => {
  const read = kinds[kind]
  if (read === undefined) throw new Error(`There is no ${kind}`)
  return read(client(scenario), model)
}

describe.each(cases)('$kind of $model', ({ kind, model }) => {
  it('refused by the provider raise the error of the refusal', async () => {
    const refusals = {
      invalid: OpenAI.AuthenticationError,
      forbidden: OpenAI.PermissionDeniedError,
      'rate-limited': OpenAI.RateLimitError,
      quota: OpenAI.RateLimitError,
      overloaded: OpenAI.InternalServerError,
      moderated: OpenAI.BadRequestError,
      timeout: OpenAI.InternalServerError,
    } as const
    for (const scenario of keysOf(refusals)) {
      await expect(ask(kind, scenario, model), scenario).rejects.toBeInstanceOf(refusals[scenario])
      expect(lastHeaders(gateway).get('x-mimus-mock'), scenario).toBe('1')
    }
  })

  // Noise in place of a sound or a picture that comes as bytes is for the caller to see.
  const comesAsBytes = model === 'stable-image-core' || model === 'tts-1'
  const scenarios: Scenario[] = ['cut', 'not-json', 'empty', 'server-error', 'error-in-stream']
  it.each(comesAsBytes ? scenarios : [...scenarios, 'garbage' as const])(
    'broken by the provider (%s) raise an error, too',
    async (scenario) => {
      await expect(ask(kind, scenario, model)).rejects.toBeInstanceOf(Error)
    },
  )

  it('come whole when nothing is wrong', async () => {
    await expect(ask(kind, 'plain', model)).resolves.toBeDefined()
  })
})

const keysOf = <K extends string>(table: { [key in K]: unknown }): K[] =>
  Object.keys(table).filter((key): key is K => key in table)

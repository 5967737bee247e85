// What the adapter sends against what the official SDK sends, and what it reads.

import { describe, expect, it } from 'vitest'
import type { ChatEvent, ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import type { Call } from '#core/provider'
import { anthropicCounting, anthropicMessages } from '#protocols/anthropic-messages/index'
import anthropic from '../../providers/anthropic/index.ts'
import { callOn, failure, jsonBody } from '../kit/adapter-call.ts'
import { ask, model, sdk, weather } from './anthropic-sdk.ts'

const requests = import.meta.glob('../wire/anthropic-messages/*.request.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

describe('the adapter sends what the SDK sends', () => {
  const { chat } = anthropic.adapters
  if (chat?.run === undefined) throw new Error('The adapter answers at once')
  const run = (request: ChatRequest, call: Call) => chat.run(request, call)
  const count = (request: ChatRequest, call: Call) => chat.count?.(request, call)

  // The catalogue's models refuse some of the documented parameters: the wording is what is compared.
  const able = { id: model, does: ['chat' as const] }

  for (const [path, text] of Object.entries(requests)) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const params = JSON.parse(text)
    if (name === 'cache-everything.request.json') continue
    it(`field by field: ${name}`, async () => {
      const { client, sent } = sdk()
      await client.messages.create(params).then(
        () => undefined,
        () => undefined,
      )
      const request = anthropicMessages.request.decode(params)
      const { call, sent: ours } = callOn(anthropic, 'claude-opus-5-5')
      const roomy = {
        ...call,
        model: {
          ...able,
          id: params.model,
          can: ['tools', 'json', 'reasoning', 'system-messages'] as const,
        },
      }
      await run(request, roomy).then(
        () => undefined,
        () => undefined,
      )
      const expected = { ...sent[0]?.body }
      for (const field of request.unread) delete expected[field]
      expect(jsonBody(ours[0])).toEqual(expected)
      expect(ours[0]?.url).toBe(sent[0]?.url)
      expect(ours[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'x-api-key': 'mock',
        'anthropic-version': '2023-06-01',
      })
    })
  }

  it('and reads the answer, streamed and whole alike', async () => {
    const body = { model, max_tokens: 300, messages: ask('Tell me about parrots.') }
    const request = anthropicMessages.request.decode(body)
    const { call } = callOn(anthropic, model)
    const whole = await collect(await run(request, call))
    const batches: (readonly ChatEvent[])[] = []
    for await (const batch of await run({ ...request, stream: true }, call)) batches.push(batch)
    expect(batches.length).toBeGreaterThan(2)
    expect(await collect(again(batches))).toEqual(whole)
  })

  async function* again(batches: (readonly ChatEvent[])[]) {
    yield* batches
  }

  it('counts as the SDK does', async () => {
    const { client, sent } = sdk()
    const params = {
      model,
      system: 'You are a scientist.',
      tools: [weather],
      messages: ask('Hello, Claude'),
    }
    const { input_tokens: expected } = await client.messages.countTokens(params)
    const { call, sent: ours } = callOn(anthropic, model)
    expect(await count(anthropicCounting.request.decode(params), call)).toBe(expected)
    expect(jsonBody(ours[0])).toEqual(sent[0]?.body)
    expect(ours[0]?.url).toBe(sent[0]?.url)
  })

  it('reads refusals as what they are', async () => {
    const request = anthropicMessages.request.decode({ model, max_tokens: 5, messages: ask('Hi') })
    const kinds = {
      'mock-invalid': 'authentication',
      'mock-rate-limited': 'rate_limited',
      'mock-overloaded': 'overloaded',
      'mock-quota': 'quota_exhausted',
    }
    for (const [key, kind] of Object.entries(kinds)) {
      const { call } = callOn(anthropic, model, { key })
      const error = await failure(run(request, call))
      expect(error.kind, key).toBe(kind)
      expect(error.details.requestId).toMatch(/^req_011/)
    }
  })
})

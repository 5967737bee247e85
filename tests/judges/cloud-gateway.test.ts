// The whole gateway in front of the cloud providers' mocks: any face, and their own API as it is.

import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createRegistry } from '../../src/routing/registry.ts'
import { providers } from '../../providers/index.ts'
import { lastHeaders, testGateway } from '../kit/gateway.ts'

const models = [
  'azure/gpt-4o',
  'bedrock/global.anthropic.claude-opus-5-5',
  'bedrock/amazon.nova-pro-v1:0',
  'cloudflare/@cf/openai/gpt-oss-120b',
  'cohere/command-a-03-2025',
  'vertex/gemini-3.5-flash',
  'vertex/claude-opus-5-5',
]

const tool = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: {
    type: 'object' as const,
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}

describe.each(models)('%s', (model) => {
  it("answers OpenAI's client, streamed and whole alike", async () => {
    const gateway = testGateway()
    const client = new OpenAI({
      apiKey: 'mock',
      baseURL: `${gateway.url}/v1`,
      fetch: gateway.fetch,
      maxRetries: 0,
    })
    const messages = [{ role: 'user' as const, content: 'Say hello to the mockingbird' }]
    const whole = await client.chat.completions.create({ model, messages })
    let streamed = ''
    let id = ''
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    for await (const chunk of stream) {
      streamed += chunk.choices[0]?.delta.content ?? ''
      id = chunk.id
    }
    expect(streamed).toBe(whole.choices[0]?.message.content)
    expect(whole.usage?.prompt_tokens).toBeGreaterThan(0)
    expect(whole.model).not.toBe('')
    expect(id).not.toBe('')
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(model)
  })

  it("has its tools called by Anthropic's client, and their results read", async () => {
    const gateway = testGateway()
    const client = new Anthropic({
      apiKey: 'mock',
      baseURL: gateway.url,
      fetch: gateway.fetch,
      maxRetries: 0,
    })
    const ask = { role: 'user' as const, content: 'What is the weather in Paris?' }
    const asked = { model, max_tokens: 2000, tools: [tool] }
    const first = await client.messages.stream({ ...asked, messages: [ask] }).finalMessage()
    const call = first.content.find((block) => block.type === 'tool_use')
    if (call?.type !== 'tool_use') throw new Error('No tool was called')
    expect(call.name).toBe('get_weather')
    expect(call.input).toHaveProperty('city')
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: 'Sunny' }
    const second = await client.messages.create({
      ...asked,
      messages: [
        ask,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [result] },
      ],
    })
    expect(second.content.some((block) => block.type === 'text')).toBe(true)
  })
})

describe('resellers', () => {
  const access = (mocked: boolean) =>
    createRegistry(providers, {
      aliases: {},
      retired: 'forward',
      origins: {},
      today: () => '2026-11-24',
      access: () => (mocked ? { mocked, key: undefined } : { mocked, key: 'k' }),
    })
  const targets = (mocked: boolean, name: string): string[] =>
    access(mocked)
      .resolve(name, 'chat')
      .targets.map((target) => target.name)

  it('are asked after the maker, where both are live', () => {
    expect(targets(false, 'gpt-4o').slice(0, 2)).toEqual(['openai/gpt-4o', 'azure/gpt-4o'])
    expect(targets(false, 'claude-opus-5-5')).toEqual([
      'anthropic/claude-opus-5-5',
      'vertex/claude-opus-5-5',
    ])
  })

  it("do not stand in for the maker's mock with theirs", () => {
    expect(targets(true, 'gpt-4o')).toEqual(['openai/gpt-4o'])
    expect(targets(true, 'azure/gpt-4o')).toEqual(['azure/gpt-4o'])
  })
})

describe('a provider that is not set up', () => {
  it('says all that is to be set', async () => {
    const gateway = testGateway({ config: { mock: 'off' }, secrets: { AZURE_OPENAI_API_KEY: 'k' } })
    const reply = await gateway.fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'azure/gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    expect(reply.status).toBe(503)
    expect(await reply.text()).toContain('AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT')
  })
})

describe('the native path', () => {
  it("carries a vendor's own API, signed by the gateway and not by the caller", async () => {
    const gateway = testGateway()
    const reply = await gateway.fetch(
      `${gateway.url}/native/bedrock/model/amazon.nova-pro-v1%3A0/converse`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'AWS4-HMAC-SHA256 Credential=someone',
          'x-amz-date': '20200101T000000Z',
        },
        body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
      },
    )
    expect(await reply.json()).toMatchObject({ output: { message: { role: 'assistant' } } })
    expect(gateway.sent[0]?.headers['authorization']).toMatch(/^Bearer /)
    expect(gateway.sent[0]?.headers).not.toHaveProperty('x-amz-date')
  })
})

// Replies, streams and refusals in the words of each host (shapes: groq-sdk 1.6, @openrouter/sdk 1.3,
// @mistralai/mistralai 2.7, together-ai 0.52 and the hosts' own documentation).

import { expect, it } from 'vitest'
import { once, utf8 } from '#core/bytes'
import type { ChatRequest, ChatStream } from '#core/chat'
import { collect } from '#core/events'
import { parseJson } from '#core/json'
import type { Provider } from '#core/provider'
import type { Transport } from '#core/transport'
import { providers } from '../../providers/index.ts'
import { callOn, failure } from '../kit/adapter-call.ts'

const wire = import.meta.glob('../wire/compatible-hosts/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const file = (name: string): string => {
  const text = wire[`../wire/compatible-hosts/${name}`]
  if (text === undefined) throw new Error(`There is no ${name}`)
  return text
}

const providerOf = (id: string): Provider => {
  const provider = providers.find((candidate) => candidate.id === id)
  if (provider === undefined) throw new Error(`There is no ${id}`)
  return provider
}

const answering =
  (text: string, type: string): Transport =>
  async () => ({
    status: 200,
    header: (name) => (name === 'content-type' ? type : undefined),
    headers: () => [],
    body: once(utf8.encode(text)),
    text: async () => text,
    discard: async () => undefined,
  })

function ask(name: string, model: string): Promise<ChatStream> {
  const provider = providerOf(name.slice(0, name.indexOf('-')))
  const stream = name.includes('stream')
  const type = stream ? 'text/event-stream' : 'application/json'
  const { call } = callOn(provider, model, { send: answering(file(name), type) })
  const { chat } = provider.adapters
  if (chat?.run === undefined) throw new Error(`${provider.id} does not chat`)
  const request: ChatRequest = {
    model,
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    tools: [],
    stream,
    unread: [],
  }
  return chat.run(request, call)
}

it.each([
  ['groq-stream.txt', 'openai/gpt-oss-120b', { reasoningTokens: 9 }],
  ['deepseek-stream.txt', 'deepseek-v4-pro', { cacheReadTokens: 64, reasoningTokens: 9 }],
  ['deepseek-reply.txt', 'deepseek-v4-pro', { cacheReadTokens: 64, reasoningTokens: 9 }],
  ['openrouter-stream.txt', 'anthropic/claude-opus-5.5', { cacheReadTokens: 64 }],
  ['mistral-stream.txt', 'mistral-medium-3-5', { cacheReadTokens: 64 }],
])('a thought, a text and the usage are read from %s', async (name, model, counts) => {
  const { candidates, usage } = await collect(await ask(name, model))
  expect(candidates[0].content).toMatchObject([
    { type: 'reasoning', text: 'They greet.' },
    { type: 'text', text: 'Hello' },
  ])
  expect(candidates[0].finish.reason).toBe('stop')
  expect(usage).toMatchObject({ inputTokens: 74, outputTokens: 19, ...counts })
})

it('a proof of the maker behind OpenRouter is kept', async () => {
  const reply = await collect(await ask('openrouter-stream.txt', 'anthropic/claude-opus-5.5'))
  expect(reply.candidates[0].content[0]).toMatchObject({
    signature: { protocol: 'anthropic-messages', value: 'c2lnbmVk' },
  })
})

it('a failure on the way is one, although the chunk looks like an end', async () => {
  const asked = ask('openrouter-broken-stream.txt', 'openai/gpt-6-sol').then(collect)
  expect(await failure(asked)).toMatchObject({
    kind: 'upstream',
    message: 'Provider disconnected',
  })
})

it.each([
  ['mistral-refusal.json', 422, 'invalid_request', 'body.seed: Extra inputs are not permitted'],
  ['xai-overloaded.json', 503, 'overloaded', 'Service temporarily unavailable'],
  ['deepseek-balance.json', 402, 'quota_exhausted', 'Insufficient Balance'],
  ['openrouter-flagged.json', 403, 'content_policy', 'flagged'],
  ['groq-capacity.json', 498, 'overloaded', 'over capacity'],
  ['ollama-not-found.json', 404, 'not_found', 'llama9'],
  ['vllm-not-found.json', 404, 'not_found', 'nope'],
  ['huggingface-loading.json', 503, 'overloaded', 'loading'],
])('a refusal is understood: %s', (name, status, kind, message) => {
  const text = file(name)
  const error = providerOf(name.slice(0, name.indexOf('-'))).readError({
    status,
    header: () => undefined,
    text,
    json: parseJson(text),
  })
  expect(error).toMatchObject({ kind, message: expect.stringContaining(message) })
})

// Providers that need no code, and servers that need no key.

import { describe, expect, it } from 'vitest'
import type { GatewayOptions } from '#config/schema'
import { parseConfig } from '#config/schema'
import { once, utf8 } from '#core/bytes'
import type { WireRequest } from '#core/transport'
import { customProviders } from '../../src/custom-providers.ts'
import { accessOf, banner, openProblem, settings } from '../../src/boot.ts'
import { createGateway } from '../../src/gateway.ts'
import { createInternet } from '#mock/internet'
import { providers } from '../../providers/index.ts'
import { callers, openai } from '../kit/gateway-clients.ts'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { fakePlatform } from '../kit/platform.ts'

const acme = { id: 'acme', origin: 'https://models.acme.example', secret: 'ACME_KEY' } as const
const text = 'Say "aye"'

describe('a provider from the configuration alone', () => {
  it.each([
    ['openai-chat', undefined, '/v1/chat/completions'],
    ['openai-chat', '/serve/chat/completions', '/serve/chat/completions'],
    ['anthropic-messages', undefined, '/v1/messages'],
    ['gemini', undefined, '/v1beta/models/big:streamGenerateContent?alt=sse'],
  ] as const)('speaks %s at %s', async (speaks, path, sent) => {
    const custom = { ...acme, speaks, ...(path === undefined ? {} : { path }) }
    const gateway = testGateway({
      config: { providers: [{ ...custom, models: [{ id: 'big', context: 8000 }] }] },
    })
    const ask = callers(gateway)
    for (const face of ['openai', 'anthropic', 'google'] as const) {
      expect(await ask[face].whole({ model: 'big', text })).toContain('aye')
      expect(await ask[face].streamed({ model: 'acme/big', text })).toContain('aye')
      expect(gateway.sent.at(-1)?.url).toBe(acme.origin + sent)
      expect(lastHeaders(gateway).get('x-mimus-target')).toBe('acme/big')
    }
    expect(await ask.openai.whole({ model: 'acme/brand-new', text })).toContain('aye')
  })

  it('embeds, and stands in lists of models', async () => {
    const model = { id: 'vec', does: ['embedding' as const], dimensions: 12 }
    const gateway = testGateway({
      config: { providers: [{ ...acme, speaks: 'openai-chat', models: [model] }] },
    })
    const client = openai(gateway)
    const reply = await client.embeddings.create({ model: 'vec', input: 'bird' })
    expect(reply.data[0]?.embedding).toHaveLength(12)
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('vec')
  })

  it('is asked with its own key once it has one', async () => {
    const sent: WireRequest[] = []
    const config = parseConfig({ providers: [{ ...acme, speaks: 'anthropic-messages' }] })
    const all = [...providers, ...customProviders(config.providers, providers)]
    const platform = { ...fakePlatform({ ACME_KEY: 'sk-acme' }), send: answer(sent) }
    const gateway = createGateway({
      platform,
      config,
      providers: all,
      internet: createInternet(all),
    })
    expect(accessOf(gateway, 'acme')).toBe('live')
    const target = gateway.registry.resolve('acme/any', 'chat').targets[0]
    expect(target).toMatchObject({ key: 'sk-acme', mocked: false })
    expect(target?.provider.auth('sk-acme')).toEqual({ 'x-api-key': 'sk-acme' })
  })

  it('may be moved by the environment like any other', () => {
    const options: GatewayOptions = { providers: [{ ...acme, speaks: 'gemini' }] }
    const moved = (name: string) => (name === 'MIMUS_ACME_ORIGIN' ? 'http://there' : undefined)
    const config = parseConfig(settings(options, moved, providers))
    expect(config.origins).toEqual({ acme: 'http://there' })
  })

  it.each([
    [{ ...acme, speaks: 'morse' }, /config\.providers\[0\]\.speaks must be one of/],
    [{ ...acme, speaks: 'gemini', origin: 'acme.example' }, /config\.providers\[0\]\.origin must/],
    [{ ...acme, speaks: 'gemini', id: 'Acme' }, /config\.providers\[0\]\.id must be/],
    [{ ...acme, speaks: 'gemini', secret: 'sk-1234' }, /config\.providers\[0\]\.secret must/],
    [{ ...acme, speaks: 'gemini', path: 'v1' }, /config\.providers\[0\]\.path must/],
    [{ ...acme, speaks: 'gemini', models: [{}] }, /providers\[0\]\.models\[0\]\.id must/],
    [{ ...acme, speaks: 'gemini', colour: 'red' }, /providers\[0\]\.colour is not an option/],
    [
      { ...acme, speaks: 'gemini', models: [{ id: 'v', does: ['embedding'], dimensions: 3 }] },
      /models\[0\]\.does must be 'chat' only/,
    ],
    [
      { ...acme, speaks: 'openai-chat', models: [{ id: 'v', does: ['embedding'] }] },
      /models\[0\]\.dimensions must/,
    ],
  ])('is refused at start, by the path of the fault: %#', (custom, message) => {
    expect(() => parseConfig({ providers: [custom] })).toThrow(message)
  })

  it('may not take the name of another', () => {
    const twice = parseConfig({
      providers: [
        { ...acme, speaks: 'gemini' },
        { ...acme, speaks: 'gemini' },
      ],
    }).providers
    expect(() => customProviders(twice, [])).toThrow(/config\.providers\[1\]\.id/)
    const openaiToo = parseConfig({
      providers: [{ ...acme, id: 'openai', speaks: 'gemini' }],
    }).providers
    expect(() => customProviders(openaiToo, providers)).toThrow(/provider 'openai' already/)
  })
})

describe('a server that needs no key', () => {
  const gatewayOf = (config: GatewayOptions, secrets = {}) => {
    const sent: WireRequest[] = []
    const parsed = parseConfig(config)
    const all = [...providers, ...customProviders(parsed.providers, providers)]
    const platform = { ...fakePlatform(secrets), send: answer(sent) }
    const internet = createInternet(all)
    return { gateway: createGateway({ platform, config: parsed, providers: all, internet }), sent }
  }

  it('is mocked until the operator says where it is', () => {
    expect(accessOf(gatewayOf({}).gateway, 'ollama')).toBe('mock')
    expect(accessOf(gatewayOf({ mock: 'off' }).gateway, 'ollama')).toBe('no address')
    expect(accessOf(gatewayOf({}, { OLLAMA_API_KEY: 'k' }).gateway, 'ollama')).toBe('mock')
  })

  it('is live there, without a key or with one', async () => {
    const origins = { ollama: 'http://127.0.0.1:11434' }
    const { gateway } = gatewayOf({ origins, mock: 'off' })
    expect(accessOf(gateway, 'ollama')).toBe('live')
    expect(gateway.registry.provider('ollama')).toMatchObject({ key: '', mocked: false })
    expect(gateway.registry.provider('ollama')?.provider.auth('')).toEqual({})
    const keyed = gatewayOf({ origins }, { OLLAMA_API_KEY: 'k' }).gateway
    expect(keyed.registry.provider('ollama')).toMatchObject({ key: 'k', mocked: false })
  })

  it('lets an open gateway on this machine start: there is nothing to spend', () => {
    const origins = { vllm: 'http://127.0.0.1:8000' }
    expect(openProblem(gatewayOf({ origins }).gateway, true)).toBeUndefined()
    expect(openProblem(gatewayOf({ origins }, { VLLM_API_KEY: 'k' }).gateway, true)).toContain(
      'vllm',
    )
    expect(banner(gatewayOf({ mock: 'off' }).gateway, 'http://x')).toMatch(/no address .*lmstudio/)
  })

  it('may be one of the operator\u2019s own', () => {
    const own = { id: 'cellar', origin: 'http://127.0.0.1:9', speaks: 'openai-chat' as const }
    const { gateway } = gatewayOf({ providers: [own], mock: 'off' })
    expect(accessOf(gateway, 'cellar')).toBe('live')
    expect(accessOf(gatewayOf({ providers: [own], mock: 'all' }).gateway, 'cellar')).toBe('mock')
  })
})

/** A network that answers everything with an empty object. */
const answer = (sent: WireRequest[]) => async (request: WireRequest) => {
  sent.push(request)
  return {
    status: 200,
    header: () => undefined,
    headers: () => [],
    body: once(utf8.encode('{}')),
    text: async () => '{}',
    discard: async () => undefined,
  }
}

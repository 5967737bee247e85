// Warnings speak the caller's language: fields by the names of the protocol the request came in.

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '#core/json'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { post, wire, type Face } from '../kit/gateway-clients.ts'

const gateway = testGateway()
const text = 'Say "aye"'
const gpt = 'gpt-6-sol'
const claude = 'claude-sonnet-5-5'
const gemini = 'gemini-3.8-flash'

/** What the caller is told of a request with these fields besides the usual ones. */
async function warned(face: Face, model: string, changes: JsonObject): Promise<string> {
  const body = JSON.stringify({ ...wire[face].body({ model, text }), ...changes })
  const response = await post(gateway, face, { body, model })
  expect(response.status, await response.text()).toBe(200)
  return lastHeaders(gateway).get('x-mimus-warnings') ?? ''
}

const weather = {
  name: 'get_weather',
  description: 'The weather',
  input_schema: { type: 'object' },
}
const cached = { cache_control: { type: 'ephemeral' } }

describe('a warning names the field', () => {
  it.each<[Face, string, JsonObject, string]>([
    ['openai', claude, { n: 2 }, 'n'],
    ['openai', claude, { prompt_cache_key: 'mine' }, 'prompt_cache_key'],
    ['openai', claude, { presence_penalty: 1 }, 'presence_penalty'],
    ['openai', claude, { max_completion_tokens: 999_999 }, 'max_completion_tokens'],
    ['openai', gemini, { parallel_tool_calls: false }, 'parallel_tool_calls'],
    ['openai', claude, { response_format: { type: 'json_object' } }, 'response_format'],
    ['openai', claude, { reasoning_effort: 'minimal' }, 'reasoning_effort'],
    ['anthropic', gpt, { top_k: 5 }, 'top_k'],
    ['anthropic', gpt, { tools: [{ ...weather, ...cached }] }, 'tools[0].cache_control'],
    ['anthropic', gpt, { stop_sequences: ['a', 'b', 'c', 'd', 'e'] }, 'stop_sequences'],
    [
      'anthropic',
      gpt,
      { thinking: { type: 'enabled', budget_tokens: 1500 } },
      'thinking.budget_tokens',
    ],
    ['anthropic', gemini, { system: [{ type: 'text', text: 'Hi', ...cached }] }, 'system'],
    ['google', claude, { generationConfig: { seed: 1 } }, 'generationConfig.seed'],
    [
      'google',
      claude,
      { generationConfig: { candidateCount: 2 } },
      'generationConfig.candidateCount',
    ],
    ['google', gpt, { generationConfig: { topK: 5 } }, 'generationConfig.topK'],
    ['google', claude, { labels: { team: 'tea' } }, 'labels'],
  ])('as the caller does: %s to %s %j', async (face, model, changes, field) => {
    expect(await warned(face, model, changes)).toContain(`;field="${field}"`)
  })

  it('in its words too', async () => {
    expect(await warned('anthropic', gpt, { top_k: 5 })).toContain('"top_k is not supported')
    expect(await warned('google', claude, { generationConfig: { seed: 1 } })).toContain(
      '"generationConfig.seed is not supported',
    )
    expect(await warned('openai', 'meta/meta-llama-3-70b-instruct', { seed: 1, n: 2 })).toContain(
      '"n is not supported by this model and was left out";field="n"',
    )
  })

  it('in messages and their parts', async () => {
    const parts = [{ text: 'Hi', thoughtSignature: 'c2ln' }]
    const contents = [
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts },
      { role: 'user', parts: [{ text }] },
    ]
    const told = await warned('google', claude, { contents })
    expect(told).toContain('field="contents[1].parts[0].thoughtSignature"')
  })

  it('and leaves what the caller wrote itself as it is', async () => {
    expect(await warned('openai', claude, { candidates: 2 })).toContain('field="candidates"')
  })

  it('in refusals of strict requests', async () => {
    const body = JSON.stringify({ ...wire.openai.body({ model: claude, text }), n: 2 })
    const response = await post(gateway, 'openai', { body, headers: { 'x-mimus-strict': '1' } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param: 'n' } })
  })

  it('when tokens are counted', async () => {
    const body = JSON.stringify({
      model: gemini,
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ ...weather, ...cached }],
    })
    const response = await gateway.fetch(`${gateway.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: wire.anthropic.auth('mock'),
      body,
    })
    expect(response.status).toBe(200)
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toContain('field="tools[0].cache_control"')
  })
})

// Hosts with an API like OpenAI's, asked through the gateway by official SDKs.

import { describe, expect, it } from 'vitest'
import type { Provider } from '#core/provider'
import { isObject, type Json, type JsonObject } from '#core/json'
import { providers } from '../../providers/index.ts'
import { anthropic, callers, faces, openai } from '../kit/gateway-clients.ts'
import { lastBody, lastHeaders, testGateway } from '../kit/gateway.ts'

const ids = [
  'deepseek',
  'fireworks',
  'groq',
  'huggingface',
  'lmstudio',
  'mistral',
  'ollama',
  'openrouter',
  'together',
  'vllm',
  'xai',
]
const hosts = providers.filter(({ id }) => ids.includes(id))
const modelOf = ({ id, models }: Provider, wanted: 'chat' | 'embedding' = 'chat'): string =>
  `${id}/${models.find(({ does }) => does.includes(wanted))?.id ?? ''}`

/** Everything OpenAI's own clients may send that some host refuses. */
const everything: JsonObject = {
  seed: 7,
  max_completion_tokens: 900,
  stream_options: { include_usage: true },
  store: false,
  metadata: { trip: 'north' },
  verbosity: 'low',
  safety_identifier: 'user-1',
  prompt_cache_key: 'birds',
  parallel_tool_calls: true,
  n: 1,
}
const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

const sentBody = (gateway: ReturnType<typeof testGateway>): JsonObject => {
  const body: unknown = JSON.parse(lastBody(gateway))
  return isObject(body) ? body : {}
}
const messagesOf = (body: JsonObject): JsonObject[] =>
  Array.isArray(body['messages']) ? body['messages'].filter(isObject) : []

it('are all here', () => expect(hosts.map(({ id }) => id)).toEqual(ids))

describe.each(hosts.map((host) => [host.id, host] as const))('%s', (id, host) => {
  const gateway = testGateway()
  const ask = callers(gateway)
  const model = modelOf(host)

  it.each(faces)('answers the SDK of %s, whole and streamed', async (face) => {
    expect(await ask[face].whole({ model, text: 'Say "aye"' })).toContain('aye')
    expect(await ask[face].streamed({ model, text: 'Say "aye"' })).toContain('aye')
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(model)
  })

  it('is sent nothing it refuses, of whatever OpenAI takes', async () => {
    const client = openai(gateway)
    const messages = [
      { role: 'developer' as const, content: 'Be brief' },
      { role: 'user' as const, content: 'Say "aye"' },
    ]
    const stream = await client.chat.completions.create({
      model,
      messages,
      ...everything,
      stream: true,
    })
    let said = ''
    let tokens = 0
    for await (const { choices, usage, ...rest } of stream) {
      said += choices[0]?.delta.content ?? ''
      const groq: unknown = 'x_groq' in rest ? rest.x_groq : undefined
      tokens = usage?.total_tokens ?? (isObject(groq) && isObject(groq['usage']) ? 1 : tokens)
    }
    expect(said).toContain('aye')
    expect(tokens).toBeGreaterThan(0)
  })

  it('goes on after a call of a tool, whichever model made it', async () => {
    const toolCall = { id: 'toolu_01A/b-c.d', name: 'weather', input: { city: 'Oslo' } }
    const reply = await anthropic(gateway).messages.create({
      model,
      max_tokens: 1024,
      tools: [{ name: 'weather', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'How is the weather?' },
        { role: 'assistant', content: [{ type: 'tool_use', ...toolCall }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: toolCall.id, content: 'rain' }],
        },
      ],
    })
    expect(reply.content.some(({ type }) => type === 'text')).toBe(true)
    const messages = messagesOf(sentBody(gateway))
    const calls = messages.flatMap((message) => message['tool_calls'] ?? [])
    const made = calls.find(isObject)?.['id']
    expect(messages.find(({ role }) => role === 'tool')?.['tool_call_id']).toBe(made)
  })

  it('calls tools for a caller of its own protocol', async () => {
    const reply = await openai(gateway).chat.completions.create({
      model,
      tools: [weather],
      tool_choice: id === 'ollama' ? 'auto' : 'required',
      messages: [{ role: 'user', content: 'Call weather for Oslo' }],
    })
    expect(reply.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      type: 'function',
      function: { name: 'weather' },
    })
  })

  it.skipIf(host.adapters.embedding === undefined)('embeds', async () => {
    const named = host.models.find(({ does }) => does.includes('embedding'))
    const reply = await openai(gateway).embeddings.create({
      model: modelOf(host, 'embedding'),
      input: ['one', 'two'],
      user: 'somebody',
    })
    expect(reply.data.map(({ embedding }) => embedding.length)).toEqual([
      named?.embedding?.dimensions,
      named?.embedding?.dimensions,
    ])
  })

  it('lists its models in its own shape', async () => {
    const reply = await gateway.fetch(`${gateway.url}/native/${id}${listPath(host)}`, {
      headers: { authorization: 'Bearer mock' },
    })
    const body: Json = await reply.json()
    const list = isObject(body) ? body['data'] : body
    expect(Array.isArray(list) ? list.length : 0).toBeGreaterThan(0)
    expect(Array.isArray(body)).toBe(id === 'together')
  })
})

const listPath = ({ id }: Provider): string => {
  const bases: Record<string, string> = {
    deepseek: '',
    fireworks: '/inference/v1',
    groq: '/openai/v1',
    openrouter: '/api/v1',
  }
  return `${bases[id] ?? '/v1'}/models`
}

describe('what each host is sent', () => {
  const gateway = testGateway()
  const client = openai(gateway)
  const user = { role: 'user' as const, content: 'Say "aye"' }
  const bodyOf = async (model: string, fields: JsonObject): Promise<JsonObject> => {
    await client.chat.completions.create({ model, messages: [user], ...fields, stream: false })
    return sentBody(gateway)
  }

  it('is the caller\u2019s own body where nothing is wrong with it', async () => {
    const fields = { temperature: 0, reasoning_format: 'hidden', top_k: 3 }
    const body = await bodyOf('groq/openai/gpt-oss-20b', fields)
    expect(body).toEqual({
      model: 'openai/gpt-oss-20b',
      messages: [user],
      ...fields,
      stream: false,
    })
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })

  it('has the host\u2019s own names', async () => {
    const fields = { max_completion_tokens: 50, seed: 3, safety_identifier: 'x' }
    expect(await bodyOf('mistral/mistral-large-2512', fields)).toMatchObject({
      max_tokens: 50,
      random_seed: 3,
    })
    expect(await bodyOf('xai/grok-4.6', fields)).toMatchObject({ user: 'x', seed: 3 })
    expect(await bodyOf('deepseek/deepseek-v4-pro', fields)).toMatchObject({ max_tokens: 50 })
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toContain('seed')
  })

  it.each([
    ['deepseek/deepseek-v4-pro', 'none', { thinking: { type: 'disabled' } }],
    ['deepseek/deepseek-v4-pro', 'xhigh', { reasoning_effort: 'max' }],
    ['deepseek/deepseek-v4-pro', 'high', { reasoning_effort: 'high' }],
    ['together/zai-org/GLM-5', 'none', { reasoning: { enabled: false } }],
    ['openrouter/x-ai/grok-4.6', 'low', { reasoning: { effort: 'low' } }],
    ['groq/qwen/qwen3.6-27b', 'medium', { reasoning_effort: 'default' }],
    ['xai/grok-4.6', 'xhigh', { reasoning_effort: 'xhigh' }],
    ['xai/grok-4.3', 'xhigh', { reasoning_effort: 'high' }],
    ['mistral/mistral-medium-3-5', 'low', { reasoning_effort: 'high' }],
    ['mistral/mistral-large-4', 'low', { reasoning_effort: 'low' }],
  ])('says the effort as %s does: %s', async (model, effort, expected) => {
    const body = await bodyOf(model, { reasoning_effort: effort })
    expect(body).toMatchObject(expected)
    if (!('reasoning_effort' in expected)) expect(body).not.toHaveProperty('reasoning_effort')
  })

  it('has a schema as an instruction where there is only a JSON mode', async () => {
    const schema = { type: 'object', properties: { bird: { type: 'string' } }, required: ['bird'] }
    const body = await bodyOf('deepseek/deepseek-v4-pro', {
      response_format: { type: 'json_schema', json_schema: { name: 'bird', schema, strict: true } },
    })
    expect(body['response_format']).toEqual({ type: 'json_object' })
    expect(messagesOf(body)[0]).toMatchObject({
      role: 'system',
      content: expect.stringContaining(JSON.stringify(schema)),
    })
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toContain('response_format')
  })

  it('has thoughts where the host wants them back', async () => {
    const thinking = [{ type: 'thinking', thinking: 'Hm', signature: '' }]
    const messages = [
      user,
      { role: 'assistant', content: [...thinking, { type: 'text', text: 'aye' }] },
      user,
    ]
    const answerTo = async (model: string): Promise<JsonObject | undefined> => {
      await gateway.fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': 'mock', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ model, max_tokens: 100, messages }),
      })
      return messagesOf(sentBody(gateway)).find(({ role }) => role === 'assistant')
    }
    expect(await answerTo('deepseek/deepseek-v4-pro')).toMatchObject({ reasoning_content: 'Hm' })
    expect(await answerTo('groq/openai/gpt-oss-120b')).toMatchObject({ reasoning: 'Hm' })
    expect(await answerTo('openrouter/x-ai/grok-4.6')).toMatchObject({ reasoning: 'Hm' })
    expect(await answerTo('mistral/mistral-medium-3-5')).toMatchObject({
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }], closed: true },
        { type: 'text', text: 'aye' },
      ],
    })
  })

  it('has an empty thought for an answer of V4 whose caller has forgotten it', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }
    const messages = [
      user,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'rain' },
    ]
    const body = await bodyOf('deepseek/deepseek-v4-pro', { messages })
    expect(messagesOf(body)[1]).toMatchObject({ reasoning_content: '', tool_calls: [call] })
  })

  it('marks the ends of cached prefixes as the makers behind OpenRouter read them', async () => {
    await anthropic(gateway).messages.create({
      model: 'openrouter/anthropic/claude-opus-5.5',
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } }],
        },
      ],
    })
    expect(messagesOf(sentBody(gateway))[0]?.['content']).toEqual([
      { type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } },
    ])
  })

  it('refuses instead of leaving out, where the caller is strict', async () => {
    const strict = openai(gateway, { headers: { 'x-mimus-strict': '1' } })
    const asked = strict.chat.completions.create({
      model: 'mistral/mistral-large-2512',
      messages: [user],
      logprobs: true,
    })
    await expect(asked).rejects.toMatchObject({ status: 400 })
  })
})

describe('thoughts of Mistral', () => {
  it('reach a client of OpenAI beside the text, not in it', async () => {
    const gateway = testGateway()
    const reply = await openai(gateway).chat.completions.create({
      model: 'mistral/mistral-medium-3-5',
      reasoning_effort: 'high',
      messages: [{ role: 'user', content: 'Say "aye"' }],
    })
    const message = reply.choices[0]?.message
    expect(message?.content).toContain('aye')
    expect(message).toHaveProperty('reasoning_content')
  })
})

describe('pictures of xAI', () => {
  const gateway = testGateway()
  const client = openai(gateway)

  it('come in the nearest shape, as many as were asked for', async () => {
    const reply = await client.images.generate({
      model: 'grok-imagine-image',
      prompt: 'a mockingbird',
      n: 4,
      size: '1536x1024',
    })
    expect(reply.data).toHaveLength(4)
    expect(gateway.sent.map(({ url }) => url)).toEqual(
      gateway.sent.map(() => 'https://api.x.ai/v1/images/generations'),
    )
    expect(sentBody(gateway)).toMatchObject({ aspect_ratio: '3:2', response_format: 'b64_json' })
    const [first, second] = reply.data ?? []
    expect(first?.b64_json).not.toBe(second?.b64_json)
  })

  it('are edited by links to their data, also in the name of a retired model', async () => {
    const drawn = await client.images.generate({ model: 'grok-imagine-image', prompt: 'a bird' })
    const bytes = Uint8Array.from(atob(drawn.data?.[0]?.b64_json ?? ''), (one) => one.charCodeAt(0))
    const reply = await client.images.edit({
      model: 'grok-imagine-image-pro',
      prompt: 'at dawn',
      image: new File([bytes], 'bird.jpeg', { type: 'image/jpeg' }),
    })
    expect(reply.data).toHaveLength(1)
    expect(sentBody(gateway)).toMatchObject({
      model: 'grok-imagine-image-quality',
      image: { type: 'image_url', url: expect.stringMatching(/^data:image\/jpeg;base64,/) },
    })
  })
})

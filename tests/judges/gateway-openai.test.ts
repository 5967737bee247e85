// The official `openai` client against the whole gateway: chat, with models of every provider.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { isObject, parseJson } from '#core/json'
import { lastBody, lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway()
const openai = new OpenAI({
  apiKey: 'mock',
  baseURL: `${gateway.url}/v1`,
  maxRetries: 0,
  fetch: gateway.fetch,
})

const chatModels: [name: string, target: string][] = [
  ['gpt-6-sol', 'openai/gpt-6-sol'],
  ['claude-opus-5-5', 'anthropic/claude-opus-5-5'],
  ['gemini-3.8-flash', 'gemini/gemini-3.8-flash'],
  ['meta-llama-3-8b-instruct', 'replicate/meta/meta-llama-3-8b-instruct'],
]
const able = chatModels.slice(0, 3)

const ask = (model: string, content: string) => ({
  model,
  messages: [{ role: 'user' as const, content }],
})

const weather: OpenAI.ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
}

describe.each(chatModels)('chat with %s', (model, target) => {
  it('answers whole, and says who answered', async () => {
    const reply = await openai.chat.completions.create(ask(model, 'Say "good morning to you all"'))
    expect(reply.object).toBe('chat.completion')
    expect(reply.choices[0]?.message.content).toContain('good morning to you all')
    expect(reply.choices[0]?.finish_reason).toBe('stop')
    expect(reply.created).toBeGreaterThan(1_700_000_000)
    const { prompt_tokens: read = 0, completion_tokens: written = 0 } = reply.usage ?? {}
    expect(read).toBeGreaterThan(0)
    expect(reply.usage?.total_tokens).toBe(read + written)
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(target)
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBe('1')
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })

  it('streams the same words, with usage where it is asked for', async () => {
    const request = ask(model, 'Say "good morning to you all"')
    const whole = await openai.chat.completions.create(request)
    const chunks = []
    const stream = await openai.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.length).toBeGreaterThan(3)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]?.message.content,
    )
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.finish_reason ?? [])).toEqual(['stop'])
    expect(chunks.flatMap((chunk) => chunk.usage ?? [])).toHaveLength(1)
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(whole.usage?.total_tokens)
  })

  it('folds the stream with the helper', async () => {
    const stream = openai.chat.completions.stream(ask(model, 'Say "good morning"'))
    let said = ''
    stream.on('content', (delta) => (said += delta))
    const final = await stream.finalChatCompletion()
    expect(final.choices[0]?.message.content).toContain('good morning')
    expect(said).toBe(final.choices[0]?.message.content)
  })

  it('ends at the limit that is asked for', async () => {
    const reply = await openai.chat.completions.create({
      ...ask(model, 'Tell me a long story of foxes'),
      max_completion_tokens: 24,
    })
    expect(reply.choices[0]?.finish_reason).toBe('length')
    expect(reply.usage?.completion_tokens).toBeLessThanOrEqual(24)
  })

  it('reads system and developer words', async () => {
    const reply = await openai.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: 'You are on a ship.', name: 'captain' },
        { role: 'developer', content: 'Always answer with exactly "aye".' },
        { role: 'user', content: 'Are you there?' },
      ],
    })
    expect(reply.choices[0]?.message.content).toContain('aye')
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })
})

describe.each(able)('tools with %s', (model) => {
  it('are run by the helper until the answer is there', async () => {
    const asked: unknown[] = []
    const runner = openai.chat.completions.runTools({
      ...ask(model, 'Use get_weather for Paris, please'),
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather in a city',
            parameters: weather.function.parameters ?? {},
            parse: (text: string): object => JSON.parse(text),
            function: (input: object) => {
              asked.push(input)
              return '21 degrees and sunny'
            },
          },
        },
      ],
    })
    const said = await runner.finalContent()
    expect(asked).toEqual([{ city: 'Paris' }])
    expect(said).toContain('21 degrees')
  })

  it('are called side by side, whole and streamed alike', async () => {
    const request = {
      ...ask(model, 'Use get_weather for Paris and Tokyo'),
      tools: [weather],
      tool_choice: 'required' as const,
    }
    const whole = await openai.chat.completions.create(request)
    expect(whole.choices[0]?.finish_reason).toBe('tool_calls')
    const calls = (message: OpenAI.ChatCompletionMessage | undefined) =>
      (message?.tool_calls ?? []).map((call) =>
        call.type === 'function' ? [call.function.name, parseJson(call.function.arguments)] : [],
      )
    expect(calls(whole.choices[0]?.message)).toEqual([
      ['get_weather', { city: 'Paris' }],
      ['get_weather', { city: 'Tokyo' }],
    ])
    const ids = whole.choices[0]?.message.tool_calls?.map(({ id }) => id) ?? []
    expect(new Set(ids).size).toBe(2)
    const streamed = await openai.chat.completions.stream(request).finalChatCompletion()
    expect(calls(streamed.choices[0]?.message)).toEqual(calls(whole.choices[0]?.message))
    expect(streamed.choices[0]?.finish_reason).toBe('tool_calls')
    const answered = await openai.chat.completions.create({
      ...request,
      tool_choice: 'auto',
      messages: [
        ...request.messages,
        whole.choices[0]?.message ?? { role: 'assistant' },
        ...ids.map((id, index) => ({
          role: 'tool' as const,
          tool_call_id: id,
          content: `${20 + index} degrees`,
        })),
      ],
    })
    expect(answered.choices[0]?.message.content).toContain('20 degrees')
    expect(answered.choices[0]?.message.content).toContain('21 degrees')
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })

  it('can be forbidden and named', async () => {
    const request = { ...ask(model, 'Use get_weather for Paris'), tools: [weather] }
    const none = await openai.chat.completions.create({ ...request, tool_choice: 'none' })
    expect(none.choices[0]?.message.tool_calls).toBeUndefined()
    const named = await openai.chat.completions.create({
      ...request,
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    })
    expect(named.choices[0]?.message.tool_calls).toHaveLength(1)
  })

  it('gives JSON that fits a schema', async () => {
    const reply = await openai.chat.completions.parse({
      ...ask(model, 'Describe a fox'),
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'animal',
          strict: true,
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, legs: { type: 'integer' } },
            required: ['name', 'legs'],
            additionalProperties: false,
          },
        },
      },
    })
    const value = parseJson(reply.choices[0]?.message.content ?? '')
    expect(isObject(value) && typeof value['name']).toBe('string')
    expect(isObject(value) && Number.isInteger(value['legs'])).toBe(true)
  })

  it('sees an image', async () => {
    const reply = await openai.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is in this image?' },
            { type: 'image_url', image_url: { url: pixel } },
          ],
        },
      ],
    })
    expect(reply.choices[0]?.message.content).toMatch(/image|picture/i)
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })

  it('thinks as hard as it is told', async () => {
    const reply = await openai.chat.completions.create({
      ...ask(model, 'How many legs do three foxes have?'),
      reasoning_effort: 'high',
    })
    expect(reply.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toBeNull()
  })
})

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('a conversation', () => {
  it('goes on with a model of another provider, which hears nothing it would refuse', async () => {
    const request = { ...ask('', 'Use get_weather for Paris'), tools: [weather] }
    for (const [first] of able)
      for (const [second] of able) {
        const asked = await openai.chat.completions.create({ ...request, model: first })
        const [{ message } = { message: undefined }] = asked.choices
        const answered = await openai.chat.completions.create({
          ...request,
          model: second,
          messages: [
            ...request.messages,
            message ?? { role: 'assistant' },
            {
              role: 'tool',
              tool_call_id: message?.tool_calls?.[0]?.id ?? '',
              content: '21 degrees',
            },
          ],
        })
        expect(answered.choices[0]?.message.content, `${first} ${second}`).toContain('21 degrees')
        if (second === 'gpt-6-sol') {
          const body = lastBody(gateway)
          expect(body, first).not.toMatch(/"(extra_content|reasoning_content|reasoning_details)"/)
        }
      }
  })
})

describe('several answers', () => {
  it('come from models that give them', async () => {
    for (const model of ['gpt-4.1', 'gemini-3.8-flash']) {
      const reply = await openai.chat.completions.create({ ...ask(model, 'Hello'), n: 2 })
      expect(
        reply.choices.map(({ index }) => index),
        model,
      ).toEqual([0, 1])
    }
  })

  it('are told to be one where the model gives one', async () => {
    const reply = await openai.chat.completions.create({ ...ask('claude-opus-5-5', 'Hello'), n: 2 })
    expect(reply.choices).toHaveLength(1)
    expect(lastHeaders(gateway).get('x-mimus-warnings')).toContain('2 answers were wanted')
  })
})

describe('media in chat', () => {
  it('carries the images of image models', async () => {
    const request = ask('gemini-3.1-flash-image', 'Draw a fox')
    const reply = await openai.chat.completions.create(request)
    expect(JSON.stringify(reply.choices[0]?.message)).toContain('data:image/png;base64,')
    let streamed = ''
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true }))
      streamed += JSON.stringify(chunk.choices[0]?.delta ?? {})
    expect(streamed).toContain('data:image/png;base64,')
  })

  it('carries the voice of speaking models', async () => {
    const reply = await openai.chat.completions.create({
      ...ask('gpt-audio', 'Say "hello"'),
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'wav' },
    })
    expect(reply.choices[0]?.message.audio?.data.length).toBeGreaterThan(100)
    expect(reply.choices[0]?.message.audio?.transcript).toContain('hello')
  })
})

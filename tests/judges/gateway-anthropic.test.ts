// The official `@anthropic-ai/sdk` client against the whole gateway, with chat models of every provider.

import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '#core/bytes'
import { isObject, parseJson } from '#core/json'
import { drawImage } from '#mock/media/index'
import { lastBody, lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway()
const anthropic = new Anthropic({
  apiKey: 'mock',
  baseURL: gateway.url,
  maxRetries: 0,
  fetch: gateway.fetch,
})

const warnings = (): string => lastHeaders(gateway).get('x-mimus-warnings') ?? ''

const chatModels: [name: string, target: string][] = [
  ['claude-opus-5-5', 'anthropic/claude-opus-5-5'],
  ['gpt-6-sol', 'openai/gpt-6-sol'],
  ['gemini-3.8-flash', 'gemini/gemini-3.8-flash'],
  ['meta-llama-3-8b-instruct', 'replicate/meta/meta-llama-3-8b-instruct'],
]
const able = chatModels.slice(0, 3)

const ask = (model: string, content: string) => ({
  model,
  max_tokens: 2048,
  messages: [{ role: 'user' as const, content }],
})

const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather in a city',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}

const textOf = (message: Anthropic.Message): string =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')

const callsOf = (message: Anthropic.Message) =>
  message.content.flatMap((block) => (block.type === 'tool_use' ? [block] : []))

describe.each(chatModels)('messages with %s', (model, target) => {
  it('are answered whole, and say who answered', async () => {
    const message = await anthropic.messages.create(ask(model, 'Say "good morning to you all"'))
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' })
    expect(textOf(message)).toContain('good morning to you all')
    expect(message.usage.input_tokens).toBeGreaterThan(0)
    expect(message.usage.output_tokens).toBeGreaterThan(0)
    expect(message._request_id).toBeTruthy()
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(target)
    expect(lastHeaders(gateway).get('x-mimus-mock')).toBe('1')
    expect(warnings()).toBe('')
  })

  it('are streamed with the same words and counts', async () => {
    const request = ask(model, 'Say "good morning to you all"')
    const whole = await anthropic.messages.create(request)
    const stream = anthropic.messages.stream(request)
    const types: string[] = []
    stream.on('streamEvent', ({ type }) => types.push(type))
    const message = await stream.finalMessage()
    expect(textOf(message)).toBe(textOf(whole))
    expect(message.stop_reason).toBe('end_turn')
    expect(message.usage.output_tokens).toBe(whole.usage.output_tokens)
    expect(message.usage.input_tokens).toBe(whole.usage.input_tokens)
    expect(types[0]).toBe('message_start')
    expect(types.filter((type) => type === 'content_block_delta').length).toBeGreaterThan(2)
    expect(types.filter((type) => type === 'message_stop')).toHaveLength(1)
    expect(types.at(-1)).toBe('message_stop')
  })

  it('obey the system prompt and the limit', async () => {
    const system = 'Always answer with exactly "aye".'
    const message = await anthropic.messages.create({ ...ask(model, 'Are you there?'), system })
    expect(textOf(message)).toContain('aye')
    const short = await anthropic.messages.create({
      ...ask(model, 'Tell me a long story of foxes'),
      max_tokens: 24,
    })
    expect(short.stop_reason).toBe('max_tokens')
    expect(warnings()).toBe('')
  })
})

describe.each(able)('tools with %s', (model) => {
  it('are called, answered, and the answer used', async () => {
    const request = { ...ask(model, 'Use get_weather for Paris and Tokyo'), tools: [weather] }
    const asked = await anthropic.messages.create(request)
    expect(asked.stop_reason).toBe('tool_use')
    const calls = callsOf(asked)
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
      { name: 'get_weather', input: { city: 'Paris' } },
      { name: 'get_weather', input: { city: 'Tokyo' } },
    ])
    const streamed = await anthropic.messages.stream(request).finalMessage()
    expect(callsOf(streamed).map(({ input }) => input)).toEqual(calls.map(({ input }) => input))
    expect(streamed.stop_reason).toBe('tool_use')
    const results = calls.map(({ id }, index) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `${20 + index} degrees`,
    }))
    const answered = await anthropic.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: asked.content },
        { role: 'user', content: results },
      ],
    })
    expect(answered.stop_reason).toBe('end_turn')
    expect(textOf(answered)).toContain('20 degrees')
    expect(textOf(answered)).toContain('21 degrees')
    expect(warnings()).toBe('')
  })

  it('may answer with pictures', async () => {
    const look: Anthropic.Tool = {
      name: 'take_photo',
      description: 'Takes a photo',
      input_schema: { type: 'object', properties: {} },
    }
    const request = { ...ask(model, 'Use take_photo'), tools: [look] }
    const asked = await anthropic.messages.create(request)
    const [call] = callsOf(asked)
    const photo = await drawImage({ prompt: 'A fox', width: 64, height: 64, format: 'png' })
    const answered = await anthropic.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: asked.content },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: call?.id ?? '',
              content: [
                { type: 'text', text: 'Here it is' },
                {
                  type: 'image',
                  source: { type: 'base64', media_type: 'image/png', data: toBase64(photo) },
                },
              ],
            },
          ],
        },
      ],
    })
    expect(answered.stop_reason).toBe('end_turn')
    expect(textOf(answered).length).toBeGreaterThan(0)
    const body = gateway.sent.at(-1)?.body
    expect(body).toContain(toBase64(photo))
  })

  it('can be forced, named and forbidden', async () => {
    const request = { ...ask(model, 'Hello there'), tools: [weather] }
    const forced = await anthropic.messages.create({
      ...request,
      // A Claude that always thinks cannot be forced.
      model: model === 'claude-opus-5-5' ? 'claude-sonnet-4-6' : model,
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    })
    expect(callsOf(forced)).toHaveLength(1)
    const none = await anthropic.messages.create({
      ...request,
      ...ask(model, 'Use get_weather for Paris'),
      tool_choice: { type: 'none' },
    })
    expect(callsOf(none)).toEqual([])
  })

  it('think where they are told to, and are held to a schema', async () => {
    const thought = await anthropic.messages.create({
      ...ask(model, 'How many legs do three foxes have?'),
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    })
    expect(textOf(thought).length).toBeGreaterThan(0)
    const reply = await anthropic.messages.create({
      ...ask(model, 'Describe a fox'),
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, legs: { type: 'integer' } },
            required: ['name', 'legs'],
            additionalProperties: false,
          },
        },
      },
    })
    const value = parseJson(textOf(reply))
    expect(isObject(value) && Number.isInteger(value['legs'])).toBe(true)
    expect(warnings()).toBe('')
  })

  it('see images', async () => {
    const data = toBase64(
      await drawImage({ prompt: 'A fox', width: 64, height: 64, format: 'png' }),
    )
    const reply = await anthropic.messages.create({
      model,
      max_tokens: 1024,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
            { type: 'text', text: 'What is in this image?' },
          ],
        },
      ],
    })
    expect(textOf(reply)).toMatch(/image|picture|64/i)
    expect(warnings()).toBe('')
  })
})

describe('thinking', () => {
  it('is shown by models of any provider that show it, whole and streamed', async () => {
    for (const model of ['claude-opus-5-5', 'gemini-3.8-flash']) {
      const request = {
        ...ask(model, 'How many legs do three foxes have?'),
        thinking: { type: 'adaptive' as const, display: 'summarized' as const },
      }
      const whole = await anthropic.messages.create(request)
      expect(
        whole.content.map(({ type }) => type),
        model,
      ).toEqual(['thinking', 'text'])
      const streamed = await anthropic.messages.stream(request).finalMessage()
      expect(
        streamed.content.map(({ type }) => type),
        model,
      ).toEqual(['thinking', 'text'])
      const next = await anthropic.messages.create({
        ...request,
        messages: [
          ...request.messages,
          { role: 'assistant', content: streamed.content },
          { role: 'user', content: 'And four?' },
        ],
      })
      expect(next.stop_reason, model).toBe('end_turn')
    }
  })

  it('of one provider may be sent to another: it is left out and told', async () => {
    const first = ask('claude-opus-5-5', 'How many legs do three foxes have?')
    const thought = await anthropic.messages.create({
      ...first,
      thinking: { type: 'adaptive', display: 'summarized' },
    })
    for (const model of ['gpt-6-sol', 'gemini-3.8-flash', 'meta-llama-3-8b-instruct']) {
      const next = await anthropic.messages.create({
        ...ask(model, ''),
        messages: [
          ...first.messages,
          { role: 'assistant', content: thought.content },
          { role: 'user', content: 'And four?' },
        ],
      })
      expect(next.stop_reason, model).toBe('end_turn')
      expect(warnings(), model).toMatch(/field="messages/)
    }
  })
})

describe('a conversation', () => {
  it('keeps every other word when thoughts of another model are left out', async () => {
    const thought = await anthropic.messages.create({
      ...ask('gemini-3.8-flash', 'How many legs do three foxes have?'),
      thinking: { type: 'adaptive', display: 'summarized' },
    })
    expect(thought.content[0]).toMatchObject({ type: 'thinking' })
    const request = {
      ...ask('claude-opus-5-5', ''),
      service_tier: 'standard_only' as const,
      messages: [
        { role: 'user' as const, content: 'How many?' },
        { role: 'assistant' as const, content: thought.content },
        { role: 'user' as const, content: 'And four?' },
      ],
    }
    await anthropic.messages.create(request)
    const [, words] = thought.content
    const messages = [
      request.messages[0],
      { role: 'assistant', content: [words] },
      request.messages[2],
    ]
    expect(parseJson(lastBody(gateway))).toEqual({ ...request, messages })
    expect(warnings()).toContain('field="messages[1].content[0]"')
  })

  it('with thoughts and tools goes on with a model of another provider', async () => {
    const thinking = { type: 'adaptive' as const, display: 'summarized' as const }
    const request = { ...ask('', 'Use get_weather for Paris'), tools: [weather], thinking }
    for (const [first] of able)
      for (const [second] of able) {
        const asked = await anthropic.messages.create({ ...request, model: first })
        const [call] = callsOf(asked)
        const answered = await anthropic.messages.create({
          ...request,
          model: second,
          messages: [
            ...request.messages,
            { role: 'assistant', content: asked.content },
            {
              role: 'user',
              content: [
                { type: 'tool_result', tool_use_id: call?.id ?? '', content: '21 degrees' },
              ],
            },
          ],
        })
        expect(textOf(answered), `${first} ${second}`).toContain('21 degrees')
        if (second === 'claude-opus-5-5')
          expect(lastBody(gateway), first).not.toMatch(/"signature":"["@]/)
      }
  })
})

describe('counting', () => {
  it('is what a message then costs', async () => {
    const request = ask('claude-opus-5-5', 'Tell me about parrots')
    const { max_tokens: _, ...counted } = request
    const { input_tokens: tokens } = await anthropic.messages.countTokens(counted)
    expect(tokens).toBe((await anthropic.messages.create(request)).usage.input_tokens)
  })

  it('is an estimate, and says so, where the provider has no way to ask', async () => {
    for (const [model] of chatModels.slice(1)) {
      const { input_tokens: tokens } = await anthropic.messages.countTokens({
        model,
        messages: [{ role: 'user', content: 'Tell me about parrots' }],
      })
      expect(tokens, model).toBeGreaterThan(2)
      expect(warnings().includes('estimate'), model).toBe(!model.startsWith('gemini'))
    }
  })
})

describe('models', () => {
  it('are listed page by page, each once', async () => {
    const ids: string[] = []
    for await (const model of anthropic.models.list({ limit: 25 })) ids.push(model.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(100)
    expect(ids).toEqual(
      expect.arrayContaining(['claude-opus-5-5', 'gpt-6-sol', 'gemini-3.8-flash', 'best']),
    )
    const back = await anthropic.models.list({ limit: 5, before_id: ids[7] ?? '' })
    expect(back.data.map(({ id }) => id)).toEqual(ids.slice(2, 7))
  })

  it('are told one by one', async () => {
    const model = await anthropic.models.retrieve('anthropic/claude-opus-5-5')
    expect(model).toMatchObject({ type: 'model', id: 'claude-opus-5-5' })
    expect(Date.parse(model.created_at)).not.toBeNaN()
    await expect(anthropic.models.retrieve('claude-99')).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    )
  })
})

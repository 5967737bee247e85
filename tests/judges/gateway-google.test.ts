// Google's own clients against the whole gateway, with models of every provider.

import {
  ApiError,
  createPartFromFunctionResponse,
  FunctionCallingConfigMode,
  GoogleGenAI,
  Modality,
  type FunctionCall,
  type GenerateContentResponse,
  type HttpOptions,
} from '@google/genai'
import { GoogleGenerativeAI, GoogleGenerativeAIFetchError, SchemaType } from '@google/generative-ai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromBase64, gather, toBase64 } from '#core/bytes'
import { isObject, parseJson } from '#core/json'
import { drawImage, probe, synthesize } from '#mock/media/index'
import { lastHeaders, testGateway } from '../kit/gateway.ts'

const gateway = testGateway()
const client = (options: HttpOptions = {}) =>
  new GoogleGenAI({
    apiKey: 'mock',
    httpOptions: { baseUrl: gateway.url, fetch: gateway.fetch, ...options },
  })
const google = client()

const warnings = (): string => lastHeaders(gateway).get('x-mimus-warnings') ?? ''

const chatModels: [name: string, target: string][] = [
  ['gemini-3.8-flash', 'gemini/gemini-3.8-flash'],
  ['gpt-6-sol', 'openai/gpt-6-sol'],
  ['claude-opus-5-5', 'anthropic/claude-opus-5-5'],
  ['meta-llama-3-8b-instruct', 'replicate/meta/meta-llama-3-8b-instruct'],
]
const able = chatModels.slice(0, 3)

const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  parametersJsonSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}

async function read(stream: AsyncGenerator<GenerateContentResponse>) {
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
  // The client's own `text` warns of parts that are none.
  return { chunks, text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('') }
}

describe.each(chatModels)('@google/genai with %s', (model, target) => {
  it('is answered whole, and told who answered', async () => {
    const reply = await google.models.generateContent({
      model,
      contents: 'Say "good morning to you all"',
    })
    expect(reply.text).toContain('good morning to you all')
    expect(reply.candidates?.[0]?.finishReason).toBe('STOP')
    expect(reply.usageMetadata?.promptTokenCount).toBeGreaterThan(0)
    expect(reply.usageMetadata?.totalTokenCount).toBeGreaterThan(5)
    expect(lastHeaders(gateway).get('x-mimus-target')).toBe(target)
    expect(warnings()).toBe('')
  })

  it('is streamed the same words', async () => {
    const request = { model, contents: 'Say "good morning to you all"' }
    const whole = await google.models.generateContent(request)
    const { chunks, text } = await read(await google.models.generateContentStream(request))
    expect(chunks.length).toBeGreaterThan(2)
    expect(text).toBe(whole.text)
    expect(chunks.flatMap((chunk) => chunk.candidates?.[0]?.finishReason ?? [])).toEqual(['STOP'])
    expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBe(whole.usageMetadata?.totalTokenCount)
  })

  it('has conversations', async () => {
    const chat = google.chats.create({ model, config: { systemInstruction: 'You are kind.' } })
    const first = await chat.sendMessage({ message: 'Say "good morning"' })
    expect(first.text).toContain('good morning')
    const { text } = await read(await chat.sendMessageStream({ message: 'Say "good night"' }))
    // Llama gets the whole conversation as one text, and its mock takes the first thing to say in it.
    expect(text).toContain(target.startsWith('replicate/') ? 'good' : 'good night')
    expect(chat.getHistory().filter(({ role }) => role === 'user')).toHaveLength(2)
  })

  it('obeys instructions and limits', async () => {
    const reply = await google.models.generateContent({
      model,
      contents: 'Are you there?',
      config: { systemInstruction: 'Always answer with exactly "aye".' },
    })
    expect(reply.text).toContain('aye')
    const short = await google.models.generateContent({
      model,
      contents: 'Tell me a long story of foxes',
      config: { maxOutputTokens: 24 },
    })
    expect(short.candidates?.[0]?.finishReason).toBe('MAX_TOKENS')
  })
})

describe.each(able)('tools with %s', (model) => {
  const config = {
    tools: [{ functionDeclarations: [weather] }],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } },
  }
  const answers = (calls: FunctionCall[]) =>
    calls.map((call, index) =>
      createPartFromFunctionResponse(call.id ?? '', call.name ?? '', {
        output: `${20 + index} degrees`,
      }),
    )

  it('are called and answered in one conversation', async () => {
    const chat = google.chats.create({ model, config })
    const asked = await chat.sendMessage({ message: 'Use get_weather for Paris and Tokyo' })
    expect(asked.functionCalls?.map(({ name, args }) => ({ name, args }))).toEqual([
      { name: 'get_weather', args: { city: 'Paris' } },
      { name: 'get_weather', args: { city: 'Tokyo' } },
    ])
    const answered = await chat.sendMessage({ message: answers(asked.functionCalls ?? []) })
    expect(answered.text).toContain('20 degrees')
    expect(answered.text).toContain('21 degrees')
    expect(warnings()).toBe('')
  })

  it('are called in streams, with the proofs a next turn needs', async () => {
    const chat = google.chats.create({ model, config })
    const { chunks } = await read(
      await chat.sendMessageStream({ message: 'Use get_weather for Paris' }),
    )
    const calls = chunks.flatMap((chunk) => chunk.functionCalls ?? [])
    expect(calls.map(({ args }) => args)).toEqual([{ city: 'Paris' }])
    const { text } = await read(await chat.sendMessageStream({ message: answers(calls) }))
    expect(text).toContain('20 degrees')
    expect(warnings()).toBe('')
  })

  it('gives JSON that fits a schema', async () => {
    const reply = await google.models.generateContent({
      model,
      contents: 'Describe a fox',
      config: {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'object',
          properties: { name: { type: 'string' }, legs: { type: 'integer' } },
          required: ['name', 'legs'],
          additionalProperties: false,
        },
      },
    })
    const value = parseJson(reply.text ?? '')
    expect(isObject(value) && Number.isInteger(value['legs'])).toBe(true)
    expect(warnings()).toBe('')
  })

  it('sees images', async () => {
    const data = toBase64(
      await drawImage({ prompt: 'A fox', width: 64, height: 64, format: 'png' }),
    )
    const reply = await google.models.generateContent({
      model,
      contents: [{ inlineData: { mimeType: 'image/png', data } }, 'What is in this image?'],
    })
    expect(reply.text).toMatch(/image|picture|64/i)
    expect(warnings()).toBe('')
  })
})

describe('a thought signature', () => {
  it('is given back to the model it came from, and needed there', async () => {
    const config = { tools: [{ functionDeclarations: [weather] }] }
    const chat = google.chats.create({ model: 'gemini-3.8-flash', config })
    const asked = await chat.sendMessage({ message: 'Use get_weather for Paris' })
    const parts = asked.candidates?.[0]?.content?.parts ?? []
    const signed = parts.find((part) => part.functionCall !== undefined)?.thoughtSignature ?? ''
    expect(signed.length).toBeGreaterThan(0)
    const [call] = asked.functionCalls ?? []
    await chat.sendMessage({
      message: [createPartFromFunctionResponse(call?.id ?? '', 'get_weather', { output: 'Sun' })],
    })
    expect(gateway.sent.at(-1)?.body).toContain(signed)
  })

  it('does not hinder a conversation that goes on with a model of another provider', async () => {
    const config = {
      tools: [{ functionDeclarations: [weather] }],
      thinkingConfig: { includeThoughts: true },
    }
    const question = { role: 'user', parts: [{ text: 'Use get_weather for Paris' }] }
    for (const [first] of able)
      for (const [second] of able) {
        const asked = await google.models.generateContent({
          model: first,
          contents: [question],
          config,
        })
        const [call] = asked.functionCalls ?? []
        const response = { output: 'Sun' }
        const result = createPartFromFunctionResponse(call?.id ?? '', 'get_weather', response)
        const answered = await google.models.generateContent({
          model: second,
          contents: [
            question,
            asked.candidates?.[0]?.content ?? {},
            { role: 'user', parts: [result] },
          ],
          config,
        })
        expect(answered.text, `${first} ${second}`).toContain('Sun')
      }
  })
})

describe('media in chat', () => {
  it('carries the images of image models, whole and streamed', async () => {
    const request = { model: 'gemini-3.1-flash-image', contents: 'Draw a fox' }
    const whole = await google.models.generateContent(request)
    const { chunks } = await read(await google.models.generateContentStream(request))
    for (const replies of [[whole], chunks]) {
      const images = replies.flatMap((reply) =>
        (reply.candidates?.[0]?.content?.parts ?? []).flatMap((part) => part.inlineData ?? []),
      )
      expect(images).toHaveLength(1)
      expect(probe(fromBase64(images[0]?.data ?? ''))?.mediaType).toBe(images[0]?.mimeType)
    }
  })

  it('carries the voice of speaking models of OpenAI', async () => {
    const reply = await google.models.generateContent({
      model: 'gpt-audio',
      contents: 'Say "hello"',
      config: {
        responseModalities: [Modality.AUDIO],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'alloy' } } },
      },
    })
    const sounds = (reply.candidates?.[0]?.content?.parts ?? []).flatMap(
      (part) => part.inlineData ?? [],
    )
    expect(sounds).toHaveLength(1)
    expect(sounds[0]?.mimeType).toMatch(/^audio\//)
  })
})

describe('speech', () => {
  it('is heard by the model that transcribes', async () => {
    const wav = await gather(synthesize({ text: 'hello', seconds: 2, format: 'wav' }))
    const heard = await google.models.generateContent({
      model: 'gemini-3.5-transcribe',
      contents: [{ inlineData: { mimeType: 'audio/wav', data: toBase64(wav) } }],
    })
    expect(heard.text?.length).toBeGreaterThan(2)
  })

  it('is asked of speech models as a chat is', async () => {
    const reply = await google.models.generateContent({
      model: 'gemini-3.8-flash-tts',
      contents: 'Good morning to you all',
      config: {
        responseModalities: [Modality.AUDIO],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
    })
    expect(reply.data?.length).toBeGreaterThan(1000)
    expect(reply.candidates?.[0]?.content?.parts?.[0]?.inlineData?.mimeType).toMatch(/^audio\//)
  })
})

describe('vectors', () => {
  it.each(['gemini-embedding-001', 'text-embedding-3-small'])(
    'are made of one text and of many by %s',
    async (model) => {
      const config = { outputDimensionality: 256 }
      const one = await google.models.embedContent({ model, contents: 'a fox', config })
      expect(one.embeddings?.map(({ values }) => values?.length)).toEqual([256])
      const two = await google.models.embedContent({ model, contents: ['a fox', 'a dog'], config })
      expect(two.embeddings).toHaveLength(2)
      expect(two.embeddings?.[0]?.values).toEqual(one.embeddings?.[0]?.values)
      expect(two.embeddings?.[1]?.values).not.toEqual(one.embeddings?.[0]?.values)
    },
  )
})

describe('counting', () => {
  it('is what the vendor counts, or an estimate that says so', async () => {
    for (const [model] of chatModels) {
      const { totalTokens } = await google.models.countTokens({
        model,
        contents: 'Tell me about parrots',
      })
      expect(totalTokens, model).toBeGreaterThan(2)
      expect(warnings().includes('estimate'), model).toBe(/gpt|llama/.test(model))
    }
  })
})

describe('models', () => {
  it('are listed page by page, each once', async () => {
    const names: string[] = []
    for await (const model of await google.models.list({ config: { pageSize: 30 } }))
      names.push(model.name ?? '')
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining(['models/gemini-3.8-flash', 'models/claude-opus-5-5', 'models/best']),
    )
  })

  it('are told one by one', async () => {
    const model = await google.models.get({ model: 'gemini-3.8-flash' })
    expect(model.name).toBe('models/gemini-3.8-flash')
    expect(model.supportedActions).toContain('generateContent')
    await expect(google.models.get({ model: 'gemini-99' })).rejects.toMatchObject({ status: 404 })
    await expect(google.models.get({ model: 'gemini-99' })).rejects.toBeInstanceOf(ApiError)
  })
})

describe('the version', () => {
  it('is the caller\u2019s choice', async () => {
    for (const apiVersion of ['v1', 'v1beta']) {
      const reply = await client({ apiVersion }).models.generateContent({
        model: 'claude-opus-5-5',
        contents: 'Say "aye"',
      })
      expect(reply.text).toContain('aye')
      const names = []
      for await (const model of await client({ apiVersion }).models.list()) names.push(model.name)
      expect(names).toContain('models/gpt-6-sol')
    }
  })
})

describe('without SSE', () => {
  it('a stream is one JSON array', async () => {
    for (const [model] of able) {
      const reply = await gateway.fetch(
        `${gateway.url}/v1beta/models/${model}:streamGenerateContent`,
        {
          method: 'POST',
          headers: { 'x-goog-api-key': 'mock', 'content-type': 'application/json' },
          body: JSON.stringify({ contents: [{ parts: [{ text: 'Say "good morning to all"' }] }] }),
        },
      )
      expect(reply.headers.get('content-type')).toContain('application/json')
      const chunks = parseJson(await reply.text())
      expect(Array.isArray(chunks) && chunks.length, model).toBeGreaterThan(2)
    }
  })
})

// This client knows no other network than the global one.
describe.each(able)('@google/generative-ai with %s', (model) => {
  afterEach(() => vi.unstubAllGlobals())
  const old = (options: object = {}) => {
    vi.stubGlobal('fetch', gateway.fetch)
    return new GoogleGenerativeAI('mock').getGenerativeModel(
      { model, ...options },
      { baseUrl: gateway.url },
    )
  }

  it('chats, whole and streamed', async () => {
    const whole = await old().generateContent('Say "good morning to you all"')
    expect(whole.response.text()).toContain('good morning to you all')
    const { stream, response } = await old().generateContentStream('Say "good morning to you all"')
    let text = ''
    for await (const chunk of stream) text += chunk.text()
    expect(text).toBe(whole.response.text())
    expect((await response).text()).toBe(text)
  })

  it('calls functions in a conversation', async () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: 'get_weather',
            description: 'The weather in a city',
            parameters: {
              type: SchemaType.OBJECT,
              properties: { city: { type: SchemaType.STRING } },
              required: ['city'],
            },
          },
        ],
      },
    ]
    const chat = old({ tools }).startChat()
    const asked = await chat.sendMessage('Use get_weather for Paris')
    expect(asked.response.functionCalls()).toMatchObject([
      { name: 'get_weather', args: { city: 'Paris' } },
    ])
    const answered = await chat.sendMessage([
      { functionResponse: { name: 'get_weather', response: { output: '21 degrees' } } },
    ])
    expect(answered.response.text()).toContain('21 degrees')
  })

  it('counts, and hears of errors', async () => {
    expect((await old().countTokens('Tell me about parrots')).totalTokens).toBeGreaterThan(2)
    vi.stubGlobal('fetch', gateway.fetch)
    const limited = new GoogleGenerativeAI('mock-rate-limited')
      .getGenerativeModel({ model }, { baseUrl: gateway.url })
      .generateContent('Hello')
    await expect(limited).rejects.toBeInstanceOf(GoogleGenerativeAIFetchError)
    await expect(limited).rejects.toMatchObject({ status: 429 })
  })
})

// Google's own clients against the mock, and what they send against what the adapters send.

import {
  ApiError,
  FunctionCallingConfigMode,
  GoogleGenAI,
  Modality,
  ThinkingLevel,
  Type,
  type Content,
  type GenerateContentParameters,
} from '@google/genai'
import { GoogleGenerativeAI, GoogleGenerativeAIFetchError } from '@google/generative-ai'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromBase64, gather, toBase64 } from '#core/bytes'
import type { ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import { isObject } from '#core/json'
import type { ImageRequest, SpeechRequest, TranscriptionRequest } from '#core/media'
import type { Transport, WireRequest } from '#core/transport'
import { createInternet } from '#mock/internet'
import { drawImage, probe, synthesize } from '#mock/media/index'
import gemini from '../../providers/gemini/index.ts'
import { callOn, type CallOptions } from '../kit/adapter-call.ts'
import { caught, plainRequest } from '../kit/codec.ts'

const internet = createInternet([gemini])

interface Sent {
  url: string
  body: unknown
}

function client(key = 'mock') {
  const sent: Sent[] = []
  const ai = new GoogleGenAI({
    apiKey: key,
    httpOptions: {
      fetch: async (input, init) => {
        const request = new Request(input, init)
        const text = await request.clone().text()
        sent.push({ url: request.url, body: text === '' ? undefined : JSON.parse(text) })
        return internet.fetch(request)
      },
    },
  })
  return { ai, sent }
}

const failed = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )

const weather = {
  name: 'get_weather',
  description: 'The weather in a city',
  parametersJsonSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}
const flash = 'gemini-3.8-flash'

describe('@google/genai', () => {
  it('chats, whole and streamed, with the same words and usage', async () => {
    const { ai } = client()
    const parameters = { model: flash, contents: 'Say "good morning to you all"' }
    const whole = await ai.models.generateContent(parameters)
    expect(whole.text).toBe('good morning to you all')
    expect(whole.usageMetadata?.totalTokenCount).toBeGreaterThan(5)
    const texts: string[] = []
    let last
    for await (const chunk of await ai.models.generateContentStream(parameters)) {
      texts.push(chunk.text ?? '')
      last = chunk
    }
    expect(texts.length).toBeGreaterThan(2)
    expect(texts.join('')).toBe(whole.text)
    expect(last?.usageMetadata).toEqual(whole.usageMetadata)
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP')
  })

  it('keeps a conversation in a chat', async () => {
    const chat = client().ai.chats.create({ model: flash })
    await chat.sendMessage({ message: 'Say "one"' })
    for await (const _ of await chat.sendMessageStream({ message: 'Say "two"' }));
    // The client keeps every event of a stream as a content of its own.
    const roles = chat.getHistory().map(({ role }) => role)
    expect(roles.slice(0, 4)).toEqual(['user', 'model', 'user', 'model'])
    expect((await chat.sendMessage({ message: 'Say "three"' })).text).toBe('three')
  })

  const question: Content = { role: 'user', parts: [{ text: 'What is the weather in Paris?' }] }
  const config = { tools: [{ functionDeclarations: [weather] }] }

  it('calls functions and gives their signatures back; changed or lost ones are refused', async () => {
    const { ai } = client()
    const first = await ai.models.generateContent({ model: flash, contents: [question], config })
    const [call] = first.functionCalls ?? []
    expect(call).toMatchObject({ name: 'get_weather', id: expect.any(String) })
    const said = first.candidates?.[0]?.content
    const [part] = said?.parts ?? []
    expect(part?.thoughtSignature).toEqual(expect.any(String))
    const answer: Content = {
      role: 'user',
      parts: [
        {
          functionResponse: {
            ...(call?.id === undefined ? {} : { id: call.id }),
            name: 'get_weather',
            response: { output: 'sunny' },
          },
        },
      ],
    }
    const again = (parts: Content['parts']) =>
      ai.models.generateContent({
        model: flash,
        contents: [question, { role: 'model', ...(parts === undefined ? {} : { parts }) }, answer],
        config,
      })
    expect((await again(said?.parts)).text).toContain('sunny')
    const { thoughtSignature: _, ...unsigned } = part ?? {}
    expect(await failed(again([unsigned]))).toMatchObject({ name: 'ApiError', status: 400 })
    expect(await failed(again([{ ...part, thoughtSignature: 'Y2hhbmdlZA==' }]))).toMatchObject({
      status: 400,
    })
    expect(
      (await again([{ ...part, thoughtSignature: 'skip_thought_signature_validator' }])).text,
    ).toContain('sunny')
  })

  it('streams function calls whole', async () => {
    const stream = await client().ai.models.generateContentStream({
      model: flash,
      contents: [question],
      config: {
        ...config,
        toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
      },
    })
    const calls = []
    for await (const chunk of stream) calls.push(...(chunk.functionCalls ?? []))
    expect(calls).toMatchObject([{ name: 'get_weather', args: { city: expect.any(String) } }])
  })

  it('gets JSON that fits either kind of schema', async () => {
    const { ai } = client()
    const ask = (schema: object) =>
      ai.models.generateContent({
        model: flash,
        contents: 'A recipe',
        config: { responseMimeType: 'application/json', ...schema },
      })
    const modern = await ask({
      responseJsonSchema: {
        type: 'object',
        properties: { steps: { type: 'integer' } },
        required: ['steps'],
      },
    })
    expect(JSON.parse(modern.text ?? '')).toEqual({ steps: expect.any(Number) })
    const subset = await ask({
      responseSchema: { type: Type.ARRAY, items: { type: Type.STRING }, minItems: '1' },
    })
    expect(JSON.parse(subset.text ?? '')).toEqual(expect.arrayContaining([expect.any(String)]))
  })

  it('sees thoughts only when it asks for them', async () => {
    const { ai } = client()
    const think = (includeThoughts: boolean) =>
      ai.models.generateContent({
        model: flash,
        contents: 'Why?',
        config: { thinkingConfig: { includeThoughts, thinkingLevel: ThinkingLevel.LOW } },
      })
    const shown = await think(true)
    expect(shown.candidates?.[0]?.content?.parts?.some((part) => part.thought === true)).toBe(true)
    const hidden = await think(false)
    expect(hidden.candidates?.[0]?.content?.parts?.some((part) => part.thought === true)).toBe(
      false,
    )
    expect(hidden.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0)
  })

  it('gets a real picture of the asked shape', async () => {
    const reply = await client().ai.models.generateContent({
      model: 'gemini-3.1-flash-image',
      contents: 'A nano banana',
      config: {
        responseModalities: [Modality.IMAGE],
        imageConfig: { aspectRatio: '16:9', imageSize: '1K' },
      },
    })
    const data = reply.data ?? ''
    expect(probe(fromBase64(data))).toMatchObject({
      mediaType: 'image/png',
      width: 1376,
      height: 768,
    })
  })

  it('gets speech, embeddings, counts and the list of models', async () => {
    const { ai } = client()
    const speech = await ai.models.generateContent({
      model: 'gemini-2.5-flash-preview-tts',
      contents: 'Have a wonderful day',
      config: {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
    })
    const blob = speech.candidates?.[0]?.content?.parts?.[0]?.inlineData
    expect(blob?.mimeType).toBe('audio/L16;codec=pcm;rate=24000')
    expect(fromBase64(blob?.data ?? '').length).toBeGreaterThan(24_000)
    const { embeddings } = await ai.models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['one', 'two'],
      config: { outputDimensionality: 8, taskType: 'RETRIEVAL_QUERY' },
    })
    expect(embeddings?.map(({ values }) => values?.length)).toEqual([8, 8])
    const { totalTokens } = await ai.models.countTokens({
      model: flash,
      contents: 'four words are here',
    })
    expect(totalTokens).toBeGreaterThan(3)
    expect((await ai.models.get({ model: flash })).name).toBe(`models/${flash}`)
    const names: (string | undefined)[] = []
    for await (const { name } of await ai.models.list({ config: { pageSize: 7 } })) names.push(name)
    expect(names).toContain('models/gemini-3.5-transcribe')
    expect(new Set(names).size).toBe(names.length)
  })

  it.each([
    ['mock-invalid', 400, 'API_KEY_INVALID'],
    ['mock-forbidden', 403, 'PERMISSION_DENIED'],
    ['mock-rate-limited', 429, 'retryDelay'],
    ['mock-overloaded', 503, 'UNAVAILABLE'],
    ['mock-server-error', 500, 'INTERNAL'],
  ])('raises its own error for %s', async (key, status, word) => {
    const error = await failed(
      client(key).ai.models.generateContent({ model: flash, contents: 'Hi' }),
    )
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status, message: expect.stringContaining(word) })
  })

  it('raises it for what is gone, and for a stream that fails', async () => {
    const gone = client().ai.models.generateContent({ model: 'gemini-2.0-flash', contents: 'Hi' })
    expect(await failed(gone)).toMatchObject({ name: 'ApiError', status: 404 })
    const broken = async () => {
      const { ai } = client('mock-error-in-stream')
      const contents = 'Say "one two three four five six seven eight"'
      for await (const _ of await ai.models.generateContentStream({ model: flash, contents }));
    }
    expect(await failed(broken())).toMatchObject({ name: 'ApiError', status: 503 })
  })
})

describe('@google/generative-ai', () => {
  afterEach(() => vi.unstubAllGlobals())

  /** This client knows no other way out than the global fetch. */
  function model(key = 'mock', name = flash) {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
      internet.fetch(new Request(input instanceof URL ? input.href : input, init)),
    )
    return new GoogleGenerativeAI(key).getGenerativeModel({
      model: name,
      systemInstruction: 'Be brief',
      generationConfig: { maxOutputTokens: 100 },
    })
  }

  it('chats, whole and streamed', async () => {
    const prompt = 'Say "good morning to you all"'
    const { response } = await model().generateContent(prompt)
    expect(response.text()).toBe('good morning to you all')
    const { stream, response: whole } = await model().generateContentStream(prompt)
    const texts: string[] = []
    for await (const chunk of stream) texts.push(chunk.text())
    expect(texts.length).toBeGreaterThan(2)
    expect((await whole).text()).toBe('good morning to you all')
  })

  it('calls functions in a chat, counts and embeds', async () => {
    const chat = model('mock', 'gemini-2.5-flash').startChat({
      tools: [{ functionDeclarations: [{ name: 'get_weather' }] }],
    })
    const { response } = await chat.sendMessage('What is the weather? Use get_weather')
    expect(response.functionCalls()).toMatchObject([{ name: 'get_weather' }])
    const next = await chat.sendMessage([
      { functionResponse: { name: 'get_weather', response: { output: 'sunny' } } },
    ])
    expect(next.response.text()).toContain('sunny')
    expect((await model().countTokens('four words are here')).totalTokens).toBeGreaterThan(3)
    const { embedding } = await model('mock', 'gemini-embedding-001').embedContent('one')
    expect(embedding.values).toHaveLength(3072)
  })

  it('raises its own error', async () => {
    const error = await failed(model('mock-invalid').generateContent('Hi'))
    expect(error).toBeInstanceOf(GoogleGenerativeAIFetchError)
    expect(error).toMatchObject({ status: 400, errorDetails: [{ reason: 'API_KEY_INVALID' }] })
  })
})

const chat = gemini.adapters.chat
const plain: ChatRequest = { ...plainRequest, stream: false }

const textIn = (wire: WireRequest | undefined): string =>
  typeof wire?.body === 'string' ? wire.body : '{}'
const bodyOf = (wire: WireRequest | undefined): unknown => JSON.parse(textIn(wire))

/** A network that keeps the text of the bodies it carries, streams too. */
function recorder(): { send: Transport; texts: string[] } {
  const texts: string[] = []
  const send: Transport = async (request) => {
    const body = await new Response(request.body ?? null).text()
    texts.push(body)
    return internet.send({ ...request, body })
  }
  return { send, texts }
}

/** What the adapter sends for a request of ours. */
async function adapterSends(request: Partial<ChatRequest>, id = flash): Promise<Sent> {
  const { call, sent } = callOn(gemini, id)
  const stream = await chat?.run?.({ ...plain, ...request }, call)
  if (stream !== undefined) await collect(stream)
  const [wire] = sent
  return { url: wire?.url ?? '', body: bodyOf(wire) }
}

/** What the SDK sends for parameters of its own. */
async function clientSends(parameters: Omit<GenerateContentParameters, 'model'>): Promise<Sent> {
  const { ai, sent } = client()
  await ai.models.generateContent({ model: flash, ...parameters })
  const [first] = sent
  const { body } = first ?? {}
  const { generationConfig: settings, ...rest } = isObject(body) ? body : {}
  // The client writes `{}` where nothing is set.
  const isEmpty = isObject(settings) && Object.keys(settings).length === 0
  return { url: first?.url.replace('/v1/', '/v1beta/') ?? '', body: isEmpty ? rest : body }
}

describe('the chat adapter sends what the SDK sends', () => {
  const text = (value: string) => ({ type: 'text' as const, text: value })
  const cases: [string, Partial<ChatRequest>, Omit<GenerateContentParameters, 'model'>][] = [
    ['for a text', {}, { contents: 'Hello' }],
    [
      'with settings',
      {
        system: [text('Be brief')],
        temperature: 0,
        topP: 0.5,
        topK: 3,
        maxOutputTokens: 50,
        stop: ['x'],
        seed: 1,
        presencePenalty: 0.5,
        frequencyPenalty: 0.25,
        candidates: 2,
      },
      {
        contents: 'Hello',
        config: {
          systemInstruction: { parts: [{ text: 'Be brief' }] },
          temperature: 0,
          topP: 0.5,
          topK: 3,
          maxOutputTokens: 50,
          stopSequences: ['x'],
          seed: 1,
          presencePenalty: 0.5,
          frequencyPenalty: 0.25,
          candidateCount: 2,
        },
      },
    ],
    [
      'with functions',
      {
        tools: [
          {
            type: 'function',
            name: weather.name,
            description: weather.description,
            parameters: weather.parametersJsonSchema,
          },
        ],
        toolChoice: { name: 'get_weather' },
      },
      {
        contents: 'Hello',
        config: {
          tools: [{ functionDeclarations: [weather] }],
          toolConfig: {
            functionCallingConfig: {
              mode: FunctionCallingConfigMode.ANY,
              allowedFunctionNames: ['get_weather'],
            },
          },
        },
      },
    ],
    [
      'for JSON',
      {
        output: { schema: weather.parametersJsonSchema },
        reasoning: { effort: 'low', visible: true },
      },
      {
        contents: 'Hello',
        config: {
          responseMimeType: 'application/json',
          responseJsonSchema: weather.parametersJsonSchema,
          thinkingConfig: { thinkingLevel: ThinkingLevel.LOW, includeThoughts: true },
        },
      },
    ],
    [
      'with media',
      {
        messages: [
          {
            role: 'user',
            content: [
              text('What is it?'),
              { type: 'file', mediaType: 'image/png', source: { base64: 'iVBORw0KGgo=' } },
              {
                type: 'file',
                mediaType: 'application/pdf',
                source: { url: 'https://example.com/a.pdf' },
              },
            ],
          },
        ],
      },
      {
        contents: [
          {
            role: 'user',
            parts: [
              { text: 'What is it?' },
              { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
              { fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/a.pdf' } },
            ],
          },
        ],
      },
    ],
  ]
  it.each(cases)('%s', async (_, request, parameters) => {
    expect(await adapterSends(request)).toEqual(await clientSends(parameters))
  })

  it('for a stream, to the same place', async () => {
    const { ai, sent } = client()
    for await (const _ of await ai.models.generateContentStream({
      model: flash,
      contents: 'Hello',
    }));
    const { url } = await adapterSends({ stream: true })
    expect(url).toBe(sent[0]?.url.replace('/v1/', '/v1beta/'))
  })

  it('with the least thinking the model knows', async () => {
    const level = async (id: string): Promise<unknown> => {
      const { body } = await adapterSends({ reasoning: { effort: 'minimal' } }, id)
      const config = isObject(body) ? body['generationConfig'] : undefined
      return isObject(config) ? config['thinkingConfig'] : undefined
    }
    expect(await level('gemini-3.8-flash')).toEqual({ thinkingLevel: 'LOW' })
    expect(await level('gemini-3.5-flash')).toEqual({ thinkingLevel: 'MINIMAL' })
    expect(await level('gemini-2.5-pro')).toEqual({ thinkingBudget: 1024 })
  })

  it('and counts with the same count', async () => {
    const { call } = callOn(gemini, flash)
    const { totalTokens } = await client().ai.models.countTokens({
      model: flash,
      contents: 'Hello',
    })
    expect(await chat?.count?.(plain, call)).toBe(totalTokens)
  })
})

describe('the chat adapter', () => {
  const said: ChatRequest = {
    ...plain,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Say "one two three four five six"' }] },
    ],
  }

  async function run(request: ChatRequest, key: string) {
    const stream = await chat?.run?.(request, callOn(gemini, flash, { key }).call)
    return stream === undefined ? undefined : collect(stream)
  }

  it('gives the same reply whole and streamed', async () => {
    const whole = await run(said, 'mock')
    expect(whole?.candidates[0].content).toEqual([
      { type: 'text', text: 'one two three four five six' },
    ])
    expect(await run({ ...said, stream: true }, 'mock')).toEqual(whole)
  })

  it.each([
    ['mock-invalid', 'authentication'],
    ['mock-forbidden', 'permission'],
    ['mock-rate-limited', 'rate_limited'],
    ['mock-quota', 'quota_exhausted'],
    ['mock-overloaded', 'overloaded'],
    ['mock-server-error', 'upstream'],
    ['mock-too-large', 'too_large'],
    ['mock-cut', 'upstream'],
    ['mock-garbage', 'upstream'],
    ['mock-not-json', 'upstream'],
    ['mock-empty', 'upstream'],
  ])('reads %s as %s, streamed or not', async (key, kind) => {
    expect(await failed(run(said, key))).toMatchObject({ kind })
    expect(await failed(run({ ...said, stream: true }, key))).toMatchObject({ kind })
  })
})

describe('the other adapters', () => {
  const extra = { protocol: 'none', fields: {} }

  async function draw(parts: Partial<ImageRequest>, id: string, options: CallOptions = {}) {
    const { call, sent } = callOn(gemini, id, options)
    const request: ImageRequest = {
      model: id,
      operation: 'generate',
      prompt: 'A fox',
      count: 1,
      images: [],
      stream: false,
      extra,
      ...parts,
    }
    const images = []
    let usage
    for await (const event of (await gemini.adapters.image?.run?.(request, call)) ?? []) {
      if (event.type === 'image' && 'stream' in event.asset.body)
        images.push({
          ...probe(await gather(event.asset.body.stream)),
          said: event.asset.mediaType,
        })
      if (event.type === 'end') usage = event.usage
    }
    return { images, usage, sent }
  }

  it('ask for pictures as the SDK does, and pass them on', async () => {
    const { images, usage, sent } = await draw(
      { size: { width: 2752, height: 1536 }, seed: 4 },
      'gemini-3-pro-image',
    )
    const sdk = client()
    await sdk.ai.models.generateContent({
      model: 'gemini-3-pro-image',
      contents: 'A fox',
      config: {
        responseModalities: ['IMAGE'],
        imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
        seed: 4,
      },
    })
    expect(bodyOf(sent[0])).toEqual(sdk.sent[0]?.body)
    expect(images).toMatchObject([{ width: 2752, height: 1536, said: 'image/png' }])
    expect(usage).toMatchObject({ images: 1, inputTokens: expect.any(Number) })
  })

  it('send pictures to be edited as the SDK does', async () => {
    const bytes = await drawImage({ prompt: 'x', width: 640, height: 640, format: 'jpeg' })
    const asset = { mediaType: 'image/*', body: { bytes } }
    const { send, texts } = recorder()
    const id = 'gemini-2.5-flash-image'
    const prompt = 'Make "data":"" of it'
    const { images } = await draw({ operation: 'edit', prompt, images: [asset, asset] }, id, {
      send,
    })
    expect(images).toMatchObject([{ width: 1024, height: 1024 }])
    const sdk = client()
    const inlineData = { mimeType: 'image/jpeg', data: toBase64(bytes) }
    await sdk.ai.models.generateContent({
      model: id,
      contents: [{ role: 'user', parts: [{ text: prompt }, { inlineData }, { inlineData }] }],
      config: { responseModalities: ['IMAGE'] },
    })
    expect(JSON.parse(texts[0] ?? '')).toEqual(sdk.sent[0]?.body)
  })

  it('do not pass a broken picture off as whole', async () => {
    const broken = draw({}, 'gemini-3.1-flash-image', { key: 'mock-cut' })
    expect(await failed(broken)).toMatchObject({ kind: 'upstream' })
  })

  it('say why there is no picture', async () => {
    const blocked = { candidates: [{ finishReason: 'IMAGE_SAFETY', index: 0 }] }
    const send: CallOptions['send'] = createInternet([
      { ...gemini, mock: { fetch: () => Response.json(blocked) } },
    ]).send
    expect(await failed(draw({}, 'gemini-3-pro-image', { send }))).toMatchObject({
      kind: 'content_policy',
      details: { code: 'IMAGE_SAFETY' },
    })
  })

  async function say(parts: Partial<SpeechRequest>, id: string) {
    const { call, sent, lost } = callOn(gemini, id)
    const request: SpeechRequest = {
      model: id,
      text: 'Have a wonderful day',
      voice: 'alloy',
      format: 'wav',
      extra,
      ...parts,
    }
    const result = await gemini.adapters.speech?.run?.(request, call)
    const bytes = await gather(result?.audio ?? new ReadableStream())
    const body = bodyOf(sent[0])
    return { bytes, lost, body, mediaType: result?.mediaType, usage: result?.usage() }
  }

  it.each([
    ['gemini-3.8-flash-tts', 'mp3', 'audio/mpeg'],
    ['gemini-3.8-flash-tts', 'opus', 'audio/ogg'],
    ['gemini-3.8-flash-tts', 'wav', 'audio/wav'],
    ['gemini-2.5-flash-preview-tts', 'wav', 'audio/wav'],
  ] as const)('speak with %s in %s', async (id, format, type) => {
    const { bytes, lost, usage } = await say({ format }, id)
    expect(probe(bytes)?.mediaType).toBe(type)
    expect(probe(bytes)?.seconds).toBeGreaterThan(0.5)
    expect(lost).toEqual(['voice'])
    expect(usage).toMatchObject({ characters: 20, outputTokens: expect.any(Number) })
  })

  it('say how to speak beside the text, or before it for older models', async () => {
    const contents = async (id: string) => {
      const { body } = await say({ voice: 'puck', instructions: 'Cheerfully', format: 'pcm' }, id)
      return isObject(body) ? body['contents'] : undefined
    }
    expect(await contents('gemini-3.8-flash-tts')).toEqual([
      {
        role: 'user',
        parts: [{ text: 'Have a wonderful day', speechMetadata: { style: 'Cheerfully' } }],
      },
    ])
    expect(await contents('gemini-3.1-flash-tts-preview')).toEqual([
      { role: 'user', parts: [{ text: 'Cheerfully: Have a wonderful day' }] },
    ])
  })

  async function listen(parts: Partial<TranscriptionRequest>) {
    const bytes = await gather(synthesize({ text: 'x', seconds: 4, format: 'wav' }))
    const { send, texts } = recorder()
    const { call, lost } = callOn(gemini, 'gemini-3.5-transcribe', { send })
    const request: TranscriptionRequest = {
      model: 'm',
      audio: { mediaType: 'audio/x-wav', body: { bytes } },
      task: 'transcribe',
      format: 'json',
      timestamps: [],
      stream: false,
      extra,
      ...parts,
    }
    const events = []
    for await (const event of (await gemini.adapters.transcription?.run?.(request, call)) ?? [])
      events.push(event)
    const last = events.at(-1)
    const transcript = last?.type === 'end' ? last.transcript : undefined
    return { events, transcript, lost, body: texts[0] }
  }

  it('hear words with their times, in sentences and by speaker', async () => {
    const { transcript } = await listen({ format: 'verbose_json', timestamps: ['word'] })
    expect(transcript?.words?.length).toBeGreaterThan(3)
    expect(transcript?.seconds).toBeGreaterThan(3)
    expect(transcript?.segments?.map(({ text }) => text).join(' ')).toBe(transcript?.text)
    const spoken = await listen({ format: 'diarized_json' })
    expect(spoken.transcript?.segments?.[0]?.speaker).toBe('spk_1')
    expect(spoken.transcript?.text).toBe(transcript?.text)
  })

  it('hear plain text without asking for times, bent by keywords', async () => {
    const { events, body, lost } = await listen({
      stream: true,
      keywords: ['Mimus'],
      prompt: 'x',
      language: 'de',
    })
    expect(events.map(({ type }) => type)).toEqual(['delta', 'end'])
    expect(body).toContain(
      '"audioTranscriptionConfig":{"languageCodes":["de"],"customVocabulary":["Mimus"]}',
    )
    expect(body).toContain('"mimeType":"audio/wav"')
    expect(lost).toEqual(['prompt'])
    expect((await listen({ format: 'srt', keywords: ['Mimus'] })).lost).toEqual(['keywords'])
    expect(await failed(listen({ task: 'translate' }))).toMatchObject({ kind: 'unsupported' })
  })

  it('embed as the SDK does', async () => {
    const { call, sent } = callOn(gemini, 'gemini-embedding-001')
    const request = { model: 'm', inputs: ['one', 'two'], dimensions: 8, task: 'CLUSTERING', extra }
    const result = await gemini.adapters.embedding?.run?.(request, call)
    const sdk = client()
    await sdk.ai.models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['one', 'two'],
      config: { outputDimensionality: 8, taskType: 'CLUSTERING' },
    })
    expect(sdk.sent[0]?.body).toMatchObject({ requests: expect.any(Array) })
    expect(sdk.sent[0]?.body).toMatchObject(Object(bodyOf(sent[0])))
    expect(result?.vectors.map(({ length }) => length)).toEqual([8, 8])
  })
})

describe('the catalogue', () => {
  it('leads every retired model to one that is served', () => {
    for (const { id, retired } of gemini.models) {
      if (retired === undefined) continue
      const successor = gemini.models.find((model) => model.id === retired.successor)
      expect(successor?.retired, id).toBeUndefined()
      expect(successor, id).toBeDefined()
    }
  })

  it('knows every id once, and the kin of unknown ones', () => {
    const ids = gemini.models.flatMap(({ id, aliases = [] }) => [id, ...aliases])
    expect(new Set(ids).size).toBe(ids.length)
    expect(gemini.resolve?.('gemini-9-flash-tts')?.does).toEqual(['speech', 'chat'])
    expect(gemini.resolve?.('gemini-9-image')?.does).toEqual(['image', 'chat'])
    expect(gemini.resolve?.('gemini-9-flash')?.does).toEqual(['chat'])
    expect(gemini.resolve?.('llama-3')).toBeUndefined()
    expect(caught(() => gemini.resolve?.(''))).toBeUndefined()
  })
})

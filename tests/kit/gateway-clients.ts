// The official SDKs as callers of the gateway, one way to ask for each face.

import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import type { JsonObject } from '#core/json'
import type { TestGateway } from './gateway.ts'

export const faces = ['openai', 'anthropic', 'google'] as const
export type Face = (typeof faces)[number]

export interface Question {
  model: string
  text: string
  key?: string
  headers?: Record<string, string>
}

interface Caller {
  /** The text of a whole reply. */
  whole(question: Question): Promise<string>
  /** The text of a streamed reply, once it has ended. */
  streamed(question: Question): Promise<string>
}

/** Retries are off: what is judged is the first answer. */
export const callers = (gateway: TestGateway): Record<Face, Caller> => ({
  openai: {
    async whole(question) {
      const reply = await openai(gateway, question).chat.completions.create(chat(question))
      return reply.choices[0]?.message.content ?? ''
    },
    async streamed(question) {
      const stream = openai(gateway, question).chat.completions.stream(chat(question))
      return (await stream.finalContent()) ?? ''
    },
  },
  anthropic: {
    async whole(question) {
      return textOf(await anthropic(gateway, question).messages.create(message(question)))
    },
    async streamed(question) {
      const stream = anthropic(gateway, question).messages.stream(message(question))
      return textOf(await stream.finalMessage())
    },
  },
  google: {
    async whole({ model, text, ...options }) {
      const reply = await google(gateway, options).models.generateContent({ model, contents: text })
      return reply.text ?? ''
    },
    async streamed({ model, text, ...options }) {
      const { models } = google(gateway, options)
      let said = ''
      for await (const chunk of await models.generateContentStream({ model, contents: text }))
        said += chunk.text ?? ''
      return said
    },
  },
})

type Options = Pick<Question, 'key' | 'headers'>

export const openai = (gateway: TestGateway, { key = 'mock', headers = {} }: Options = {}) =>
  new OpenAI({
    apiKey: key,
    baseURL: `${gateway.url}/v1`,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: headers,
    fetch: gateway.fetch,
  })

export const anthropic = (gateway: TestGateway, { key = 'mock', headers = {} }: Options = {}) =>
  new Anthropic({
    apiKey: key,
    baseURL: gateway.url,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: headers,
    fetch: gateway.fetch,
  })

export const google = (gateway: TestGateway, { key = 'mock', headers = {} }: Options = {}) =>
  new GoogleGenAI({
    apiKey: key,
    httpOptions: { baseUrl: gateway.url, headers, fetch: gateway.fetch },
  })

const chat = ({ model, text }: Question) => ({
  model,
  messages: [{ role: 'user' as const, content: text }],
})
const message = (question: Question) => ({ ...chat(question), max_tokens: 2048 })
const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')

/** Path, key header and body of a chat request of each face, for requests no SDK would make. */
export const wire: Record<
  Face,
  {
    path(model: string, stream?: boolean): string
    auth(key: string): Record<string, string>
    body(question: Pick<Question, 'model' | 'text'>, stream?: boolean): JsonObject
  }
> = {
  openai: {
    path: () => '/v1/chat/completions',
    auth: (key) => ({ authorization: `Bearer ${key}` }),
    body: (question, stream = false) => ({ ...chat({ key: '', ...question }), stream }),
  },
  anthropic: {
    path: () => '/v1/messages',
    auth: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    body: (question, stream = false) => ({ ...message({ key: '', ...question }), stream }),
  },
  google: {
    path: (model, stream = false) =>
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    auth: (key) => ({ 'x-goog-api-key': key }),
    body: ({ text }) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  },
}

export interface RawRequest {
  body: string
  model?: string
  stream?: boolean
  key?: string
  headers?: Record<string, string>
}

/** Sends a body as it is to a face's chat endpoint. */
export const post = (
  gateway: TestGateway,
  face: Face,
  { body, model = 'gpt-6-sol', stream = false, key = 'mock', headers = {} }: RawRequest,
): Promise<Response> =>
  gateway.fetch(gateway.url + wire[face].path(model, stream), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...wire[face].auth(key), ...headers },
    body,
  })

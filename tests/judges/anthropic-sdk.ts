// The official SDK with the mock as its network.

import Anthropic from '@anthropic-ai/sdk'
import { isObject, parseJson, type JsonObject } from '#core/json'
import { createInternet } from '#mock/internet'
import anthropic from '../../providers/anthropic/index.ts'

export const internet = createInternet([anthropic])

export interface Sent {
  url: string
  headers: Headers
  body: JsonObject
}

/** The SDK with the mock as its network; it sends 2026-10-21 and a bearer token of itself. */
export function sdk(key = 'mock', headers: Record<string, string> = {}) {
  const sent: Sent[] = []
  const client = new Anthropic({
    apiKey: key,
    baseURL: anthropic.origin,
    maxRetries: 0,
    defaultHeaders: headers,
    fetch: async (input, init) => {
      const request = new Request(input instanceof URL ? input.href : input, init)
      const body = parseJson(await request.clone().text())
      sent.push({
        url: request.url,
        headers: request.headers,
        body: isObject(body) ? body : {},
      })
      return internet.fetch(request)
    },
  })
  return { client, sent }
}

export const older = { 'anthropic-version': '2023-06-01' }
export const model = 'claude-opus-5-5'
export const ask = (content: string) => [{ role: 'user' as const, content }]

export const weather: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Get the current weather in a given location',
  input_schema: {
    type: 'object',
    properties: { location: { type: 'string' } },
    required: ['location'],
  },
}

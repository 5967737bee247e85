// Every failure a provider can have, through every face, to a target of the same and of another protocol.

import Anthropic from '@anthropic-ai/sdk'
import { ApiError } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { isObject, parseJson } from '#core/json'
import type { Scenario } from '#mock/scenario'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { callers, faces, post, wire, type Face } from '../kit/gateway-clients.ts'

const gateway = testGateway()
const ask = callers(gateway)
const models = [
  'gpt-6-sol',
  'claude-opus-5-5',
  'gemini-3.8-flash',
  'meta-llama-3-8b-instruct',
] as const
const text = 'Tell me of birds and foxes, please'

const failure = (outcome: Promise<unknown>): Promise<unknown> =>
  outcome.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: unknown) => error,
  )

type Refusal = [status: number | number[], error: new (...parts: never[]) => Error]

/** What each SDK raises where the provider refuses. */
const refusals: { [S in Scenario]?: Record<Face, Refusal> } = {
  invalid: {
    openai: [401, OpenAI.AuthenticationError],
    anthropic: [401, Anthropic.AuthenticationError],
    // Google's own refusal of a bad key has the status 400.
    google: [[400, 401], ApiError],
  },
  forbidden: {
    openai: [403, OpenAI.PermissionDeniedError],
    anthropic: [403, Anthropic.PermissionDeniedError],
    google: [403, ApiError],
  },
  'rate-limited': {
    openai: [429, OpenAI.RateLimitError],
    anthropic: [429, Anthropic.RateLimitError],
    google: [429, ApiError],
  },
  quota: {
    openai: [429, OpenAI.RateLimitError],
    anthropic: [402, Anthropic.APIError],
    google: [[402, 429], ApiError],
  },
  overloaded: {
    openai: [503, OpenAI.InternalServerError],
    anthropic: [529, Anthropic.APIError],
    google: [[503, 529], ApiError],
  },
  'server-error': {
    openai: [[500, 502], OpenAI.InternalServerError],
    anthropic: [[500, 502], Anthropic.InternalServerError],
    google: [[500, 502], ApiError],
  },
  'too-large': {
    openai: [413, OpenAI.APIError],
    anthropic: [413, Anthropic.APIError],
    google: [413, ApiError],
  },
  moderated: {
    openai: [400, OpenAI.BadRequestError],
    anthropic: [400, Anthropic.BadRequestError],
    google: [400, ApiError],
  },
  'context-length': {
    // Replicate has no word for it but 422.
    openai: [[400, 422], OpenAI.APIError],
    anthropic: [[400, 422], Anthropic.APIError],
    google: [[400, 422], ApiError],
  },
  timeout: {
    openai: [504, OpenAI.InternalServerError],
    anthropic: [504, Anthropic.InternalServerError],
    google: [504, ApiError],
  },
}

/** The provider answers 200, and then not as it should. */
const broken = ['cut', 'garbage', 'not-json', 'empty', 'error-in-stream'] as const

const cases = faces.flatMap((face) => models.map((model) => ({ face, model })))

/** That a body is an error of the face. */
const shapes: Record<Face, (body: unknown, status: number) => void> = {
  openai: (body) =>
    expect(body).toEqual({
      error: {
        message: expect.any(String),
        type: expect.any(String),
        param: expect.toBeOneOf([null, expect.any(String)]),
        code: expect.toBeOneOf([null, expect.any(String)]),
      },
    }),
  anthropic: (body) =>
    expect(body).toMatchObject({
      type: 'error',
      error: { type: expect.any(String), message: expect.any(String) },
    }),
  google: (body, status) =>
    expect(body).toMatchObject({
      error: {
        code: status,
        message: expect.any(String),
        status: expect.stringMatching(/^[A-Z_]+$/),
      },
    }),
}

const key = (scenario: Scenario): string => `mock-${scenario}`

describe.each(cases)('a refusal by $model to a caller of $face', ({ face, model }) => {
  it.each(Object.entries(refusals))('%s raises the error of the SDK', async (scenario, told) => {
    const [status, error] = told[face]
    for (const how of ['whole', 'streamed'] as const) {
      const raised = await failure(ask[face][how]({ model, text, key: `mock-${scenario}` }))
      expect(raised, how).toBeInstanceOf(error)
      expect([status].flat(), how).toContain(isObject(raised) ? raised['status'] : undefined)
      const headers = lastHeaders(gateway)
      expect(headers.get('x-mimus-mock'), how).toBe('1')
      expect(headers.get('x-request-id'), how).toMatch(/^(req_)?\w{16,}$/)
      if (scenario === 'rate-limited') expect(headers.get('retry-after'), how).toBe('2')
    }
  })

  it('has the body of the face', async () => {
    for (const scenario of Object.keys(refusals)) {
      const body = JSON.stringify(wire[face].body({ model, text }))
      const reply = await post(gateway, face, { body, model, key: `mock-${scenario}` })
      shapes[face](await reply.json(), reply.status)
    }
  })
})

/** How often a stream says that it is complete, and that it has failed. */
const ends: Record<Face, { done: RegExp; failed: RegExp }> = {
  openai: { done: /^data: \[DONE\]$/gm, failed: /^data: \{"error":/gm },
  anthropic: { done: /^event: message_stop$/gm, failed: /^event: error$/gm },
  google: { done: /"finishReason":/g, failed: /^data: \{"error":/gm },
}

describe.each(cases)('a broken answer of $model to a caller of $face', ({ face, model }) => {
  it.each(broken)('(%s) raises an error of the SDK when it was to be whole', async (scenario) => {
    const raised = await failure(ask[face].whole({ model, text, key: key(scenario) }))
    const { openai, google } = refusals['server-error'] ?? {}
    const error = {
      openai: openai?.[1],
      anthropic: Anthropic.InternalServerError,
      google: google?.[1],
    }
    expect(raised).toBeInstanceOf(error[face])
  })

  it.each(broken)('(%s) raises an error when it was streamed', async (scenario) => {
    const raised = await failure(ask[face].streamed({ model, text, key: key(scenario) }))
    expect(raised).toBeInstanceOf(Error)
  })

  it.each(broken)('(%s) ends in one way only', async (scenario) => {
    const body = JSON.stringify(wire[face].body({ model, text }, true))
    const reply = await post(gateway, face, { body, model, stream: true, key: key(scenario) })
    const said = await reply.text()
    if (reply.status >= 400) return shapes[face](parseJson(said), reply.status)
    expect(said.match(ends[face].failed)).toHaveLength(1)
    expect(said.match(ends[face].done)).toBeNull()
    return undefined
  })
})

describe('a good stream', () => {
  it.each(cases)('of $model to a caller of $face ends once', async ({ face, model }) => {
    const body = JSON.stringify(wire[face].body({ model, text }, true))
    const reply = await post(gateway, face, { body, model, stream: true })
    const said = await reply.text()
    expect(said.match(ends[face].done)).toHaveLength(1)
    expect(said.match(ends[face].failed)).toBeNull()
  })
})

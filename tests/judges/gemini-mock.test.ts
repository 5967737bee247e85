// What Google's API refuses and takes beyond what its JavaScript clients send.

import { describe, expect, it } from 'vitest'
import { isObject, parseJson, type JsonObject } from '#core/json'
import { testGateway } from '../kit/gateway.ts'

const gateway = testGateway()
const model = 'gemini-3.8-flash'
const hello = { contents: [{ role: 'user', parts: [{ text: 'Say "aye"' }] }] }

async function ask(body: JsonObject, version = 'v1beta', name = model) {
  const response = await gateway.fetch(`${gateway.url}/${version}/models/${name}:generateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'mock' },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** As pydantic writes bytes: in the URL alphabet. */
const inUrlAlphabet = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_')

function callsIn(reply: unknown): JsonObject[] {
  const text = JSON.stringify(reply)
  const body = parseJson(text)
  const [candidate] = isObject(body) && Array.isArray(body['candidates']) ? body['candidates'] : []
  const content = isObject(candidate) ? candidate['content'] : undefined
  const parts = isObject(content) ? content['parts'] : undefined
  return Array.isArray(parts) ? parts.filter(isObject) : []
}

describe('the mock of Gemini', () => {
  it.each([{ contents: [] }, {}])('refuses a request without contents (%j)', async (body) => {
    const { status, body: told } = await ask(body)
    expect(status).toBe(400)
    expect(told).toMatchObject({
      error: {
        status: 'INVALID_ARGUMENT',
        message: expect.stringContaining('contents is not specified'),
      },
    })
  })

  it('answers for a retired model that draws with its successor', async () => {
    const { headers } = await ask(hello, 'v1beta', 'gemini-2.0-flash-preview-image-generation')
    expect(headers.get('x-mimus-target')).toBe('gemini/gemini-3.1-flash-image')
  })

  it.each([model, 'claude-sonnet-5-5', 'gpt-6-sol'])(
    'and the gateway before it know signatures again in the alphabet of the Python SDK (%s)',
    async (name) => {
      const tools = [
        {
          functionDeclarations: [
            {
              name: 'get_weather',
              parametersJsonSchema: {
                type: 'object',
                properties: { city: { type: 'string' } },
                required: ['city'],
              },
            },
          ],
        },
      ]
      for (const city of ['Paris', 'Oslo', 'Rome', 'Lima', 'Bern', 'Kyiv']) {
        const question = {
          role: 'user',
          parts: [{ text: `Use get_weather for ${city}` }],
        }
        const asked = await ask({ contents: [question], tools }, 'v1beta', name)
        const parts = callsIn(asked.body).map((part) => {
          const { thoughtSignature } = part
          return typeof thoughtSignature === 'string'
            ? { ...part, thoughtSignature: inUrlAlphabet(thoughtSignature) }
            : part
        })
        const answers = parts.map(({ functionCall }) => ({
          functionResponse: {
            name: 'get_weather',
            response: { output: 'sunny' },
            ...(isObject(functionCall) && functionCall['id'] !== undefined
              ? { id: functionCall['id'] }
              : {}),
          },
        }))
        const contents = [question, { role: 'model', parts }, { role: 'user', parts: answers }]
        const answered = await ask({ contents, tools }, 'v1beta', name)
        expect(answered.status, JSON.stringify(answered.body)).toBe(200)
        expect(JSON.stringify(answered.body)).toContain('sunny')
      }
    },
  )
})

describe('the gateway', () => {
  it('sends a picture of the Python SDK to other vendors in the alphabet they take', async () => {
    const data = inUrlAlphabet('iVBORw0KGgo+/+/=')
    const parts = [{ inlineData: { mimeType: 'image/png', data } }, { text: 'What is this?' }]
    for (const name of ['gpt-6-sol', 'claude-sonnet-5-5']) {
      await ask({ contents: [{ role: 'user', parts }] }, 'v1beta', name)
      expect(gateway.sent.at(-1)?.body, name).toContain('iVBORw0KGgo+/+/=')
    }
  })

  it('answers under /v1alpha as under /v1beta', async () => {
    const { body } = await ask(hello, 'v1alpha')
    expect(body).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
    const get = async (path: string) =>
      (await gateway.fetch(`${gateway.url}/v1alpha/${path}`)).json()
    expect(await get('models')).toMatchObject({ models: expect.any(Array) })
    expect(await get(`models/${model}`)).toMatchObject({ name: `models/${model}` })
  })
})

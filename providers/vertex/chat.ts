import {
  anthropicCounting,
  anthropicMessages,
  gemini,
  GatewayError,
  isObject,
  ownThoughts,
  parseJson,
  signedCalls,
  speaks,
  type Call,
  type ChatRequest,
  type Immediate,
  type JsonObject,
  type Lose,
  type Model,
} from '#kit'
import { pathOf } from './paths.ts'

const always = /^/

const google = speaks(gemini, {
  path: ({ model, stream, settings }) =>
    pathOf(
      settings,
      'google',
      `${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    ),
  modelInPath: true,
  amend: withLevel,
  foreign: {
    has: always,
    amend: (body, model, lose) => withRoles(signedCalls(body, model, lose)),
  },
})

const claude = speaks(anthropicMessages, {
  path: ({ model, stream, settings }) =>
    pathOf(settings, 'anthropic', `${model}:${stream ? 'streamRawPredict' : 'rawPredict'}`),
  modelInPath: true,
  amend: versioned,
  foreign: {
    has: always,
    amend: (body, model, lose) => versioned(ownThoughts(body, model, lose), model, lose),
  },
})

const isClaude = ({ id }: Model): boolean => id.startsWith('claude-')

/** Each publisher's models in the publisher's own protocol. */
export const chat: Immediate<'chat'> = {
  run: (request, call) => (isClaude(call.model) ? claude : google).run(request, call),
  forward: (model) => (isClaude(model) ? claude : google).forward,
  count: (request, call) => (isClaude(call.model) ? countClaude : countGemini)(request, call),
}

/** The model is in the path, and the version in the body (platform.claude.com/docs, Claude on Vertex AI). */
function versioned({ model: _, ...body }: JsonObject, __: Model, ___: Lose): JsonObject {
  return { anthropic_version: 'vertex-2023-10-16', ...body }
}

/** Contents without a role are the user's to Google's other API; this one refuses them. */
function withRoles(body: JsonObject): JsonObject {
  const { contents } = body
  if (!Array.isArray(contents)) return body
  const lacks = contents.some((content) => isObject(content) && content['role'] === undefined)
  if (!lacks) return body
  return {
    ...body,
    contents: contents.map((content) =>
      isObject(content) ? { ...content, role: content['role'] ?? 'user' } : content,
    ),
  }
}

/** Not every model takes every thinking level: the nearest it takes (@ai-sdk/google 4.0.121). */
function withLevel(body: JsonObject, { id }: Model): JsonObject {
  const config = body['generationConfig']
  const thinking = isObject(config) ? config['thinkingConfig'] : undefined
  if (!isObject(config) || !isObject(thinking)) return body
  const level = thinking['thinkingLevel']
  const isSlow = /^gemini-(4-hydrogen|3\.[78]-flash|[\d.]+-pro)/.test(id)
  const nearest =
    level === 'MINIMAL' && isSlow
      ? 'LOW'
      : level === 'XHIGH' && id !== 'gemini-4-hydrogen'
        ? 'HIGH'
        : level
  if (nearest === level) return body
  const thinkingConfig = { ...thinking, thinkingLevel: nearest }
  return { ...body, generationConfig: { ...config, thinkingConfig } }
}

async function countGemini(request: ChatRequest, call: Call): Promise<number> {
  const { model, lose } = call
  const { contents, systemInstruction, tools } = gemini.request.encode(request, { model, lose })
  const reply = await post(call, pathOf(call.settings, 'google', `${model.id}:countTokens`), {
    contents,
    systemInstruction,
    tools,
  })
  const total = isObject(reply) ? reply['totalTokens'] : undefined
  if (typeof total === 'number') return total
  throw new GatewayError('upstream', 'The provider did not say how many tokens it counted')
}

async function countClaude(request: ChatRequest, call: Call): Promise<number> {
  const { model, lose, settings } = call
  const body = anthropicCounting.request.encode(request, { model, lose })
  const path = pathOf(settings, 'anthropic', 'count-tokens:rawPredict')
  return anthropicCounting.reply.decode(await post(call, path, body))
}

async function post(call: Call, path: string, body: JsonObject): Promise<unknown> {
  const response = await call.send({
    method: 'POST',
    url: call.origin + path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return parseJson(await response.text())
}

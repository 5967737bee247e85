import {
  functionCalls,
  gemini,
  isObject,
  parseJson,
  GatewayError,
  signedCalls,
  speaks,
  type Immediate,
  type JsonObject,
  type Model,
} from '#kit'
import { levelsOf } from './models-chat.ts'
import { pathOf, post } from './wire.ts'

/** `:generateContent` and `:streamGenerateContent`; `:countTokens` counts the same body. */
export const chat: Immediate<'chat'> = {
  ...speaks(gemini, {
    path: ({ model, stream }) =>
      pathOf(model, stream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
    modelInPath: true,
    amend: withLevel,
    foreign: { has: functionCalls, amend: signedCalls },
  }),
  async count(request, call) {
    const encoded = gemini.request.encode(request, { model: call.model, lose: call.lose })
    const generateContentRequest = { model: `models/${call.model.id}`, ...encoded }
    const response = await post(call, 'countTokens', JSON.stringify({ generateContentRequest }))
    const counted = parseJson(await response.text())
    const total = isObject(counted) ? counted['totalTokens'] : undefined
    if (typeof total !== 'number')
      throw new GatewayError('upstream', 'The provider did not say how many tokens it counted')
    return total
  },
}

/** Not every model takes every thinking level, and refuses the others: the nearest it takes is sent. */
function withLevel(body: JsonObject, model: Model): JsonObject {
  const config = body['generationConfig']
  const thinking = isObject(config) ? config['thinkingConfig'] : undefined
  if (!isObject(config) || !isObject(thinking)) return body
  const level = thinking['thinkingLevel']
  const { least, most } = levelsOf(model.id)
  const nearest =
    level === 'MINIMAL' && least !== 'MINIMAL'
      ? least
      : level === 'XHIGH' && most !== 'XHIGH'
        ? most
        : undefined
  if (nearest === undefined) return body
  const thinkingConfig = { ...thinking, thinkingLevel: nearest }
  return { ...body, generationConfig: { ...config, thinkingConfig } }
}

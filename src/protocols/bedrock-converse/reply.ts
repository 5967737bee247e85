import type { AssistantPart, ChatReply, ChatRequest } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import { readName, spellName } from '../anthropic-messages/names.ts'
import { decodeCitation, encodeCitation } from './citations.ts'
import {
  decodeFinish,
  encodeFinish,
  formatOf,
  id,
  isFileKind,
  mediaTypeOf,
  objects,
  others,
  own,
  text,
} from './vocabulary.ts'
import { decodeUsage, encodeUsage } from './usage.ts'

/** `ConverseResponse` fields that have a place in the hub. */
const knownFields = ['output', 'stopReason', 'usage', 'serviceTier']

/** Replies name neither themselves nor their model: both are empty. */
export function decodeReply(body: unknown): ChatReply {
  const output = isObject(body) ? body['output'] : undefined
  const message = isObject(output) ? output['message'] : undefined
  const content = isObject(message) ? message['content'] : undefined
  if (!isObject(body) || !Array.isArray(content)) throw unreadable()
  return defined({
    id: '',
    model: '',
    candidates: [
      {
        content: content.filter(isObject).flatMap(decodeBlock),
        finish: decodeFinish(body['stopReason']),
      },
    ] satisfies ChatReply['candidates'],
    usage: decodeUsage(body['usage']),
    serviceTier: tierOf(body),
    extra: extrasOf(others(body, knownFields)),
  })
}

const unreadable = (): GatewayError =>
  new GatewayError('upstream', 'The provider answered with something that is no message')

export function tierOf({ serviceTier }: JsonObject): string | undefined {
  const type = isObject(serviceTier) ? serviceTier['type'] : undefined
  return typeof type === 'string' ? type : undefined
}

/** What only this protocol says about a reply; how long it took is known to whoever measured it. */
export function extrasOf({ metrics: _, ...rest }: JsonObject): ChatReply['extra'] {
  return Object.keys(rest).length === 0 ? undefined : { [id]: rest }
}

function decodeBlock(block: JsonObject): AssistantPart[] {
  const [key = ''] = Object.keys(block)
  const value = block[key]
  if (key === 'text') return [{ type: 'text', text: text(value) }]
  if (!isObject(value)) return []
  if (key === 'toolUse') {
    const input = JSON.stringify(value['input'] ?? {})
    const name = readName(text(value['name']))
    return [{ type: 'tool-call', id: text(value['toolUseId']), name, input }]
  }
  if (key === 'reasoningContent') return [decodeReasoning(value)]
  if (key === 'citationsContent') return [cited(value)]
  const file = isFileKind(key) ? decodeMade(value, key) : undefined
  return [file ?? { type: 'opaque', protocol: id, value: { [key]: value } }]
}

function decodeReasoning(content: JsonObject): AssistantPart {
  const { redactedContent, reasoningText } = content
  if (typeof redactedContent === 'string')
    return { type: 'reasoning', text: '', redacted: { protocol: id, value: redactedContent } }
  const said = isObject(reasoningText) ? reasoningText : {}
  const thought = { type: 'reasoning', text: text(said['text']) } as const
  const signature = text(said['signature'])
  return signature === '' ? thought : { ...thought, signature: { protocol: id, value: signature } }
}

const cited = ({ content, citations }: JsonObject): AssistantPart => ({
  type: 'text',
  text: objects(content)
    .map((part) => text(part['text']))
    .join(''),
  citations: objects(citations).map(decodeCitation),
})

function decodeMade(
  value: JsonObject,
  kind: Parameters<typeof mediaTypeOf>[0],
): AssistantPart | undefined {
  const { source } = value
  const bytes = isObject(source) ? source['bytes'] : undefined
  const mediaType = mediaTypeOf(kind, text(value['format']))
  if (typeof bytes !== 'string' || mediaType === undefined) return undefined
  return { type: 'file', mediaType, source: { base64: bytes } }
}

/** The first answer: this protocol has no room for more, nor for the reply's id and model. */
export function encodeReply(reply: ChatReply, request: ChatRequest): JsonObject {
  const [{ content, finish }] = reply.candidates
  const isHidden = request.reasoning?.visible === false
  return {
    metrics: { latencyMs: 0 },
    ...own(reply.extra),
    output: {
      message: {
        role: 'assistant',
        content: content.flatMap((part) => encodePart(part, isHidden)),
      },
    },
    stopReason: encodeFinish(finish),
    usage: encodeUsage(reply.usage),
    ...encodeTier(reply.serviceTier),
  }
}

export const encodeTier = (tier: string | undefined): JsonObject =>
  tier === undefined ? {} : { serviceTier: { type: tier } }

function encodePart(part: AssistantPart, isHidden: boolean): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [encodeText(part)]
    case 'refusal':
      return [{ text: part.text }]
    case 'reasoning':
      return [{ reasoningContent: encodeReasoning(part, isHidden) }]
    case 'tool-call': {
      const input = parseJson(part.input)
      const { id: toolUseId, name } = part
      const toolUse = { toolUseId, name: spellName(name), input: isObject(input) ? input : {} }
      return [{ toolUse }]
    }
    case 'file': {
      const { mediaType, source } = part
      const format = formatOf('image', mediaType)
      if (format === undefined || !('base64' in source)) return []
      return [{ image: { format, source: { bytes: source.base64 } } }]
    }
    case 'opaque':
      return part.protocol === id && isObject(part.value) ? [part.value] : []
    default:
      return part satisfies never
  }
}

function encodeText(part: Extract<AssistantPart, { type: 'text' }>): JsonObject {
  if (part.citations === undefined) return { text: part.text }
  const citations = part.citations.map(encodeCitation)
  return { citationsContent: { content: [{ text: part.text }], citations } }
}

function encodeReasoning(
  part: Extract<AssistantPart, { type: 'reasoning' }>,
  isHidden: boolean,
): JsonObject {
  if (part.redacted !== undefined) return { redactedContent: part.redacted.value }
  const signature = part.signature === undefined ? {} : { signature: part.signature.value }
  return { reasoningText: { text: isHidden ? '' : part.text, ...signature } }
}

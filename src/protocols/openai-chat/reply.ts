// Whole replies (`ChatCompletion` of the SDK), both ways.

import type {
  AssistantPart,
  Candidate,
  ChatReply,
  FilePart,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { decodeAnnotations, textAnnotations } from './annotations.ts'
import { encodeToolCall } from './conversation.ts'
import { errorOf } from './error.ts'
import { linkOf, sourceOf } from './parts.ts'
import { decodeExtras, decodeReasoning, encodeExtras, encodeReasoning } from './reasoning.ts'
import { decodeUsage, encodeUsage } from './usage.ts'
import {
  decodeFinish,
  documentType,
  fileName,
  finishWords,
  id as protocolId,
  number,
  objects,
  others,
  soundType,
  text,
} from './vocabulary.ts'

/** The fields of a reply that have a place in the hub; the others are kept as `extra`. */
export const known = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  'service_tier',
])

/** @throws GatewayError `upstream` for a body that is no reply; the error's own kind when it carries one. */
export function decodeReply(body: unknown): ChatReply {
  if (!isObject(body)) throw new GatewayError('upstream', 'The provider sent no reply object')
  if (isObject(body['error']) || typeof body['error'] === 'string') throw errorOf(body, undefined)
  const choices = objects(body['choices']).toSorted(
    (left, right) => (number(left['index']) ?? 0) - (number(right['index']) ?? 0),
  )
  const [first, ...more] = choices.map(decodeChoice)
  if (first === undefined)
    throw new GatewayError('upstream', 'The provider sent a reply without choices')
  const extra = others(body, known)
  const candidates: ChatReply['candidates'] = [first, ...more]
  return defined({
    id: text(body['id']) ?? '',
    model: text(body['model']) ?? '',
    created: number(body['created']),
    candidates,
    usage: decodeUsage(body['usage']) ?? { inputTokens: 0, outputTokens: 0 },
    serviceTier: text(body['service_tier']),
    extra: Object.keys(extra).length === 0 ? undefined : { [protocolId]: extra },
  })
}

function decodeChoice(choice: JsonObject): Candidate {
  const message = isObject(choice['message']) ? choice['message'] : {}
  const { signature, blocks } = decodeExtras(message['extra_content'])
  const texts = decodeTexts(message)
  const last = texts.at(-1)
  if (last !== undefined && signature !== undefined) last.signature = signature
  const refusal = text(message['refusal']) ?? ''
  const content: AssistantPart[] = [
    ...decodeReasoning(message),
    ...decodeThinking(message['content']),
    ...texts,
    ...(refusal === '' ? [] : [{ type: 'refusal' as const, text: refusal }]),
    ...decodeSound(message['audio']),
    ...decodeImages(message['images']),
    ...decodeFiles(message['files']),
    ...decodeCalls(message),
    ...blocks,
  ]
  return { content, finish: finishOf(choice['finish_reason'], content) }
}

/** @throws GatewayError `upstream` for `error`, the word of hosts whose model failed. */
export function finishOf(
  word: Json | undefined,
  content: readonly AssistantPart[],
): Candidate['finish'] {
  if (word === 'error') throw new GatewayError('upstream', 'The provider failed while it answered')
  if (typeof word === 'string') return decodeFinish(word)
  const isCalling = content.some((part) => part.type === 'tool-call')
  return { reason: isCalling ? 'tool-calls' : 'other' }
}

function decodeTexts(message: JsonObject): TextPart[] {
  const citations = decodeAnnotations(message['annotations'])
  const spoken = contentTexts(message['content'])
  return spoken.map((value, at) =>
    at === 0 && citations.length > 0
      ? { type: 'text', text: value, citations }
      : { type: 'text', text: value },
  )
}

/** Some hosts send a list of parts instead of a text. */
export function contentTexts(content: Json | undefined): string[] {
  if (typeof content === 'string') return content === '' ? [] : [content]
  return objects(content).flatMap((part) => text(part['text']) ?? [])
}

/** `thinking` parts in such a list. */
export const decodeThinking = (content: Json | undefined): ReasoningPart[] =>
  objects(content)
    .filter((part) => part['type'] === 'thinking')
    .map((part) => ({ type: 'reasoning', text: contentTexts(part['thinking']).join('') }))

function decodeSound(sound: Json | undefined): FilePart[] {
  if (!isObject(sound)) return []
  const base64 = text(sound['data']) ?? ''
  return [
    defined({
      type: 'file' as const,
      mediaType: soundType(base64),
      source: { base64 },
      id: text(sound['id']),
      expiresAt: number(sound['expires_at']),
      transcript: text(sound['transcript']),
    }),
  ]
}

/** `message.images` as OpenRouter documents it for models that draw. */
export const decodeImages = (images: Json | undefined): FilePart[] =>
  objects(images).flatMap((image) => {
    const link = image['image_url']
    const url = isObject(link) ? text(link['url']) : undefined
    return url === undefined ? [] : [{ type: 'file' as const, ...sourceOf(url, 'image/*') }]
  })

/** Files of any other kind: the `file` part of requests, in a list. */
export const decodeFiles = (files: Json | undefined): FilePart[] =>
  objects(files).flatMap((entry) => {
    const file = entry['file']
    if (!isObject(file)) return []
    const name = text(file['filename'])
    const link = text(file['file_data'])
    const reference = text(file['file_id'])
    const mediaType = documentType(name) ?? 'application/octet-stream'
    if (link !== undefined)
      return [{ type: 'file' as const, ...sourceOf(link, mediaType), ...defined({ name }) }]
    if (reference === undefined) return []
    return [{ type: 'file' as const, mediaType, source: { reference }, ...defined({ name }) }]
  })

function decodeCalls(message: JsonObject): ToolCallPart[] {
  const calls = objects(message['tool_calls']).map(decodeCall)
  const old = message['function_call']
  return isObject(old) ? [...calls, decodeCall({ id: 'function_call', function: old }, 0)] : calls
}

function decodeCall(call: JsonObject, index: number): ToolCallPart {
  const custom = call['custom']
  const made = isObject(custom) ? custom : isObject(call['function']) ? call['function'] : {}
  const input = made[isObject(custom) ? 'input' : 'arguments']
  return defined({
    type: 'tool-call' as const,
    id: text(call['id']) ?? `call_${index}`,
    name: text(made['name']) ?? '',
    // Some hosts send the arguments as an object.
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
    kind: isObject(custom) ? ('custom' as const) : undefined,
    signature: decodeExtras(call['extra_content']).signature,
  })
}

/** A caller without a clock of its own gets `created: 0` where the reply has none. */
export function encodeReply(reply: ChatReply): JsonObject {
  return defined({
    id: reply.id,
    object: 'chat.completion',
    created: reply.created ?? 0,
    model: reply.model,
    choices: reply.candidates.map(({ content, finish }, index) => ({
      index,
      message: encodeMessage(content),
      logprobs: null,
      finish_reason: finishWords[finish.reason],
    })),
    usage: encodeUsage(reply.usage),
    service_tier: reply.serviceTier,
    ...reply.extra?.[protocolId],
  })
}

function encodeMessage(content: readonly AssistantPart[]): JsonObject {
  const texts: TextPart[] = []
  const refusals: string[] = []
  const thoughts: ReasoningPart[] = []
  const files: FilePart[] = []
  const calls: ToolCallPart[] = []
  const blocks: OpaquePart[] = []
  for (const part of content)
    switch (part.type) {
      case 'text':
        texts.push(part)
        break
      case 'refusal':
        refusals.push(part.text)
        break
      case 'reasoning':
        thoughts.push(part)
        break
      case 'file':
        files.push(part)
        break
      case 'tool-call':
        calls.push(part)
        break
      case 'opaque':
        blocks.push(part)
        break
      default:
        part satisfies never
    }
  const signature = texts.findLast((part) => part.signature !== undefined)?.signature
  return defined({
    role: 'assistant',
    content: texts.length === 0 ? null : texts.map((part) => part.text).join(''),
    refusal: refusals.length === 0 ? null : refusals.join('\n'),
    annotations: textAnnotations(texts),
    ...encodeReasoning(thoughts),
    ...encodeFiles(files),
    tool_calls: calls.length === 0 ? undefined : calls.map(encodeToolCall),
    extra_content: encodeExtras(signature, blocks),
  })
}

type Kind = 'audio' | 'image' | 'file'

/** The field a file of a reply goes into: there is one sound, which must be here in whole. */
export function fileKind(part: FilePart): Kind {
  if (part.mediaType.startsWith('audio/') && 'base64' in part.source) return 'audio'
  return part.mediaType.startsWith('image/') ? 'image' : 'file'
}

function encodeFiles(parts: readonly FilePart[]): JsonObject {
  const [sound, ...more] = parts.filter((part) => fileKind(part) === 'audio')
  const images = parts.filter((part) => fileKind(part) === 'image')
  const files = [...parts.filter((part) => fileKind(part) === 'file'), ...more]
  return defined({
    audio: sound === undefined ? undefined : encodeSound(sound),
    images: images.length === 0 ? undefined : images.map(encodeImage),
    files: files.length === 0 ? undefined : files.map(encodeOther),
  })
}

/** All fields of `ChatCompletionAudio` of the SDK. */
const encodeSound = (part: FilePart): JsonObject => ({
  id: part.id ?? 'audio',
  data: 'base64' in part.source ? part.source.base64 : '',
  expires_at: part.expiresAt ?? 0,
  transcript: part.transcript ?? '',
})

export const encodeImage = (part: FilePart): JsonObject => ({
  type: 'image_url',
  image_url: { url: linkOf(part) },
})

export const encodeOther = (part: FilePart): JsonObject => ({
  type: 'file',
  file:
    'reference' in part.source
      ? defined({ file_id: part.source.reference, filename: part.name })
      : { filename: part.name ?? fileName(part.mediaType), file_data: linkOf(part) },
})

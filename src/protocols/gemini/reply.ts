// GenerateContentResponse: how it is written, and the pieces it is read in. Reading is `stream.ts`'s work:
// a whole reply is a stream of one.

import type { AssistantPart, Candidate, ChatReply, ChatRequest } from '#core/chat'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import { writeCitations } from './citations.ts'
import { anyType, sourceOf, writeFile } from './files.ts'
import { ownFields } from './turns.ts'
import { writeUsage } from './usage.ts'
import { finishWord, isMadeCallId, protocolId } from './vocabulary.ts'

/** Thoughts are only shown to callers who asked for them (`includeThoughts`). */
export const showsThoughts = (request: ChatRequest): boolean => request.reasoning?.visible === true

export function encodeReply(reply: ChatReply, request: ChatRequest): JsonObject {
  const own = reply.extra?.[protocolId] ?? {}
  const [first, ...others] = reply.candidates
  const isBlocked =
    isObject(own['promptFeedback']) && others.length === 0 && first.content.length === 0
  const candidates = reply.candidates.map((candidate, index) => ({
    ...writeContent(candidate, request),
    ...writeEnd(candidate, index, own),
  }))
  return { ...(isBlocked ? {} : { candidates }), ...writeFrame(reply, own) }
}

/** What every message of the reply says of it. */
export function writeFrame(
  reply: Pick<ChatReply, 'id' | 'model' | 'created' | 'usage'>,
  own: JsonObject,
): JsonObject {
  const { candidates: _, usageMetadata, ...rest } = own
  return defined({
    ...writeNames(reply),
    usageMetadata: {
      ...writeUsage(reply.usage),
      ...(isObject(usageMetadata) ? usageMetadata : {}),
    },
    ...rest,
  })
}

export const writeNames = ({
  id,
  model,
  created,
}: Pick<ChatReply, 'id' | 'model' | 'created'>): JsonObject =>
  defined({
    modelVersion: model,
    responseId: id,
    createTime: created === undefined ? undefined : timeOf(created),
  })

export const timeOf = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

function writeContent({ content, finish }: Candidate, request: ChatRequest): JsonObject {
  const parts = content.flatMap((part) => writePart(part, request))
  // What was filtered has no content; an answer of no parts keeps the role.
  if (parts.length > 0) return { content: { role: 'model', parts } }
  return finish.reason === 'content-filter' ? {} : { content: { role: 'model' } }
}

/** How a candidate ended, with the fields only this API has. */
export function writeEnd(
  candidate: Candidate,
  index: number,
  { candidates: ownCandidates }: JsonObject,
): JsonObject {
  const own = Array.isArray(ownCandidates) ? ownCandidates[index] : undefined
  return {
    finishReason: finishWord(candidate.finish),
    index,
    ...writeGrounding(candidate.content),
    ...(isObject(own) ? own : {}),
  }
}

function writeGrounding(content: readonly AssistantPart[]): JsonObject {
  const text = content.find((part) => part.type === 'text' && part.citations !== undefined)
  return text?.type === 'text' && text.citations !== undefined
    ? { groundingMetadata: writeCitations(text.citations, text.text) }
    : {}
}

/** The wire part of an answer's part; none for what only others could read. */
export function writePart(part: AssistantPart, request: ChatRequest): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ text: part.text, ...ownFields(part) }]
    case 'reasoning':
      return showsThoughts(request) && part.redacted === undefined
        ? [{ text: part.text, thought: true, ...ownFields(part) }]
        : []
    case 'file':
      return [
        {
          ...writeFile(part),
          ...(part.transcript === undefined
            ? {}
            : { audioTranscription: { text: part.transcript } }),
          ...ownFields(part),
        },
      ]
    case 'tool-call': {
      const args = parseJson(part.input)
      const functionCall = defined({
        id: isMadeCallId(part.id) ? undefined : part.id,
        name: part.name,
        args: isObject(args) ? args : part.input.trim() === '' ? {} : { input: part.input },
      })
      return [{ functionCall, ...ownFields(part) }]
    }
    case 'opaque':
      return part.protocol === protocolId && isObject(part.value) ? [part.value] : []
    default:
      return part satisfies never
  }
}

/** What can be read from one part of a reply, loosely. */
export function readPart(part: JsonObject, makeId: () => string): AssistantPart | undefined {
  const { text, thought, thoughtSignature, functionCall, inlineData, fileData, ...rest } = part
  const signature =
    typeof thoughtSignature === 'string' && thoughtSignature !== ''
      ? { protocol: protocolId, value: thoughtSignature }
      : undefined
  const isThought = thought === true
  const ownOf = (own: JsonObject) =>
    Object.keys(own).length === 0 ? undefined : { [protocolId]: own }
  const thoughtful = isThought ? { thought: true, ...rest } : rest
  if (isObject(functionCall)) {
    const { id, name, args, ...own } = functionCall
    return {
      type: 'tool-call',
      id: typeof id === 'string' && id !== '' ? id : makeId(),
      name: typeof name === 'string' ? name : '',
      input: JSON.stringify(isObject(args) ? args : {}),
      ...defined({ signature, extra: ownOf({ ...thoughtful, ...own }) }),
    }
  }
  const { audioTranscription, ...others } = thoughtful
  const file = readMedia(inlineData, fileData)
  if (file !== undefined) {
    const spoken = isObject(audioTranscription) ? audioTranscription['text'] : undefined
    const transcript = typeof spoken === 'string' ? spoken : undefined
    return { ...file, ...defined({ transcript, signature, extra: ownOf(others) }) }
  }
  if (typeof text === 'string' || (Object.keys(rest).length === 0 && signature !== undefined))
    return {
      type: isThought ? 'reasoning' : 'text',
      text: typeof text === 'string' ? text : '',
      ...defined({ signature, extra: ownOf(rest) }),
    }
  return Object.keys(rest).length === 0
    ? undefined
    : { type: 'opaque', protocol: protocolId, value: part }
}

function readMedia(inline: Json | undefined, data: Json | undefined) {
  const source = isObject(inline) ? inline : isObject(data) ? data : undefined
  if (source === undefined) return undefined
  const { mimeType, displayName } = source
  const held = isObject(inline) ? inline['data'] : undefined
  const uri = isObject(inline) ? undefined : source['fileUri']
  const from =
    typeof held === 'string' ? { base64: held } : sourceOf(typeof uri === 'string' ? uri : '')
  return {
    type: 'file' as const,
    mediaType: typeof mimeType === 'string' ? mimeType : anyType,
    source: from,
    ...defined({ name: typeof displayName === 'string' ? displayName : undefined }),
  }
}

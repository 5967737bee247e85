// Content blocks of requests, read strictly.

import { toBase64, utf8 } from '#core/bytes'
import type {
  AssistantPart,
  FilePart,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { Reader } from '#core/reader'
import { decodeCache } from './cache.ts'
import { decodeCitation, toolUseExtras } from './reply-parts.ts'
import { unpack, unpackProof } from './signature.ts'
import { id, others, owned } from './vocabulary.ts'

/** `content`: a text, or blocks. */
export function content<Part>(
  reader: Reader,
  block: (reader: Reader) => Part,
): (Part | TextPart)[] {
  const value = reader.json('content')
  if (typeof value === 'string') return [{ type: 'text', text: value }]
  if (!Array.isArray(value)) reader.fail('content', 'a string or an array of content blocks')
  return reader.list('content', block)
}

export function userBlock(reader: Reader): UserPart {
  const type = reader.string('type')
  switch (type) {
    case 'tool_result':
      return toolResult(reader)
    case 'tool_use':
    case 'thinking':
    case 'redacted_thinking':
      return reader.fail('type', 'a block that a user message can have')
    default:
      return shared(reader, type) ?? opaque(reader, type)
  }
}

export function assistantBlock(reader: Reader): AssistantPart {
  const type = reader.string('type')
  switch (type) {
    case 'tool_use':
      return toolUse(reader)
    case 'thinking':
      return thinking(reader)
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', redacted: unpack(reader.string('data')) }
    case 'tool_result':
      return reader.fail('type', 'a block that an assistant message can have')
    default:
      return shared(reader, type) ?? opaque(reader, type)
  }
}

export function systemBlock(reader: Reader): TextPart {
  reader.oneOf('type', ['text'])
  return textBlock(reader)
}

function resultBlock(reader: Reader): TextPart | FilePart {
  const type = reader.string('type')
  return shared(reader, type) ?? quoted(reader, type)
}

/** Blocks that may stand anywhere. */
function shared(reader: Reader, type: string): TextPart | FilePart | undefined {
  switch (type) {
    case 'text':
      return textBlock(reader)
    case 'image':
      return image(reader)
    case 'document':
      return document(reader)
    case 'search_result':
      return quoted(reader, type)
    default:
      return undefined
  }
}

function textBlock(reader: Reader): TextPart {
  const citations = reader.maybeValues('citations')?.map((citation) => {
    if (!isObject(citation)) return reader.fail('citations', 'an array of objects')
    return decodeCitation(citation)
  })
  return {
    type: 'text',
    ...defined({
      text: reader.string('text'),
      cache: decodeCache(reader),
      citations: citations?.length === 0 ? undefined : citations,
    }),
  }
}

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const

function image(reader: Reader): FilePart {
  const source = reader.object('source')
  return {
    type: 'file',
    ...defined({
      ...imageSource(source),
      cache: decodeCache(reader),
      extra: extras(reader, ['transformations']),
    }),
  }
}

function imageSource(source: Reader): Pick<FilePart, 'mediaType' | 'source'> {
  switch (source.oneOf('type', ['base64', 'url', 'file'])) {
    case 'base64':
      return {
        mediaType: source.oneOf('media_type', imageTypes),
        source: { base64: source.string('data') },
      }
    case 'url':
      return { mediaType: 'image/*', source: { url: source.string('url') } }
    case 'file':
      return { mediaType: 'image/*', source: { reference: source.string('file_id') } }
  }
}

function document(reader: Reader): FilePart | TextPart {
  const source = reader.object('source')
  const type = source.oneOf('type', ['base64', 'text', 'content', 'url', 'file'])
  if (type === 'content') {
    source.skip('content')
    return quoted(reader, 'document')
  }
  return {
    type: 'file',
    ...defined({
      ...documentSource(source, type),
      name: reader.maybeString('title'),
      cache: decodeCache(reader),
      extra: extras(reader, ['citations', 'context']),
    }),
  }
}

function documentSource(
  source: Reader,
  type: 'base64' | 'text' | 'url' | 'file',
): Pick<FilePart, 'mediaType' | 'source'> {
  switch (type) {
    case 'base64':
      return {
        mediaType: source.oneOf('media_type', ['application/pdf']),
        source: { base64: source.string('data') },
      }
    case 'text':
      source.oneOf('media_type', ['text/plain'])
      return {
        mediaType: 'text/plain',
        source: { base64: toBase64(utf8.encode(source.string('data'))) },
      }
    case 'url':
      return { mediaType: 'application/pdf', source: { url: source.string('url') } }
    case 'file':
      return {
        mediaType: 'application/octet-stream',
        source: { reference: source.string('file_id') },
      }
  }
}

function toolResult(reader: Reader): ToolResultPart {
  return {
    type: 'tool-result',
    ...defined({
      id: reader.string('tool_use_id'),
      output: reader.has('content') ? content(reader, resultBlock) : [],
      isError: reader.maybeBoolean('is_error'),
      cache: decodeCache(reader),
      extra: extras(reader, ['toolset_name']),
    }),
  }
}

function toolUse(reader: Reader): ToolCallPart {
  const input = reader.maybeRecord('input') ?? reader.fail('input', 'an object')
  return {
    type: 'tool-call',
    ...defined({
      id: reader.string('id'),
      name: reader.string('name'),
      input: JSON.stringify(input),
      cache: decodeCache(reader),
      extra: owned(toolUseExtras(defined({ ...taken(reader, ['caller', 'toolset_name']) }))),
    }),
  }
}

function thinking(reader: Reader): ReasoningPart {
  return {
    type: 'reasoning',
    text: reader.string('thinking'),
    ...unpackProof(reader.maybeString('signature')),
  }
}

function opaque(reader: Reader, type: string): OpaquePart {
  return { type: 'opaque', protocol: id, value: raw(reader, type) }
}

/** A block that is text to everybody and itself to this protocol. */
function quoted(reader: Reader, type: string): TextPart {
  const block = raw(reader, type)
  return { type: 'text', text: textIn(block).join('\n'), extra: { [id]: { block } } }
}

/** All the words of a block, in order, without its structure. */
function textIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(textIn)
  if (!isObject(value)) return []
  const { title, source, content: inner, text, tool_name: tool } = value
  const words = [title, typeof source === 'string' ? source : undefined, tool, text, inner]
  return [
    ...words.filter((word) => typeof word === 'string'),
    ...(isObject(source) ? textIn(source) : []),
    ...(Array.isArray(inner) ? textIn(inner) : []),
  ]
}

/** The whole block, as the caller wrote it; its keys count as read. */
function raw(reader: Reader, type: string): JsonObject {
  const block: JsonObject = { type }
  for (const key of reader.keys) block[key] = reader.json(key)
  return block
}

const extras = (reader: Reader, keys: readonly string[]) => owned(taken(reader, keys))

/** The fields of this protocol only that have a value. */
export function taken(reader: Reader, keys: readonly string[]): JsonObject {
  return others(Object.fromEntries(keys.map((key) => [key, reader.json(key)])), [])
}

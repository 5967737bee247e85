// Content blocks of requests as parts. A block is an object with one key, which is its type.

import type {
  AssistantPart,
  CacheMark,
  FilePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { defined, type Json, type JsonObject } from '#core/json'
import type { Reader } from '#core/reader'
import { decodeFile } from './files.ts'
import { id, isFileKind } from './vocabulary.ts'

/** Reads the blocks of a list; a `cachePoint` marks the part before it. */
export function decodeBlocks<Part extends object>(
  reader: Reader,
  key: string,
  decode: (block: Reader) => Part,
): Part[] {
  const parts: Part[] = []
  reader.list(key, (block) => {
    if (block.has('cachePoint')) {
      const last = parts.pop() ?? block.fail('cachePoint', 'after the block it is for')
      parts.push({ ...last, cache: decodeCache(block.object('cachePoint')) })
    } else parts.push(decode(block))
  })
  return parts
}

function decodeCache(point: Reader): CacheMark {
  point.oneOf('type', ['default'])
  return defined({ ttl: point.maybeOneOf('ttl', ['5m', '1h']) })
}

export const textBlock = (block: Reader): TextPart => ({ type: 'text', text: block.string('text') })

export function userBlock(block: Reader): UserPart {
  const [key = ''] = block.keys
  if (key === 'text') return textBlock(block)
  if (key === 'toolResult') return toolResult(block.object(key))
  return isFileKind(key) ? decodeFile(block, key) : opaque(block)
}

export function assistantBlock(block: Reader): AssistantPart {
  const [key = ''] = block.keys
  if (key === 'text') return textBlock(block)
  if (key === 'toolUse') return toolCall(block.object(key))
  if (key === 'reasoningContent') return reasoning(block.object(key))
  return isFileKind(key) ? decodeFile(block, key) : opaque(block)
}

/** A block only this protocol has. */
function opaque(block: Reader): { type: 'opaque'; protocol: string; value: JsonObject } {
  const [key] = block.keys
  if (key === undefined || !block.has(key)) block.fail(key ?? 'content', 'a content block')
  return { type: 'opaque', protocol: id, value: { [key]: block.json(key) } }
}

function toolCall(use: Reader): ToolCallPart {
  return {
    type: 'tool-call',
    id: use.string('toolUseId'),
    name: use.string('name'),
    input: JSON.stringify(use.maybeRecord('input') ?? use.fail('input', 'an object')),
  }
}

function toolResult(result: Reader): ToolResultPart {
  const status = result.maybeOneOf('status', ['success', 'error'])
  return defined({
    type: 'tool-result',
    id: result.string('toolUseId'),
    output: result.list('content', outputBlock),
    isError: status === undefined ? undefined : status === 'error',
  } as const)
}

function outputBlock(block: Reader): TextPart | FilePart {
  const [key = ''] = block.keys
  if (isFileKind(key)) return decodeFile(block, key)
  const value: Json | undefined = block.json('json')
  if (value === undefined || value === null) return textBlock(block)
  return { type: 'text', text: JSON.stringify(value), extra: { [id]: { json: value } } }
}

function reasoning(content: Reader): ReasoningPart {
  const redacted = content.maybeString('redactedContent')
  if (redacted !== undefined)
    return { type: 'reasoning', text: '', redacted: { protocol: id, value: redacted } }
  const thought = content.object('reasoningText')
  const signature = thought.maybeString('signature')
  return defined({
    type: 'reasoning',
    text: thought.string('text'),
    signature: signature === undefined ? undefined : { protocol: id, value: signature },
  } as const)
}

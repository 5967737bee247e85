import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages'
import type { CacheMark, ChatRequest, Message, TextPart } from '#core/chat'
import { defined, isObject } from '#core/json'
import { Reader } from '#core/reader'
import { assistantBlock, content, systemBlock, userBlock } from './blocks-decode.ts'
import { decodeCache } from './cache.ts'
import { decodeReasoning } from './reasoning.ts'
import { decodeTool, decodeToolChoice } from './tools.ts'

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function decodeRequest(body: unknown): ChatRequest {
  const reader = Reader.of(body)
  const maxOutputTokens =
    reader.maybeInteger('max_tokens' satisfies keyof MessageCreateParamsBase) ??
    reader.fail('max_tokens', 'a whole number of at least 0')
  return decodePrompt(reader, maxOutputTokens)
}

/** Everything but `max_tokens`, which counting does without. */
export function decodePrompt(reader: Reader, maxOutputTokens?: number): ChatRequest {
  const { system, messages } = conversation(reader)
  const config = reader.maybeObject('output_config')
  const request: Omit<ChatRequest, 'unread'> = {
    ...defined({
      model: reader.string('model'),
      system,
      messages,
      tools: reader.maybeList('tools', decodeTool) ?? [],
      maxOutputTokens,
      temperature: reader.maybeNumber('temperature'),
      topP: reader.maybeNumber('top_p'),
      topK: reader.maybeInteger('top_k'),
      stop: reader.maybeStrings('stop_sequences'),
      reasoning: decodeReasoning(reader, config),
      output: decodeOutput(config),
      serviceTier: reader.maybeString('service_tier'),
      user: reader.maybeObject('metadata')?.maybeString('user_id'),
      stream: reader.maybeBoolean('stream') ?? false,
    }),
    ...decodeToolChoice(reader),
  }
  const cache = decodeCache(reader)
  const marked = cache === undefined ? request : { ...request, ...markLast(request, cache) }
  return { ...marked, unread: unread(reader) }
}

/** `between_tools` asks for more than the hub's "no reasoning". */
function unread(reader: Reader): string[] {
  const thinking = reader.json('thinking')
  return isObject(thinking) && thinking['type'] === 'between_tools'
    ? [...reader.unread, 'thinking.type']
    : reader.unread
}

function decodeOutput(config: Reader | undefined): ChatRequest['output'] {
  const format = config?.maybeObject('format')
  if (format === undefined) return undefined
  format.oneOf('type', ['json_schema'])
  return { schema: format.maybeRecord('schema') ?? format.fail('schema', 'an object') }
}

/** System messages before the first turn belong to the system prompt. */
function conversation(reader: Reader): { system: TextPart[]; messages: Message[] } {
  const system = systemPrompt(reader)
  const messages = reader.list('messages', message)
  const first = messages.findIndex((candidate) => candidate.role !== 'system')
  const leading = messages.slice(0, first < 0 ? messages.length : first)
  return {
    system: [...system, ...leading.flatMap((lead) => (lead.role === 'system' ? lead.content : []))],
    messages: messages.slice(leading.length),
  }
}

function systemPrompt(reader: Reader): TextPart[] {
  const value = reader.json('system')
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  if (!Array.isArray(value)) reader.fail('system', 'a string or an array of text blocks')
  return reader.list('system', systemBlock)
}

function message(reader: Reader): Message {
  const role = reader.oneOf('role', ['user', 'assistant', 'system'])
  switch (role) {
    case 'user':
      return { role, content: content(reader, userBlock) }
    case 'assistant':
      return { role, content: content(reader, assistantBlock) }
    case 'system':
      return { role, content: content(reader, systemBlock) }
    default:
      return role satisfies never
  }
}

/** A mark on the whole request is one on its last block that can be cached; thoughts cannot. */
function markLast(
  request: Pick<ChatRequest, 'system' | 'messages'>,
  cache: CacheMark,
): Partial<Pick<ChatRequest, 'system' | 'messages'>> {
  const { system, messages } = request
  const last = messages.at(-1)
  if (last === undefined) return { system: marked(system, cache) }
  return { messages: messages.with(-1, markedMessage(last, cache)) }
}

function markedMessage(last: Message, cache: CacheMark): Message {
  switch (last.role) {
    case 'user':
      return { ...last, content: marked(last.content, cache) }
    case 'assistant':
      return { ...last, content: marked(last.content, cache) }
    case 'system':
      return { ...last, content: marked(last.content, cache) }
    default:
      return last satisfies never
  }
}

function marked<Part extends { type: string; cache?: CacheMark }>(
  parts: readonly Part[],
  cache: CacheMark,
): Part[] {
  const at = parts.findLastIndex((part) => part.type !== 'reasoning' && part.type !== 'opaque')
  return parts.map((part, index) =>
    index === at && part.cache === undefined ? { ...part, cache } : part,
  )
}

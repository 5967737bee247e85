// Content blocks of replies: whole ones in both directions.

import type {
  RedactedThinkingBlock,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
} from '@anthropic-ai/sdk/resources/messages'
import type {
  AssistantPart,
  Citation,
  FilePart,
  ReasoningPart,
  RefusalPart,
  ToolCallPart,
} from '#core/chat'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import { readName } from './names.ts'
import { pack, packProof, unpack, unpackProof } from './signature.ts'
import { id, others, own, owned } from './vocabulary.ts'

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Reads one block; blocks of server tools stay opaque. */
export function decodeBlock(block: JsonObject): AssistantPart {
  switch (text(block['type'])) {
    case 'text':
      return {
        type: 'text',
        ...defined({
          text: text(block['text']),
          citations: decodeCitations(block['citations']),
        }),
      }
    case 'thinking':
      return {
        type: 'reasoning',
        text: text(block['thinking']),
        ...unpackProof(block['signature']),
      }
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', redacted: unpack(text(block['data'])) }
    case 'tool_use':
      return decodeToolUse(block, JSON.stringify(block['input'] ?? {}))
    default:
      return { type: 'opaque', protocol: id, value: block }
  }
}

export function decodeToolUse(block: JsonObject, input: string): ToolCallPart {
  return {
    type: 'tool-call',
    ...defined({
      id: text(block['id']),
      name: readName(text(block['name'])),
      input,
      extra: owned(toolUseExtras(block)),
    }),
  }
}

/** Who called the tool, where it was not the model itself, and the toolset it belongs to. */
export function toolUseExtras(block: JsonObject): JsonObject {
  const { caller, ...rest } = others(block, ['type', 'id', 'name', 'input', 'cache_control'])
  const isDirect = isObject(caller) && caller['type'] === 'direct'
  return caller === undefined || isDirect ? rest : { ...rest, caller }
}

function decodeCitations(list: Json | undefined): Citation[] | undefined {
  const citations = Array.isArray(list) ? list.filter(isObject).map(decodeCitation) : []
  return citations.length === 0 ? undefined : citations
}

/** All of it is kept; what other protocols can use is read. */
export function decodeCitation(citation: JsonObject): Citation {
  const string = (key: string): string | undefined => {
    const value = citation[key]
    return typeof value === 'string' ? value : undefined
  }
  return defined({
    url: string('url'),
    title: string('title') ?? string('document_title'),
    quote: string('cited_text'),
    extra: { [id]: citation },
  })
}

/** A source from elsewhere is told as a web search result: the one kind that has an address. */
export const encodeCitation = (citation: Citation): JsonObject =>
  citation.extra?.[id] ?? {
    type: 'web_search_result_location',
    url: citation.url ?? '',
    title: citation.title ?? null,
    cited_text: citation.quote ?? '',
    encrypted_index: '',
  }

/**
 * The block of a whole part; `undefined` for what has no block: a refusal (it is told in
 * `stop_details`) and what only another protocol can read.
 * The vendor has no blocks for media it never makes: an image or a sound is a text block with a
 * Markdown link, whose data URL keeps every byte.
 * @param hidden whether the caller does not want to see thoughts; their signature still comes.
 */
export function encodePart(part: AssistantPart, hidden: boolean): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return {
        type: 'text',
        text: part.text,
        citations: part.citations?.map(encodeCitation) ?? null,
      } satisfies Shape<TextBlock>
    case 'file':
      return { type: 'text', text: fileText(part), citations: null } satisfies Shape<TextBlock>
    case 'reasoning':
      if (part.redacted !== undefined && part.text === '' && part.signature === undefined)
        return {
          type: 'redacted_thinking',
          data: pack(part.redacted),
        } satisfies RedactedThinkingBlock
      return encodeThinking(part, hidden)
    case 'tool-call':
      return encodeToolUse(part, encodeInput(part))
    case 'opaque':
      return part.protocol === id && isObject(part.value) ? part.value : undefined
    case 'refusal':
      return undefined
    default:
      return part satisfies never
  }
}

function encodeThinking(part: ReasoningPart, hidden: boolean): JsonObject | undefined {
  const signature = packProof(part)
  if (hidden && signature === '') return undefined
  return {
    type: 'thinking',
    thinking: hidden ? '' : part.text,
    signature,
  } satisfies ThinkingBlock
}

/** The SDK's block, with what it leaves to a union as plain JSON. */
type Shape<Block> = { [Key in keyof Block]: Block[Key] | Json | undefined }

export const encodeToolUse = (part: ToolCallPart, input: JsonObject): JsonObject =>
  ({
    type: 'tool_use',
    id: part.id,
    name: part.name,
    input,
    caller: { type: 'direct' },
    ...own(part.extra),
  }) satisfies Shape<ToolUseBlock>

/** Free text (a custom tool, or a call that was cut) is the field `input` of an object. */
function encodeInput(part: ToolCallPart): JsonObject {
  if (part.input === '') return {}
  const parsed = part.kind === 'custom' ? undefined : parseJson(part.input)
  return isObject(parsed) ? parsed : { input: part.input }
}

/** A file as Markdown, after what is said in it. */
function fileText(part: FilePart): string {
  const kind = part.mediaType.slice(0, part.mediaType.indexOf('/'))
  const mark = kind === 'image' ? '!' : ''
  const said = part.transcript === undefined ? '' : `${part.transcript}\n\n`
  return `${said}${mark}[${part.name ?? kind}](${address(part)})`
}

function address({ source, mediaType }: FilePart): string {
  if ('url' in source) return source.url
  if ('base64' in source) return `data:${mediaType};base64,${source.base64}`
  return `file:${source.reference}`
}

/** The refusal's words are `stop_details.explanation`. */
export function decodeStopDetails(details: Json | undefined): RefusalPart | undefined {
  if (!isObject(details) || typeof details['explanation'] !== 'string') return undefined
  if (details['explanation'] === '') return undefined
  return {
    type: 'refusal',
    ...defined({
      text: details['explanation'],
      extra: owned(others(details, ['type', 'explanation'])),
    }),
  }
}

export function encodeStopDetails(refusals: readonly RefusalPart[]): JsonObject | undefined {
  const [first] = refusals
  if (first === undefined) return undefined
  return {
    type: 'refusal',
    category: null,
    ...own(first.extra),
    explanation: refusals.map((part) => part.text).join('\n'),
  }
}

// Writes `messages`. Tool messages follow their call at once; what they cannot carry comes after all of them.

import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '#core/chat'
import { defined, isObject, type JsonObject } from '#core/json'
import { loseExtras } from '#core/losses'
import type { Lose } from '#core/provider'
import { textAnnotations } from './annotations.ts'
import { wireId } from './ids.ts'
import { contentOf, encodeFile, encodeText, type Place } from './parts.ts'
import { encodeExtras, encodeReasoning } from './reasoning.ts'
import { id as protocolId } from './vocabulary.ts'

/** Message lists under way: `later` are parts for the next user message. */
interface Writing {
  lines: JsonObject[]
  later: JsonObject[]
}

export function encodeMessages(
  system: readonly TextPart[],
  messages: readonly Message[],
  lose: Lose,
): JsonObject[] {
  const writing: Writing = { lines: [], later: [] }
  for (const [index, part] of system.entries())
    writing.lines.push(instructions([part], { path: `system[${index}]`, lose }))
  for (const [index, message] of messages.entries()) {
    const place = { path: `messages[${index}]`, lose }
    switch (message.role) {
      case 'user':
        writeUser(message, place, writing)
        break
      case 'assistant':
        flush(writing)
        writeAnswer(message, place, writing)
        break
      case 'system':
        flush(writing)
        writing.lines.push(...laterInstructions(message, place))
        break
      default:
        message satisfies never
    }
  }
  flush(writing)
  return writing.lines
}

/** Parts that waited get a user message of their own. */
function flush(writing: Writing): void {
  if (writing.later.length > 0) writing.lines.push({ role: 'user', content: writing.later })
  writing.later = []
}

function instructions(parts: TextPart[], place: Place): JsonObject {
  const own = parts[0]?.extra?.[protocolId] ?? {}
  return {
    role: own['role'] ?? 'system',
    content: contentOf(parts.map((part) => spokenPart(part, place))),
    ...defined({ name: own['name'] }),
  }
}

const laterInstructions = (message: SystemMessage, place: Place): JsonObject[] =>
  message.content.length === 0 ? [] : [instructions(message.content, place)]

function writeUser(message: UserMessage, place: Place, writing: Writing): void {
  const own: JsonObject[] = []
  for (const [index, part] of message.content.entries()) {
    const here = { path: `${place.path}.content[${index}]`, lose: place.lose }
    switch (part.type) {
      case 'tool-result':
        writing.lines.push(toolMessage(part, here, writing.later))
        break
      case 'text':
        own.push(spokenPart(part, here))
        break
      case 'file':
        own.push(filePart(part, here))
        break
      case 'opaque':
        own.push(...blockPart(part.protocol, part.value, here))
        break
      default:
        part satisfies never
    }
  }
  if (own.length === 0 && message.content.length > 0) return
  const content = contentOf([...writing.later, ...own])
  writing.later = []
  writing.lines.push({ role: 'user', content, ...defined({ name: message.name }) })
}

/** A tool message carries only texts (`ChatCompletionToolMessageParam` of the SDK). */
function toolMessage(part: ToolResultPart, place: Place, later: JsonObject[]): JsonObject {
  const { path, lose } = place
  if (part.isError === true)
    lose(`${path}.isError`, 'A tool result cannot be marked as an error; its output was sent')
  loseExtras(part.extra, protocolId, { path, lose })
  const texts = part.output.flatMap((item, index) =>
    item.type === 'text' ? [spokenPart(item, { path: `${path}.output[${index}]`, lose })] : [],
  )
  const files = part.output.flatMap((item, index) =>
    item.type === 'file' ? [filePart(item, { path: `${path}.output[${index}]`, lose })] : [],
  )
  if (files.length > 0)
    later.push({ type: 'text', text: `Files that the tool call ${part.id} returned:` }, ...files)
  if (files.length > 0 && texts.length === 0)
    texts.push({ type: 'text', text: 'The output is attached to the next user message.' })
  return {
    role: 'tool',
    tool_call_id: wireId(part.id),
    content: contentOf(marked(texts, part, place)),
  }
}

/** The end of a cached prefix after a result is the end of its last text. */
function marked(texts: JsonObject[], part: ToolResultPart, { path, lose }: Place): JsonObject[] {
  if (part.cache === undefined) return texts
  const last = texts.at(-1) ?? { type: 'text', text: '' }
  const { prompt_cache_breakpoint: mark } = encodeText(
    { type: 'text', text: '', cache: part.cache },
    { path, lose },
  )
  return [...texts.slice(0, -1), { ...last, prompt_cache_breakpoint: mark }]
}

function writeAnswer(message: AssistantMessage, place: Place, writing: Writing): void {
  const parts = sorted(message.content)
  const spoken = message.content.flatMap((part, index) =>
    part.type === 'text' || part.type === 'opaque'
      ? answerPart(part, { ...place, path: `${place.path}.content[${index}]` })
      : [],
  )
  const { content, refusal } = withRefusals(spoken, parts.refusals)
  const annotations = textAnnotations(parts.texts)
  const signature = parts.texts.findLast((part) => part.signature !== undefined)?.signature
  writing.lines.push(
    defined({
      role: 'assistant',
      content,
      refusal,
      annotations: annotations.length === 0 ? undefined : annotations,
      name: message.name,
      ...encodeReasoning(parts.thoughts),
      extra_content: encodeExtras(signature),
      audio: soundOf(parts.files),
      tool_calls:
        parts.calls.length === 0 ? undefined : parts.calls.map((call) => toolCall(call, place)),
    }),
  )
  hoist(parts.files, place, writing)
}

function sorted(content: readonly AssistantPart[]) {
  const thoughts: ReasoningPart[] = []
  const texts: TextPart[] = []
  const refusals: string[] = []
  const files: FilePart[] = []
  const calls: ToolCallPart[] = []
  for (const part of content) {
    if (part.type === 'reasoning') thoughts.push(part)
    else if (part.type === 'text') texts.push(part)
    else if (part.type === 'refusal') refusals.push(part.text)
    else if (part.type === 'file') files.push(part)
    else if (part.type === 'tool-call') calls.push(part)
  }
  return { thoughts, texts, refusals, files, calls }
}

/** One refusal has a field of its own; several are parts. */
function withRefusals(spoken: JsonObject[], refusals: string[]) {
  const [refusal, ...more] = refusals
  const parts =
    more.length === 0
      ? spoken
      : [...spoken, ...refusals.map((text) => ({ type: 'refusal', refusal: text }))]
  return {
    content: parts.length === 0 ? null : contentOf(parts),
    refusal: more.length === 0 ? refusal : undefined,
  }
}

const answerPart = (
  part: Extract<AssistantPart, { type: 'text' | 'opaque' }>,
  place: Place,
): JsonObject[] =>
  part.type === 'text' ? [spokenPart(part, place)] : blockPart(part.protocol, part.value, place)

function toolCall(call: ToolCallPart, { path, lose }: Place): JsonObject {
  if (call.cache !== undefined)
    lose(
      `${path}.cache`,
      'The end of a cached prefix cannot be put on a tool call and was left out',
    )
  loseExtras(call.extra, protocolId, { path, lose })
  return encodeToolCall({ ...call, id: wireId(call.id) })
}

/** A whole tool call, as requests and replies have it. */
export function encodeToolCall(call: ToolCallPart): JsonObject {
  const { name, input } = call
  const extras = defined({ extra_content: encodeExtras(call.signature) })
  return call.kind === 'custom'
    ? { id: call.id, type: 'custom', custom: { name, input }, ...extras }
    : { id: call.id, type: 'function', function: { name, arguments: input }, ...extras }
}

const isSound = (part: FilePart): boolean => part.mediaType.startsWith('audio/')

/** The id of a spoken answer that the vendor still has. */
function soundOf(files: readonly FilePart[]): JsonObject | undefined {
  const sound = files.find((part) => isSound(part) && part.id !== undefined)
  return sound === undefined ? undefined : defined({ id: sound.id })
}

/** Files of an answer have no place in a request: the next user message shows them. */
function hoist(files: readonly FilePart[], place: Place, writing: Writing): void {
  const named =
    soundOf(files) === undefined
      ? undefined
      : files.find((part) => isSound(part) && part.id !== undefined)
  const moved = files.filter((part) => part !== named)
  if (moved.length === 0) return
  place.lose(
    place.path,
    'Files of an answer cannot be sent as such; they were shown in a user message',
  )
  writing.later.push(
    { type: 'text', text: 'Files that the assistant made in its last answer:' },
    ...moved.map((part) => filePart(part, place)),
  )
}

function spokenPart(part: TextPart, place: Place): JsonObject {
  loseExtras(part.extra, protocolId, place)
  return encodeText(part, place)
}

function filePart(part: FilePart, place: Place): JsonObject {
  loseExtras(part.extra, protocolId, place)
  return encodeFile(part, place)
}

function blockPart(protocol: string, value: unknown, { path, lose }: Place): JsonObject[] {
  if (protocol === protocolId && isObject(value)) return [value]
  lose(path, `A block that only ${protocol} knows was left out`)
  return []
}

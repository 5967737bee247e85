// Writes `instructions` and `input`. Ids stand only where the vendor demands them: nothing is in its store.

import type {
  AssistantPart,
  FilePart,
  Message,
  OpaquePart,
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
import { wireId } from '../openai-chat/ids.ts'
import type { Place } from '../openai-chat/parts.ts'
import { encodeAnnotation } from './annotations.ts'
import { itemId } from './ids.ts'
import { customCalls } from './input.ts'
import { encodeOutput, encodePart, unsignable } from './parts.ts'
import { isSpoken, isThought, phaseOf, runsOf, type Spoken } from './runs.ts'
import { isRaw } from './thoughts.ts'
import { callExtras, id as protocolId, imageFormat, pick } from './vocabulary.ts'

/** Items under way. */
interface Writing {
  items: JsonObject[]
  custom: ReadonlySet<string>
  /** Parts that the next message of the user shows. */
  later: JsonObject[]
}

export function encodeInput(
  system: readonly TextPart[],
  messages: readonly Message[],
  lose: Lose,
): JsonObject {
  const writing: Writing = { items: [], custom: customCalls(messages), later: [] }
  const [first] = system
  const isInstructions = first !== undefined && isPlain(first)
  for (const [index, part] of system.entries())
    if (index > 0 || !isInstructions)
      writing.items.push(spoken([part], { path: `system[${index}]`, lose }))
  for (const [index, message] of messages.entries())
    writeMessage(message, { path: `messages[${index}]`, lose }, writing)
  flush(writing)
  return defined({
    instructions: isInstructions ? first.text : undefined,
    input: writing.items,
  })
}

const isPlain = ({ cache, extra, signature, text }: TextPart): boolean =>
  cache === undefined && extra === undefined && signature === undefined && text !== ''

function writeMessage(message: Message, place: Place, writing: Writing): void {
  switch (message.role) {
    case 'user':
      return writeUser(message, place, writing)
    case 'assistant':
      flush(writing)
      return writeAnswer(message.content, place, writing)
    case 'system':
      flush(writing)
      return writeInstructions(message, place, writing)
    default:
      message satisfies never
  }
}

/** Parts that waited get a message of their own. */
function flush(writing: Writing): void {
  if (writing.later.length > 0) writing.items.push(userMessage(writing.later))
  writing.later = []
}

const userMessage = (content: JsonObject[]): JsonObject => ({
  type: 'message',
  role: 'user',
  content,
})

function writeInstructions(message: SystemMessage, place: Place, { items }: Writing): void {
  if (message.content.length > 0) items.push(spoken(message.content, place))
}

const spoken = (parts: TextPart[], place: Place): JsonObject => ({
  type: 'message',
  role: parts[0]?.extra?.[protocolId]?.['role'] ?? 'system',
  content: parts.map((part) => encodePart(part, place)),
})

/** Results and hosted outputs are items of their own; what stands between them is one message. */
function writeUser(message: UserMessage, place: Place, writing: Writing): void {
  if (message.name !== undefined)
    place.lose(`${place.path}.name`, 'The name of a speaker cannot be sent and was left out')
  let content: JsonObject[] = []
  const close = (): void => {
    if (content.length === 0) return
    writing.items.push(userMessage([...writing.later, ...content]))
    writing.later = []
    content = []
  }
  for (const [index, part] of message.content.entries()) {
    const here = { path: `${place.path}.content[${index}]`, lose: place.lose }
    switch (part.type) {
      case 'text':
      case 'file':
        content.push(encodePart(part, here))
        break
      case 'tool-result':
        close()
        writing.items.push(result(part, here, writing.custom))
        break
      case 'opaque':
        close()
        writing.items.push(...block(part, here))
        break
      default:
        part satisfies never
    }
  }
  close()
}

function result(part: ToolResultPart, place: Place, custom: ReadonlySet<string>): JsonObject {
  const { path, lose } = place
  if (part.isError === true)
    lose(`${path}.isError`, 'A tool result cannot be marked as an error; its output was sent')
  loseExtras(part.extra, protocolId, { path, lose })
  const own = part.extra?.[protocolId] ?? {}
  return {
    type: custom.has(part.id) ? 'custom_tool_call_output' : 'function_call_output',
    call_id: wireId(part.id),
    output: encodeOutput(part, place),
    ...own,
  }
}

function block(part: OpaquePart, { path, lose }: Place): JsonObject[] {
  if (part.protocol === protocolId && isObject(part.value)) return [part.value]
  lose(path, `A block that only ${part.protocol} knows was left out`)
  return []
}

function writeAnswer(content: readonly AssistantPart[], place: Place, writing: Writing): void {
  const { items } = writing
  for (const { at, parts } of runsOf(content)) {
    const here = { path: `${place.path}.content[${at}]`, lose: place.lose }
    const [first] = parts
    switch (first.type) {
      case 'text':
      case 'refusal':
        items.push(answerMessage(parts.filter(isSpoken), here, items.length))
        break
      case 'reasoning':
        items.push(...thought(parts.filter(isThought), here, items.length))
        break
      case 'tool-call':
        items.push(call(first, here))
        break
      case 'file':
        writeFile(first, here, writing)
        break
      case 'opaque':
        items.push(...block(first, here))
        break
      default:
        first satisfies never
    }
  }
}

/** A plain text needs no id in the short form of a message (`EasyInputMessage` of the SDK). */
function answerMessage(parts: readonly Spoken[], place: Place, index: number): JsonObject {
  for (const part of parts) loseMarks(part, place)
  const [first] = parts
  const phase = first === undefined ? undefined : phaseOf(first)
  if (parts.length === 1 && first?.type === 'text' && first.citations === undefined)
    return defined({ type: 'message', role: 'assistant', content: first.text, phase })
  return defined({
    type: 'message',
    id: itemId('msg', 'input', index),
    role: 'assistant',
    status: 'completed',
    phase,
    content: parts.map(answerContent),
  })
}

const answerContent = (part: Spoken): JsonObject =>
  part.type === 'refusal'
    ? { type: 'refusal', refusal: part.text }
    : {
        type: 'output_text',
        text: part.text,
        annotations: (part.citations ?? []).map((citation) =>
          encodeAnnotation(citation, part.text.length),
        ),
      }

function loseMarks(part: Spoken | ToolCallPart, { path, lose }: Place): void {
  if (part.cache !== undefined)
    lose(`${path}.cache`, 'The end of a cached prefix cannot be put here and was left out')
  if (part.signature !== undefined) lose(`${path}.signature`, unsignable)
  loseExtras(part.extra, protocolId, { path, lose })
}

/** Only thoughts with the vendor's own encrypted body are taken from a caller who stores nothing. */
function thought(parts: readonly ReasoningPart[], place: Place, index: number): JsonObject[] {
  const { path, lose } = place
  const proofs = parts.flatMap(({ redacted, signature }) =>
    [redacted ?? [], signature ?? []].flat(),
  )
  const encrypted = proofs.findLast(({ protocol }) => protocol === protocolId)?.value
  if (encrypted === undefined) {
    if (proofs.length > 0 || parts.some(({ text }) => text !== ''))
      lose(path, 'Thoughts of another model cannot be sent to this one and were left out')
    return []
  }
  if (proofs.some(({ protocol }) => protocol !== protocolId)) lose(`${path}.signature`, unsignable)
  for (const part of parts) loseExtras(part.extra, protocolId, { path, lose })
  const spoken = parts.filter(({ text }) => text !== '')
  const raw = spoken.filter(isRaw).map(({ text }) => ({ type: 'reasoning_text', text }))
  return [
    defined({
      type: 'reasoning',
      id: itemId('rs', 'input', index),
      summary: spoken
        .filter((part) => !isRaw(part))
        .map(({ text }) => ({ type: 'summary_text', text })),
      content: raw.length === 0 ? undefined : raw,
      encrypted_content: encrypted,
    }),
  ]
}

function call(part: ToolCallPart, place: Place): JsonObject {
  loseMarks(part, place)
  const { id, name, input, kind } = part
  const own = pick(part.extra?.[protocolId] ?? {}, callExtras)
  return kind === 'custom'
    ? { type: 'custom_tool_call', call_id: wireId(id), name, input, ...own }
    : { type: 'function_call', call_id: wireId(id), name, arguments: input, ...own }
}

/** Pictures have an item of their own; the next message of the user shows other files. */
function writeFile(part: FilePart, place: Place, writing: Writing): void {
  const format = imageFormat(part.mediaType)
  if (format !== undefined && 'base64' in part.source) {
    loseExtras(part.extra, protocolId, place)
    writing.items.push({
      type: 'image_generation_call',
      id: itemId('ig', 'input', writing.items.length),
      status: 'completed',
      result: part.source.base64,
      output_format: format,
    })
    return
  }
  place.lose(
    place.path,
    'Files of an answer cannot be sent as such; they were shown in a user message',
  )
  writing.later.push(
    { type: 'input_text', text: 'A file that the assistant made in its last answer:' },
    encodePart(part, place),
  )
}

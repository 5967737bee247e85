// Reads `contents`: turns of parts, with every function response matched to the call it answers.

import type {
  AssistantPart,
  FilePart,
  Message,
  PartExtras,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import type { Reader } from '#core/reader'
import { readFileData, readInline } from './files.ts'
import {
  isDummySignature,
  listOrOne,
  makeCallId,
  protocolId,
  skipEmpty,
  spelled,
  standardBase64,
  takeRest,
} from './vocabulary.ts'

/** Roles of a content; `function` is the old name for turns of function responses, `tool` a common one. */
const roles = ['user', 'model', 'function', 'tool'] as const

interface Call {
  id: string
  name: string
  isAnswered: boolean
}

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function readContents(body: Reader): Message[] {
  const calls: Call[] = []
  const contents = listOrOne(body, 'contents', (content): Message => {
    const role = content.maybeOneOf('role', roles) ?? 'user'
    return role === 'model'
      ? { role: 'assistant', content: readParts(content, (part) => modelPart(part, calls)) }
      : { role: 'user', content: readParts(content, (part) => userPart(part, calls)) }
  })
  return contents ?? body.fail('contents', 'an array of contents')
}

/** `systemInstruction`: a content whose role does not matter. */
export function readSystem(body: Reader): TextPart[] {
  const content = body.maybeObject(spelled(body, 'systemInstruction'))
  if (content === undefined) return []
  content.skip('role')
  return readParts(content, (part) => ({ type: 'text', text: part.string('text') }))
}

function readParts<T>(content: Reader, read: (part: Reader) => T): T[] {
  return (
    listOrOne(content, 'parts', (part) => {
      const made = read(part)
      skipEmpty(part)
      return made
    }) ?? []
  )
}

function userPart(part: Reader, calls: Call[]): UserPart {
  const kind = kindOf(part)
  switch (kind) {
    case 'text':
      return { type: 'text', text: part.string('text'), ...extras(part) }
    case 'inlineData':
    case 'fileData':
      return filePart(part, kind)
    case 'functionResponse':
      return toolResult(part, calls)
    case 'functionCall':
      return refuse(part, spelled(part, kind), `belongs in a content of the role 'model'`)
    case 'other':
      return { type: 'opaque', protocol: protocolId, value: takeRest(part) }
    default:
      return kind satisfies never
  }
}

function modelPart(part: Reader, calls: Call[]): AssistantPart {
  const kind = kindOf(part)
  switch (kind) {
    case 'text': {
      const isThought = part.maybeBoolean('thought') === true
      const text = part.maybeString('text') ?? ''
      return { type: isThought ? 'reasoning' : 'text', text, ...extras(part) }
    }
    case 'inlineData':
    case 'fileData':
      return filePart(part, kind)
    case 'functionCall':
      return toolCall(part, calls)
    case 'functionResponse':
      return refuse(part, spelled(part, kind), `belongs in a content of the role 'user'`)
    case 'other':
      return { type: 'opaque', protocol: protocolId, value: takeRest(part) }
    default:
      return kind satisfies never
  }
}

const kinds = ['functionCall', 'functionResponse', 'inlineData', 'fileData', 'text'] as const

/** Which of its data fields a part has; a bare signature is an empty text. */
function kindOf(part: Reader): (typeof kinds)[number] | 'other' {
  const kind = kinds.find((name) => part.has(spelled(part, name)))
  if (kind !== undefined) return kind
  if (part.has(spelled(part, 'thoughtSignature')) && part.keys.length <= 2) return 'text'
  if (part.keys.length > 0) return 'other'
  throw new GatewayError('invalid_request', `${part.path} must have content, but is empty`, {
    param: part.path,
  })
}

function refuse(part: Reader, key: string, complaint: string): never {
  const param = part.at(key)
  throw new GatewayError('invalid_request', `${param} ${complaint}`, { param })
}

const filePart = (part: Reader, kind: 'inlineData' | 'fileData'): FilePart => {
  const data = part.object(spelled(part, kind))
  const file = kind === 'inlineData' ? readInline(data) : readFileData(data)
  return { ...file, ...extras(part, ['thought']) }
}

/** How a part is to be treated: fields that only this API has. */
const ownFields = [
  'mediaResolution',
  'videoMetadata',
  'partMetadata',
  'mediaProcessing',
  'speechMetadata',
]

function extras(part: Reader, alsoOwn: readonly string[] = []): PartExtras {
  const value = part.maybeString(spelled(part, 'thoughtSignature'))
  const isSigned = value !== undefined && value !== '' && !isDummySignature(value)
  const own: JsonObject = {}
  for (const name of [...ownFields, ...alsoOwn]) {
    const key = spelled(part, name)
    if (part.has(key)) own[name] = part.json(key)
  }
  return defined({
    signature: isSigned ? { protocol: protocolId, value: standardBase64(value) } : undefined,
    extra: Object.keys(own).length === 0 ? undefined : { [protocolId]: own },
  })
}

function toolCall(part: Reader, calls: Call[]): ToolCallPart {
  const call = part.object(spelled(part, 'functionCall'))
  const name = call.string('name')
  const id = call.maybeString('id') ?? makeCallId(calls.length)
  calls.push({ id, name, isAnswered: false })
  const input = JSON.stringify(call.maybeRecord('args') ?? {})
  return { type: 'tool-call', id, name, input, ...extras(part, ['thought']) }
}

/** Fields of a function response kept for this API alone. */
const responseFields = ['scheduling', 'willContinue']

function toolResult(part: Reader, calls: Call[]): ToolResultPart {
  const key = spelled(part, 'functionResponse')
  const answer = part.object(key)
  const name = answer.string('name')
  const call = answeredCall(calls, answer.maybeString('id'), name)
  if (call === undefined)
    return refuse(part, key, `answers no earlier functionCall of the name '${name}'`)
  call.isAnswered = true
  const response = answer.maybeRecord('response') ?? {}
  const { texts, isError, isPlain } = readResponse(response)
  const own: JsonObject = isPlain ? {} : { response }
  for (const field of responseFields) {
    const spelling = spelled(answer, field)
    if (answer.has(spelling)) own[field] = answer.json(spelling)
  }
  const files = listOrOne(answer, 'parts', responseFile) ?? []
  return {
    type: 'tool-result',
    id: call.id,
    output: [...texts.map((text): TextPart => ({ type: 'text', text })), ...files],
    ...defined({
      isError: isError ? true : undefined,
      extra: Object.keys(own).length === 0 ? undefined : { [protocolId]: own },
    }),
  }
}

/** By id where there is one, else the oldest open call of that name. */
const answeredCall = (calls: Call[], id: string | undefined, name: string): Call | undefined =>
  calls.find((call) => id !== undefined && call.id === id) ??
  calls.find((call) => call.name === name && !call.isAnswered)

function responseFile(part: Reader): FilePart {
  const inline = part.maybeObject(spelled(part, 'inlineData'))
  return inline === undefined
    ? readFileData(part.object(spelled(part, 'fileData')))
    : readInline(inline)
}

/**
 * `{ output }` and `{ error }` are how results are written where nothing else was agreed; a list of
 * texts under them is several texts, and `{}` none. Any other object is a text of JSON.
 */
function readResponse(response: JsonObject): {
  texts: string[]
  isError: boolean
  isPlain: boolean
} {
  const keys = Object.keys(response)
  const [key] = keys
  if (key === undefined) return { texts: [], isError: false, isPlain: true }
  const isError = keys.length === 1 && key === 'error'
  const texts =
    keys.length === 1 && (isError || key === 'output') ? textsOf(response[key]) : undefined
  return { texts: texts ?? [JSON.stringify(response)], isError, isPlain: texts !== undefined }
}

function textsOf(value: Json | undefined): string[] | undefined {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value) || value.length < 2) return undefined
  const texts = value.filter((item) => typeof item === 'string')
  return texts.length === value.length ? texts : undefined
}

/** The response object of some texts; the inverse of `readResponse`. */
export function writeResponse(result: ToolResultPart): JsonObject {
  const own = result.extra?.[protocolId]?.['response']
  if (isObject(own)) return own
  const texts = result.output.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const key = result.isError === true ? 'error' : 'output'
  const [text] = texts
  if (text === undefined) return result.isError === true ? { error: '' } : {}
  return { [key]: texts.length === 1 ? text : texts }
}

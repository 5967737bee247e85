// Reads replies. Every event of a stream is a GenerateContentResponse with what is new; no event says that
// the stream is over: it was complete when every answer in it has its `finishReason`.

import type { AssistantPart, ChatEvent, Finish } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { StreamDecoder } from '#core/protocol'
import { readCitations } from './citations.ts'
import { errorOf, streamError } from './error.ts'
import { readPart, timeOf } from './reply.ts'
import { readUsage, unwrittenUsage } from './usage.ts'
import { finishOf, makeCallId, protocolId } from './vocabulary.ts'

/** One answer while it grows. */
interface Answer {
  number: number
  /** The text or reasoning that may still go on. */
  open?: { index: number; type: 'text' | 'reasoning'; text: string }
  hasCalls: boolean
  finish?: string
  own: JsonObject
}

const noReply = (): GatewayError =>
  new GatewayError('upstream', 'The reply ended before it was complete')

/** What is known of a reply so far. */
interface Reading {
  answers: Answer[]
  isBegun: boolean
  /** Parts and calls so far, over all answers. */
  parts: number
  calls: number
  responseId: string
  usage: JsonObject
  /** Why the prompt was refused. */
  blocked: string | undefined
  own: JsonObject
}

/** @param isWhole A whole reply: an answer without a `finishReason` is taken as it is. */
export function replyReader(isWhole = false) {
  const reading: Reading = {
    answers: [],
    isBegun: false,
    parts: 0,
    calls: 0,
    responseId: '',
    usage: {},
    blocked: undefined,
    own: {},
  }
  return {
    push: (message: JsonObject): ChatEvent[] => read(reading, message),
    /** @throws GatewayError `upstream` when an answer has not come to its end. */
    finish: (): ChatEvent[] => end(reading, isWhole),
  }
}

function read(reading: Reading, message: JsonObject): ChatEvent[] {
  const error = errorOf(message)
  if (error !== undefined) throw streamError(error)
  const events = reading.isBegun ? [] : [begin(reading, message)]
  const { candidates, usageMetadata, promptFeedback } = message
  if (isObject(usageMetadata)) reading.usage = usageMetadata
  if (isObject(promptFeedback) && typeof promptFeedback['blockReason'] === 'string')
    reading.blocked = promptFeedback['blockReason']
  for (const [key, value] of Object.entries(message))
    if (!frameKeys.has(key)) reading.own[key] = value
  for (const candidate of Array.isArray(candidates) ? candidates : [])
    if (isObject(candidate)) events.push(...grow(reading, candidate))
  return events
}

function begin(reading: Reading, message: JsonObject): ChatEvent {
  const { responseId, modelVersion, createTime } = message
  const milliseconds = typeof createTime === 'string' ? Date.parse(createTime) : Number.NaN
  const created = Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
  if (created !== undefined && timeOf(created) !== createTime)
    reading.own['createTime'] = createTime
  reading.isBegun = true
  reading.responseId = typeof responseId === 'string' ? responseId : ''
  return {
    type: 'start',
    id: reading.responseId,
    model: typeof modelVersion === 'string' ? modelVersion : '',
    ...defined({ created }),
  }
}

/** More answers than any vendor gives: an index beyond it is garbage. */
const mostAnswers = 256

function grow(reading: Reading, candidate: JsonObject): ChatEvent[] {
  const { content, finishReason, index, ...rest } = candidate
  const number = typeof index === 'number' && index > 0 && index < mostAnswers ? index | 0 : 0
  const answer = answerOf(reading, number)
  Object.assign(answer.own, rest)
  if (typeof finishReason === 'string') answer.finish = finishReason
  const wire = isObject(content) ? content['parts'] : undefined
  return (Array.isArray(wire) ? wire : []).flatMap((part) =>
    isObject(part) ? addPart(reading, part, answer) : [],
  )
}

function answerOf({ answers }: Reading, number: number): Answer {
  for (let next = answers.length; next <= number; next++)
    answers.push({ number: next, hasCalls: false, own: {} })
  const answer = answers[number]
  if (answer === undefined) throw noReply()
  return answer
}

function addPart(reading: Reading, wire: JsonObject, answer: Answer): ChatEvent[] {
  const part = readPart(wire, () => makeCallId(reading.calls, reading.responseId))
  if (part === undefined) return []
  if (part.type === 'text' || part.type === 'reasoning') return addText(reading, part, answer)
  const events = close(answer)
  if (part.type === 'tool-call') {
    answer.hasCalls = true
    reading.calls++
  }
  return [...events, ...wholePart(part, reading.parts++, answer.number)]
}

function addText(
  reading: Reading,
  part: Extract<AssistantPart, { type: 'text' | 'reasoning' }>,
  answer: Answer,
): ChatEvent[] {
  const { text, signature, ...rest } = part
  const events: ChatEvent[] = []
  if (answer.open?.type !== part.type || part.extra !== undefined) {
    // Streams end with an empty text that means nothing.
    if (text === '' && signature === undefined) return []
    events.push(...close(answer))
    const index = reading.parts++
    answer.open = { index, type: part.type, text: '' }
    events.push({ ...started(answer.number), index, part: { ...rest, text: '' } })
  }
  const { open } = answer
  if (text !== '') events.push({ type: 'part-delta', index: open.index, delta: text })
  open.text += text
  if (signature === undefined) return events
  // The signature belongs to the part it came in: what follows is another part.
  delete answer.open
  return [...events, { type: 'part-end', index: open.index, set: { signature } }]
}

function end({ answers, isBegun, blocked, own, usage }: Reading, isWhole: boolean): ChatEvent[] {
  const [first, ...others] = answers
  if (!isBegun || (first === undefined && blocked === undefined)) throw noReply()
  if (!isWhole && answers.some((answer) => answer.finish === undefined)) throw noReply()
  const events = answers.flatMap((answer) => close(answer, citationsOf(answer)))
  const finishes: [Finish, ...Finish[]] =
    first === undefined
      ? [{ reason: 'content-filter', ...defined({ raw: blocked }) }]
      : [finishOfAnswer(first), ...others.map(finishOfAnswer)]
  const extra = ownFieldsOf(answers, own, usage)
  return [...events, { type: 'end', finishes, usage: readUsage(usage), ...defined({ extra }) }]
}

const frameKeys = new Set([
  'candidates',
  'usageMetadata',
  'modelVersion',
  'responseId',
  'createTime',
])

const finishOfAnswer = ({ finish, hasCalls }: Answer): Finish =>
  finish === undefined ? { reason: hasCalls ? 'tool-calls' : 'other' } : finishOf(finish, hasCalls)

const started = (number: number): { type: 'part-start'; candidate?: number } => ({
  type: 'part-start',
  ...(number === 0 ? {} : { candidate: number }),
})

/** Calls and media come whole. */
function wholePart(part: AssistantPart, index: number, number: number): ChatEvent[] {
  if (part.type !== 'tool-call')
    return [
      { ...started(number), index, part },
      { type: 'part-end', index },
    ]
  return [
    { ...started(number), index, part: { ...part, input: '' } },
    { type: 'part-delta', index, delta: part.input },
    { type: 'part-end', index },
  ]
}

function close(answer: Answer, set?: { citations: ReturnType<typeof readCitations> }): ChatEvent[] {
  const { open } = answer
  if (open === undefined) return []
  delete answer.open
  return [{ type: 'part-end', index: open.index, ...defined({ set }) }]
}

function citationsOf({ open, own }: Answer) {
  const { groundingMetadata } = own
  if (open?.type !== 'text' || !isObject(groundingMetadata)) return undefined
  const citations = readCitations(groundingMetadata, open.text)
  return citations.length === 0 ? undefined : { citations }
}

function ownFieldsOf(answers: readonly Answer[], own: JsonObject, usage: JsonObject) {
  const rest = unwrittenUsage(usage)
  const hasOwn = answers.some((answer) => Object.keys(answer.own).length > 0)
  const fields = defined({
    ...own,
    candidates: hasOwn ? answers.map((answer): Json => answer.own) : undefined,
    usageMetadata: Object.keys(rest).length === 0 ? undefined : rest,
  })
  return Object.keys(fields).length === 0 ? undefined : { [protocolId]: fields }
}

export function streamDecoder(): StreamDecoder {
  const reader = replyReader()
  return {
    push({ data }) {
      const message = parseJson(data)
      const wrapped = errorOf(message)
      if (wrapped !== undefined) throw streamError(wrapped)
      if (!isObject(message))
        throw new GatewayError('upstream', 'The provider sent an event that cannot be read')
      return reader.push(message)
    },
    finish: reader.finish,
  }
}

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
  /** The text or reasoning that may still go on. */
  open?: { index: number; type: 'text' | 'reasoning'; text: string }
  hasCalls: boolean
  finish?: string
  own: JsonObject
}

const noReply = (): GatewayError =>
  new GatewayError('upstream', 'The reply ended before it was complete')

/** @param isWhole A whole reply: an answer without a `finishReason` is taken as it is. */
export function replyReader(isWhole = false) {
  const answers: Answer[] = []
  let isBegun = false
  let parts = 0
  let calls = 0
  let responseId = ''
  let usage: JsonObject = {}
  let blocked: string | undefined
  const own: JsonObject = {}

  function push(message: JsonObject): ChatEvent[] {
    const error = errorOf(message)
    if (error !== undefined) throw streamError(error)
    const events = isBegun ? [] : [begin(message)]
    const { candidates, usageMetadata, promptFeedback } = message
    if (isObject(usageMetadata)) usage = usageMetadata
    if (isObject(promptFeedback) && typeof promptFeedback['blockReason'] === 'string')
      blocked = promptFeedback['blockReason']
    for (const [key, value] of Object.entries(message)) if (!frameKeys.has(key)) own[key] = value
    for (const candidate of Array.isArray(candidates) ? candidates : [])
      if (isObject(candidate)) events.push(...grow(candidate))
    return events
  }

  function begin(message: JsonObject): ChatEvent {
    isBegun = true
    const { responseId: id, modelVersion, createTime } = message
    responseId = typeof id === 'string' ? id : ''
    const milliseconds = typeof createTime === 'string' ? Date.parse(createTime) : Number.NaN
    const created = Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
    if (created !== undefined && timeOf(created) !== createTime) own['createTime'] = createTime
    return {
      type: 'start',
      id: responseId,
      model: typeof modelVersion === 'string' ? modelVersion : '',
      ...defined({ created }),
    }
  }

  function grow(candidate: JsonObject): ChatEvent[] {
    const { content, finishReason, index, ...rest } = candidate
    const number = typeof index === 'number' && index >= 0 && index < 256 ? index : 0
    while (answers.length <= number) answers.push({ hasCalls: false, own: {} })
    const answer = answers[number] ?? { hasCalls: false, own: {} }
    Object.assign(answer.own, rest)
    if (typeof finishReason === 'string') answer.finish = finishReason
    const wire = isObject(content) ? content['parts'] : undefined
    return (Array.isArray(wire) ? wire : []).flatMap((part) =>
      isObject(part) ? addPart(part, answer, number) : [],
    )
  }

  function addPart(wire: JsonObject, answer: Answer, number: number): ChatEvent[] {
    const part = readPart(wire, () => makeCallId(calls, responseId))
    if (part === undefined) return []
    if (part.type === 'text' || part.type === 'reasoning') return addText(part, answer, number)
    const events = close(answer)
    if (part.type === 'tool-call') {
      answer.hasCalls = true
      calls++
    }
    return [...events, ...wholePart(part, parts++, number)]
  }

  function addText(
    part: Extract<AssistantPart, { type: 'text' | 'reasoning' }>,
    answer: Answer,
    number: number,
  ): ChatEvent[] {
    const { text, signature, ...rest } = part
    const events: ChatEvent[] = []
    if (answer.open?.type !== part.type || part.extra !== undefined) {
      // Streams end with an empty text that means nothing.
      if (text === '' && signature === undefined) return []
      events.push(...close(answer))
      answer.open = { index: parts++, type: part.type, text: '' }
      events.push({ ...started(number), index: answer.open.index, part: { ...rest, text: '' } })
    }
    const { open } = answer
    if (text !== '') events.push({ type: 'part-delta', index: open.index, delta: text })
    open.text += text
    if (signature === undefined) return events
    // The signature belongs to the part it came in: what follows is another part.
    delete answer.open
    return [...events, { type: 'part-end', index: open.index, set: { signature } }]
  }

  /** @throws GatewayError `upstream` when an answer has not come to its end. */
  function finish(): ChatEvent[] {
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

  return { push, finish }
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
  const { signature, input, ...rest } = part
  return [
    { ...started(number), index, part: { ...rest, input: '' } },
    { type: 'part-delta', index, delta: input },
    { type: 'part-end', index, ...(signature === undefined ? {} : { set: { signature } }) },
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

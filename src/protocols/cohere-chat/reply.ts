import type { AssistantPart, ChatReply, Citation, TextPart } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { decodeCitation, encodeCitation } from './citations.ts'
import { endFailure } from './error.ts'
import { encodeCall } from './messages.ts'
import { billedUnits, decodeUsage, encodeUsage } from './usage.ts'
import { decodeFinish, encodeFinish, id, objects, own, text } from './vocabulary.ts'

/** Replies do not name their model: it is empty. @throws GatewayError also for `ERROR` and `TIMEOUT`. */
export function decodeReply(body: unknown): ChatReply {
  const message = isObject(body) ? body['message'] : undefined
  if (!isObject(body) || !isObject(message))
    throw new GatewayError('upstream', 'The provider answered with something that is no message')
  const failure = endFailure(body)
  if (failure !== undefined) throw failure
  const { usage } = body
  return defined({
    id: text(body['id']),
    model: '',
    candidates: [
      { content: decodeContent(message), finish: decodeFinish(body['finish_reason']) },
    ] satisfies ChatReply['candidates'],
    usage: decodeUsage(usage),
    extra: replyExtra(usage, body['logprobs']),
  })
}

/** What is billed, where it is not what was used; log probabilities. */
export function replyExtra(
  usage: Json | undefined,
  logprobs: Json | undefined,
): ChatReply['extra'] {
  const tokens = isObject(usage) ? usage['tokens'] : undefined
  const billed = billedUnits(usage)
  const isOther = JSON.stringify(billed) !== JSON.stringify(tokens)
  const kept = defined({
    billed_units: isOther ? billed : undefined,
    logprobs: Array.isArray(logprobs) ? logprobs : undefined,
  })
  return Object.keys(kept).length === 0 ? undefined : { [id]: kept }
}

/** Thoughts and texts, then the plan for the calls, then the calls. */
function decodeContent(message: JsonObject): AssistantPart[] {
  const plan = text(message['tool_plan'])
  const said = objects(message['content']).map((item): AssistantPart =>
    item['type'] === 'thinking'
      ? { type: 'reasoning', text: text(item['thinking']) }
      : { type: 'text', text: text(item['text']) },
  )
  const calls = objects(message['tool_calls']).map((call): AssistantPart => {
    const called = isObject(call['function']) ? call['function'] : {}
    const [name, input] = [text(called['name']), text(called['arguments'])]
    return { type: 'tool-call', id: text(call['id']), name, input }
  })
  const parts = [...said, ...(plan === '' ? [] : [{ type: 'text', text: plan } as const])]
  return [...cited(parts, objects(message['citations'])), ...calls]
}

/** The texts with their citations; those that name no place belong to the first text. */
function cited(parts: AssistantPart[], citations: readonly JsonObject[]): AssistantPart[] {
  const first = parts.findIndex(({ type }) => type === 'text')
  return parts.map((part, index) => {
    if (part.type !== 'text') return part
    const own = citations
      .filter(({ content_index: at }) => {
        const isThere = typeof at === 'number' && parts[at]?.type === 'text'
        return (isThere ? at : first) === index
      })
      .map(decodeCitation)
    return own.length === 0 ? part : { ...part, citations: own }
  })
}

/** The first answer: this protocol has no room for more, nor for the model. */
export function encodeReply(reply: ChatReply): JsonObject {
  const [{ content, finish }] = reply.candidates
  const { billed_units: billed, ...rest } = own(reply.extra)
  return {
    id: reply.id,
    finish_reason: encodeFinish(finish),
    message: encodeMessage(content),
    usage: encodeUsage(reply.usage, billed),
    ...rest,
  }
}

function encodeMessage(parts: readonly AssistantPart[]): JsonObject {
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call' ? [encodeCall(part.id, part.name, part)] : [],
  )
  const texts = parts.flatMap((part): TextPart[] => {
    const said = part.type === 'refusal' ? { ...part, type: 'text' as const } : part
    return said.type === 'text' ? [said] : []
  })
  const thoughts = parts.flatMap((part) =>
    part.type === 'reasoning' ? [{ type: 'thinking', thinking: part.text }] : [],
  )
  const plan = calls.length === 0 ? undefined : texts.map((part) => part.text).join('')
  const content = [
    ...thoughts,
    ...(calls.length === 0 ? texts.map((part) => ({ type: 'text', text: part.text })) : []),
  ]
  const citations = texts.flatMap((part, index) =>
    (part.citations ?? []).map((citation) => placed(citation, thoughts.length + index)),
  )
  return defined({
    role: 'assistant',
    content: content.length === 0 && calls.length > 0 ? undefined : content,
    tool_plan: plan === '' ? undefined : plan,
    tool_calls: calls.length === 0 ? undefined : calls,
    citations: citations.length === 0 ? undefined : citations,
  })
}

const placed = (citation: Citation, index: number): JsonObject => {
  const encoded = encodeCitation(citation)
  return citation.extra?.[id] === undefined ? { ...encoded, content_index: index } : encoded
}

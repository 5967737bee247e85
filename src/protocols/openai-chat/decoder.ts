// Reads a stream of chunks (`ChatCompletionChunk` of the SDK) as vendors and compatible hosts really send it.

import type { ChatEvent, Finish, Usage } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type JsonObject } from '#core/json'
import type { SseEvent, StreamDecoder } from '#core/protocol'
import { choiceReader, type ChoiceReader, type Emit } from './choice.ts'
import { errorOf } from './error.ts'
import { known } from './reply.ts'
import { chunkUsage } from './usage.ts'
import { id as protocolId, number, objects, text } from './vocabulary.ts'

/** Fields of a chunk that mean nothing for the reply: padding, and usage under another name. */
const passing = new Set([...known, 'obfuscation', 'x_groq'])

export function streamDecoder(): StreamDecoder {
  const choices = new Map<number, ChoiceReader>()
  const extra: JsonObject = {}
  let parts = 0
  let isStarted = false
  let isOver = false
  let usage: Usage | undefined
  let serviceTier: string | undefined
  let events: ChatEvent[] = []

  const emit: Emit = {
    start(candidate, part) {
      const owner = candidate === 0 ? {} : { candidate }
      events.push({ type: 'part-start', index: parts, ...owner, part })
      return parts++
    },
    event: (event) => events.push(event),
  }

  function read(chunk: JsonObject): void {
    usage = chunkUsage(chunk) ?? usage
    serviceTier = text(chunk['service_tier']) ?? serviceTier
    for (const key in chunk) if (!passing.has(key) && chunk[key] !== null) extra[key] = chunk[key]
    for (const choice of objects(chunk['choices'])) {
      start(chunk)
      const index = number(choice['index']) ?? 0
      const known = choices.get(index)
      const reader = known ?? choiceReader(index, emit)
      if (known === undefined) choices.set(index, reader)
      reader.read(choice)
    }
  }

  function start(chunk: JsonObject): void {
    if (isStarted) return
    isStarted = true
    events.push({
      type: 'start',
      ...defined({
        id: text(chunk['id']) ?? '',
        model: text(chunk['model']) ?? '',
        created: number(chunk['created']),
        serviceTier,
      }),
    })
  }

  /** Complete is a reply of which every answer has said why it ended. */
  function end(): void {
    const count = Math.max(-1, ...choices.keys()) + 1
    const [first, ...more] = Array.from({ length: count }, (_, index) =>
      finishOf(choices.get(index)),
    )
    if (first === undefined)
      throw new GatewayError('upstream', 'The provider ended its stream without an answer')
    isOver = true
    const hasExtra = Object.keys(extra).length > 0
    const finishes: [Finish, ...Finish[]] = [first, ...more]
    events.push({
      type: 'end',
      finishes,
      usage: usage ?? { inputTokens: 0, outputTokens: 0 },
      ...defined({ serviceTier, extra: hasExtra ? { [protocolId]: extra } : undefined }),
    })
  }

  function taken(): ChatEvent[] {
    const made = events
    events = []
    return made
  }

  return {
    push({ event, data }) {
      if (isOver || data === '') return []
      if (data === '[DONE]') end()
      else read(chunkOf(data, event))
      return taken()
    },
    finish() {
      if (!isOver) end()
      return taken()
    },
  }
}

function finishOf(reader: ChoiceReader | undefined): Finish {
  const finish = reader?.finish
  if (finish === undefined)
    throw new GatewayError(
      'upstream',
      'The provider ended its stream before the answer was complete',
    )
  return finish
}

/** @throws GatewayError of the kind an error event says, and `upstream` for what is no chunk. */
function chunkOf(data: string, event: SseEvent['event']): JsonObject {
  const chunk = parseJson(data)
  if (!isObject(chunk))
    throw new GatewayError('upstream', 'The provider sent an event that is no JSON object')
  const failure = failureOf(chunk, event)
  if (failure !== undefined) throw failure
  return chunk
}

/** The error of an event, where it is one. */
export function failureOf(chunk: JsonObject, event: SseEvent['event']): GatewayError | undefined {
  const error = chunk['error']
  const isError = event === 'error' || chunk['object'] === 'error'
  return isError || isObject(error) || typeof error === 'string'
    ? errorOf(chunk, undefined)
    : undefined
}

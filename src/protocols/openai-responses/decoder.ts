// Reads a stream of events (`ResponseStreamEvent` of the SDK). Unknown events are passed over.

import type { ChatEvent, Usage } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { StreamDecoder } from '#core/protocol'
import { number, objects, text } from '../openai-chat/vocabulary.ts'
import { failureOf } from './error.ts'
import { finishOf } from './output.ts'
import { extraOf } from './reply.ts'
import { itemReader } from './reader.ts'
import { tierOf } from './response.ts'
import { decodeUsage } from './usage.ts'

const noUsage: Usage = { inputTokens: 0, outputTokens: 0 }

export function streamDecoder(): StreamDecoder {
  let events: ChatEvent[] = []
  let isStarted = false
  let isOver = false
  const items = itemReader((event) => events.push(event))

  function start(response: JsonObject): void {
    if (isStarted) return
    isStarted = true
    events.push({
      type: 'start',
      ...defined({
        id: text(response['id']) ?? '',
        model: text(response['model']) ?? '',
        created: number(response['created_at']),
        serviceTier: tierOf(response),
      }),
    })
  }

  function end(response: JsonObject): void {
    start(response)
    items.close(objects(response['output']))
    isOver = true
    events.push({
      type: 'end',
      finishes: [finishOf(response, items.isCalling)],
      usage: decodeUsage(response['usage']) ?? noUsage,
      ...defined({ serviceTier: tierOf(response), extra: extraOf(response) }),
    })
  }

  function read(event: JsonObject): void {
    switch (text(event['type']) ?? '') {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return start(objectOf(event['response']))
      case 'response.completed':
      case 'response.incomplete':
        return end(objectOf(event['response']))
      default:
        // Some hosts begin with the first item.
        if (typeof event['output_index'] === 'number') start({})
        return items.read(event)
    }
  }

  return {
    push({ event, data }) {
      if (isOver || data === '' || data === '[DONE]') return []
      const value = parseJson(data)
      if (!isObject(value))
        throw new GatewayError('upstream', 'The provider sent an event that is no JSON object')
      const failure = failedBy(value, event)
      if (failure !== undefined) throw failure
      read(value)
      const made = events
      events = []
      return made
    },
    finish() {
      if (isOver) return []
      throw new GatewayError(
        'upstream',
        'The provider ended its stream before the answer was complete',
      )
    },
  }
}

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** The error of an event, where it is one. */
export function failedBy(value: JsonObject, event: string | undefined): GatewayError | undefined {
  if (value['type'] === 'response.failed') return failureOf(objectOf(value['response']))
  const isError = event === 'error' || value['type'] === 'error' || isObject(value['error'])
  return isError ? failureOf(value) : undefined
}

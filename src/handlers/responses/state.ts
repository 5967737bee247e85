// What the Responses API keeps between requests, kept by the gateway: it works with any model.

import { GatewayError } from '#core/error'
import { isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { SseEvent } from '#core/protocol'
import { hostedFields, readHostedState } from '#protocols/openai-responses/index'
import type { FaceState } from '../chat.ts'
import type { Ctx } from '../context.ts'
import { find, keep } from './store.ts'

/** The events that carry the whole response, and end it. */
const lastEvents = ['response.completed', 'response.incomplete', 'response.failed']

export const responseState: FaceState = {
  serves: hostedFields,
  async begin(c, body) {
    const { previousResponseId, conversation, store, background } = readHostedState(body)
    if (background) throw unserved('background')
    if (conversation !== undefined) throw unserved('conversation')
    const earlier = previousResponseId === undefined ? [] : await history(c, previousResponseId)
    const input = [...earlier, ...itemsOf(body['input'])]
    const { previous_response_id: _, ...rest } = body
    return {
      body: previousResponseId === undefined ? body : { ...rest, input },
      echo: (text) => echoed(text, previousResponseId, store),
      async keep(response) {
        const { id } = response
        if (store && typeof id === 'string') await keep(c, id, { input, response })
      },
    }
  },
  wholeOf({ event, data }: SseEvent): JsonObject | undefined {
    if (event === undefined || !lastEvents.includes(event)) return undefined
    const value = parseJson(data)
    const response = isObject(value) ? value['response'] : undefined
    return isObject(response) ? response : undefined
  },
}

/** What only the face knows of a response, in its place; the codec writes what holds without a store. */
function echoed(text: string, previous: string | undefined, store: boolean): string {
  const told = store ? text : text.replace('"store":true', '"store":false')
  return previous === undefined
    ? told
    : told.replace(
        '"previous_response_id":null',
        `"previous_response_id":${JSON.stringify(previous)}`,
      )
}

const unserved = (field: string): GatewayError =>
  new GatewayError('unsupported', `${field} is not served by this gateway`, { param: field })

/** Everything said up to and with a response. */
async function history(c: Ctx, id: string): Promise<Json[]> {
  const kept = await find(c, id)
  if (kept === undefined)
    throw new GatewayError('invalid_request', `Previous response with id '${id}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    })
  const { output } = kept.response
  return [...kept.input, ...(Array.isArray(output) ? output : [])]
}

/** The input as items, as the API lists them. */
function itemsOf(input: Json | undefined): Json[] {
  if (Array.isArray(input)) return input
  if (typeof input !== 'string') return []
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
}

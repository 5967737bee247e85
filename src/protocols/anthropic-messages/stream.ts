import type { Usage } from '#core/chat'
import type { GatewayError } from '#core/error'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { SseEvent, StreamWatch } from '#core/protocol'
import { errorOf } from './error.ts'
import { decodeUsage, mergeUsage } from './usage.ts'

export { streamDecoder } from './stream-decode.ts'
export { streamEncoder } from './stream-encode.ts'

/** Parses only the first event, the last two and errors; everything between is told apart by its name. */
export function streamWatch(): StreamWatch {
  let usage: JsonObject | undefined
  let failure: GatewayError | undefined
  let done = false

  function see({ event, data }: SseEvent): void {
    switch (event ?? nameIn(data)) {
      case 'message_start': {
        const message = object(data)['message']
        usage = mergeUsage({}, isObject(message) ? message['usage'] : undefined)
        return
      }
      case 'message_delta':
        usage = mergeUsage(usage ?? {}, object(data)['usage'])
        return
      case 'message_stop':
        done = true
        return
      case 'error':
        failure = errorOf(object(data))
        done = true
        return
      default:
    }
  }

  return {
    see,
    get done() {
      return done
    },
    get usage(): Usage | undefined {
      return usage === undefined ? undefined : decodeUsage(usage).usage
    },
    get failure() {
      return failure
    },
  }
}

const object = (data: string): JsonObject => {
  const value = parseJson(data)
  return isObject(value) ? value : {}
}

/** Servers that only resemble the vendor may leave the event's name out. */
const nameIn = (data: string): string => {
  const type = object(data)['type']
  return typeof type === 'string' ? type : ''
}

// Reads along a forwarded stream: an event is only parsed when it may hold an end or an error.

import type { Usage } from '#core/chat'
import type { GatewayError } from '#core/error'
import { isObject, parseJson } from '#core/json'
import type { StreamWatch } from '#core/protocol'
import { errorOf, streamError } from './error.ts'
import { readUsage } from './usage.ts'

/** Usage comes with every event and grows; only the last one is read, and only when it is asked for. */
export function streamWatch(): StreamWatch {
  const begun = new Set<number>([0])
  const ended = new Set<number>()
  let isBlocked = false
  let usage: string | undefined
  let failure: GatewayError | undefined

  function look(data: string): void {
    const message = parseJson(data)
    const error = errorOf(message)
    if (error !== undefined) failure = streamError(error)
    if (!isObject(message)) return
    if (isObject(message['promptFeedback'])) isBlocked = true
    const { candidates } = message
    for (const candidate of Array.isArray(candidates) ? candidates : []) {
      if (!isObject(candidate)) continue
      const number = typeof candidate['index'] === 'number' ? candidate['index'] : 0
      begun.add(number)
      if (typeof candidate['finishReason'] === 'string') ended.add(number)
    }
  }

  return {
    see({ data }) {
      if (data.includes('"usageMetadata"')) usage = data
      // Inside a text these words would have their quotes escaped.
      if (telling.test(data)) look(data)
    },
    get done() {
      return (
        failure !== undefined ||
        ended.size >= begun.size ||
        (isBlocked && ended.size === 0 && begun.size === 1)
      )
    },
    get usage(): Usage | undefined {
      const message = usage === undefined ? undefined : parseJson(usage)
      const meta = isObject(message) ? message['usageMetadata'] : undefined
      return isObject(meta) ? readUsage(meta) : undefined
    },
    get failure() {
      return failure
    },
  }
}

/** What makes an event worth parsing: an end, a block, an error, or a second answer. */
const telling = /"(?:finishReason|blockReason|error)"|"index":\s*[1-9]/

// Reads along a stream that is forwarded as it is.

import type { Usage } from '#core/chat'
import type { GatewayError } from '#core/error'
import { isObject, parseJson } from '#core/json'
import type { StreamWatch } from '#core/protocol'
import { failedBy } from './decoder.ts'
import { decodeUsage } from './usage.ts'

const endings = new Set<unknown>(['response.completed', 'response.incomplete'])

/** What may be an end or a failure; the others, nearly all, cost one search. */
const isTelling =
  /"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"|"error"\s*:\s*\{/

/** Parses the last event of a stream, and the few that look like one. */
export function streamWatch(): StreamWatch {
  let isOver = false
  let usage: Usage | undefined
  let failure: GatewayError | undefined

  return {
    see({ event, data }) {
      if (isOver || (event !== 'error' && !isTelling.test(data))) return
      const value = parseJson(data)
      if (!isObject(value)) return
      failure = failedBy(value, event)
      const { type, response } = value
      isOver = failure !== undefined || endings.has(type)
      if (endings.has(type) && isObject(response)) usage = decodeUsage(response['usage'])
    },
    get done() {
      return isOver
    },
    get usage() {
      return usage
    },
    get failure() {
      return failure
    },
  }
}

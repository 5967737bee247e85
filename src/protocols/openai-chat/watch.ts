// Reads along a stream that is forwarded as it is.

import type { Usage } from '#core/chat'
import { GatewayError } from '#core/error'
import { isObject, parseJson, type JsonObject } from '#core/json'
import type { StreamWatch } from '#core/protocol'
import { failureOf } from './decoder.ts'
import { chunkUsage } from './usage.ts'
import { number, objects } from './vocabulary.ts'

/** Chunks worth parsing: an end, token counts, an error, or another choice than the first. */
const isTelling = /"(?:finish_reason"\s*:\s*"|usage"\s*:\s*\{|error"\s*:|index"\s*:\s*[1-9])/

/** Parses the few chunks that say how the stream goes; the others cost one search. */
export function streamWatch(): StreamWatch {
  // The first choice is there without being parsed.
  const seen = new Set<number>([0])
  const finished = new Set<number>()
  let isOver = false
  let usage: Usage | undefined
  let failure: GatewayError | undefined

  const isComplete = (): boolean => finished.size === seen.size

  function read(chunk: JsonObject): void {
    usage = chunkUsage(chunk) ?? usage
    for (const choice of objects(chunk['choices'])) {
      const index = number(choice['index']) ?? 0
      seen.add(index)
      if (typeof choice['finish_reason'] === 'string') finished.add(index)
    }
  }

  return {
    see({ event, data }) {
      if (isOver) return
      if (data === '[DONE]') {
        isOver = true
        if (!isComplete())
          failure = new GatewayError(
            'upstream',
            'The provider ended its stream before the answer was complete',
          )
        return
      }
      if (event !== 'error' && !isTelling.test(data)) return
      const chunk = parseJson(data)
      if (!isObject(chunk)) return
      failure = failureOf(chunk, event)
      if (failure === undefined) read(chunk)
      else isOver = true
    },
    get done() {
      return isOver || isComplete()
    },
    get usage() {
      return usage
    },
    get failure() {
      return failure
    },
  }
}

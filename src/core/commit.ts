// The commit point: nothing is said to a caller before the first piece of an answer is in hand.

import { GatewayError } from './error.ts'

/**
 * Waits for the first item, and gives back the whole stream. A failure before it is thrown here,
 * while another target may still be tried.
 * @throws what the stream throws, and `upstream` when it ends without an item.
 */
export async function commit<T>(
  stream: AsyncIterable<T>,
  counts: (item: T) => boolean = () => true,
): Promise<AsyncIterableIterator<T>> {
  const iterator = stream[Symbol.asyncIterator]()
  const early: T[] = []
  for (;;) {
    const next = await iterator.next()
    if (next.done === true) throw new GatewayError('upstream', 'The provider answered with nothing')
    early.push(next.value)
    if (counts(next.value)) return resumed(early, iterator)
  }
}

/** Hands out what was read early, then the rest; leaving it leaves the source, even before it was started. */
function resumed<T>(early: T[], iterator: AsyncIterator<T>): AsyncIterableIterator<T> {
  return {
    next: () => {
      const value = early.shift()
      return value === undefined ? iterator.next() : Promise.resolve({ done: false, value })
    },
    return: async (value?: unknown) => {
      early.length = 0
      await iterator.return?.()
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

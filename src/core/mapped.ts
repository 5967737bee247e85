/**
 * The items that `each` makes of a source, in order; `undefined` makes none. `last` may add one at the
 * end. Leaving, and a failure of `each` or `last`, leave the source.
 *
 * What an async generator would do with one promise an item instead of several: a stream passes through
 * a few of these for every chunk.
 */
export function mapped<T, R>(
  source: AsyncIterable<T>,
  each: (item: T) => R | undefined,
  last: () => R | undefined = () => undefined,
): AsyncIterableIterator<R> {
  const iterator = source[Symbol.asyncIterator]()
  let over = false

  async function next(): Promise<IteratorResult<R>> {
    while (!over) {
      const item = await iterator.next()
      over = item.done === true
      try {
        const value = item.done === true ? last() : each(item.value)
        if (value !== undefined) return { done: false, value }
      } catch (thrown) {
        await leave()
        throw thrown
      }
    }
    return { done: true, value: undefined }
  }

  async function leave(): Promise<IteratorReturnResult<undefined>> {
    over = true
    await iterator.return?.()
    return { done: true, value: undefined }
  }

  const self: AsyncIterableIterator<R> = {
    next,
    return: leave,
    [Symbol.asyncIterator]: () => self,
  }
  return self
}

import { describe, expect, it } from 'vitest'
import { mapped } from '#core/mapped'

function source(items: readonly number[]) {
  const state = { left: false }
  async function* run(): AsyncGenerator<number> {
    try {
      yield* items
    } finally {
      state.left = true
    }
  }
  return { state, items: run() }
}

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('mapped items', () => {
  it('come in order, without those that are nothing, with one more at the end', async () => {
    const { items } = source([1, 2, 3, 4])
    const even = mapped(
      items,
      (item) => (item % 2 === 0 ? item * 10 : undefined),
      () => 99,
    )
    expect(await all(even)).toEqual([20, 40, 99])
  })

  it('leave their source when they are left', async () => {
    const { items, state } = source([1, 2, 3])
    for await (const item of mapped(items, (one) => one)) if (item === 2) break
    expect(state.left).toBe(true)
  })

  it('leave their source when one of them fails, and end there', async () => {
    const { items, state } = source([1, 2, 3])
    const failing = mapped(items, (item) => {
      if (item === 2) throw new Error('two')
      return item
    })
    expect(await failing.next()).toEqual({ done: false, value: 1 })
    await expect(failing.next()).rejects.toThrow('two')
    expect(state.left).toBe(true)
    expect(await failing.next()).toEqual({ done: true, value: undefined })
  })

  it('fail as their source fails, and where the end does', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1
      throw new Error('cut')
    }
    await expect(all(mapped(broken(), (item) => item))).rejects.toThrow('cut')
    const unfinished = mapped(
      source([]).items,
      (item) => item,
      () => {
        throw new Error('incomplete')
      },
    )
    await expect(all(unfinished)).rejects.toThrow('incomplete')
  })
})

import { describe, expect, it } from 'vitest'
import { createMockOf, type Mock, type MockOptions } from '#mock/public'
import { ask, plainProvider, says, textOfReply } from '../kit/mock-provider.ts'

const mockWith = (options: MockOptions = {}): Mock => createMockOf([plainProvider()], options)

const text = async (mock: Mock, said: string, key = mock.key()): Promise<string> =>
  textOfReply(await (await mock.fetch(ask(says(said), key))).json())

describe('a scope', () => {
  it('keeps the rules, counts and requests of one test from those of another', async () => {
    const mock = mockWith()
    const [one, two] = [mock.scope('one'), mock.scope('two')]
    one.when({}).reply('for one')
    two.when({}).once('for two')
    mock.when({}).reply('shared 1', 'shared 2')
    expect(await text(mock, 'x', one.key())).toBe('for one')
    expect(await text(mock, 'x', two.key())).toBe('for two')
    expect(await text(mock, 'x', two.key())).toBe('shared 1')
    expect(await text(mock, 'x', mock.key())).toBe('shared 1')
    expect(await text(mock, 'x', two.key())).toBe('shared 2')
    expect([one.requests().length, two.requests().length, mock.requests().length]).toEqual([
      1, 3, 5,
    ])
    two.reset()
    expect([one.requests().length, two.requests().length]).toEqual([1, 0])
    expect(await text(mock, 'x', one.key())).toBe('for one')
    expect(await text(mock, 'x', two.key())).toBe('shared 1')
  })

  it('has keys for scenarios', async () => {
    const scope = mockWith().scope('a')
    expect([scope.key(), scope.key('slow')]).toEqual(['mock:a', 'mock-slow:a'])
  })

  it('takes a key of any other kind for its own', async () => {
    const mock = mockWith()
    mock.scope('sk-live-123').when({}).reply('by key')
    expect(await text(mock, 'x', 'sk-live-123')).toBe('by key')
  })
})

describe('a mock', () => {
  it('refuses what no rule answers when it is strict', async () => {
    const mock = mockWith({ strict: 'refuse' })
    mock.when({ user: 'Hello' }).named('greeting').reply('Hi')
    expect(await text(mock, 'Hello')).toBe('Hi')
    const response = await mock.fetch(ask(says('unknown thing')))
    expect(response.status).toBe(400)
    const { error } = await response.json<{ error: { message: string } }>()
    expect(error.message).toContain('POST /chat')
    expect(error.message).toContain('unknown thing')
    expect(error.message).toContain('greeting')
    mock.scope('loose').strict('off')
    expect(await text(mock, 'unknown', 'mock:loose')).toContain('unknown')
    mock.strict('throw')
    await expect(mock.fetch(ask(says('lost')))).rejects.toThrow('No scripted answer fits')
  })

  it('fails by chance, the same way for the same seed', async () => {
    const statuses = async (seed: number) => {
      const mock = mockWith({ seed, chaos: { overloaded: 0.3, 'server-error': 0.2 } })
      const seen: number[] = []
      for (let call = 0; call < 40; call++) seen.push((await mock.fetch(ask({}))).status)
      return seen
    }
    const seen = await statuses(1)
    expect(new Set(seen)).toEqual(new Set([200, 500, 503]))
    expect(await statuses(1)).toEqual(seen)
    expect(await statuses(2)).not.toEqual(seen)
  })

  it('fails by chance only where it is told to', async () => {
    const mock = mockWith()
    mock.scope('wild').chaos({ overloaded: 1 })
    expect((await mock.fetch(ask({}, 'mock:wild'))).status).toBe(503)
    expect((await mock.fetch(ask({}, 'mock:tame'))).status).toBe(200)
  })

  it('tells which rules were never used', async () => {
    const mock = mockWith()
    mock.when({ user: 'a' }).named('first').reply('1')
    mock.when({ user: 'b' }).named('second').once('2', '3')
    await text(mock, 'a')
    await text(mock, 'b')
    expect(mock.pending()).toEqual(['second'])
    await text(mock, 'b')
    expect(mock.pending()).toEqual([])
  })

  it('begins anew after a reset, with its options', async () => {
    const mock = mockWith({ strict: 'refuse' })
    mock.when({}).reply('Hi')
    mock.strict('off')
    await text(mock, 'x')
    mock.reset()
    expect(mock.requests()).toEqual([])
    expect((await mock.fetch(ask({}))).status).toBe(400)
  })
})

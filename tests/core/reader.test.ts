import { describe, expect, it } from 'vitest'
import { Reader } from '#core/reader'

const read = (value: unknown): Reader => Reader.of(value)

describe('a reader', () => {
  it('names the path, what is wanted and what was found', () => {
    const body = read({ messages: [{ role: 'user' }, { role: 3 }] })
    expect(() => body.list('messages', (message) => message.string('role'))).toThrow(
      'messages[1].role must be a string, but is a number',
    )
    expect(() => read({ n: 'two' }).maybeNumber('n')).toThrow("n must be a number, but is 'two'")
    expect(() => read({}).string('model')).toThrow('model must be a string, but is missing')
    expect(() => read([])).toThrow('The request body must be an object, but is an array')
    expect(() => read({ effort: 'huge' }).maybeOneOf('effort', ['low', 'high'])).toThrow(
      "effort must be one of 'low', 'high', but is 'huge'",
    )
  })

  it('puts the path where SDKs look for it', () => {
    expect(() =>
      read({ a: { b: [1] } })
        .object('a')
        .maybeStrings('b'),
    ).toThrow(expect.objectContaining({ kind: 'invalid_request', details: { param: 'a.b[0]' } }))
  })

  it('takes null for absent, and keeps zero, empty and false', () => {
    const body = read({ a: null, zero: 0, empty: '', no: false })
    expect([
      body.maybeString('a'),
      body.maybeNumber('zero'),
      body.maybeString('empty'),
      body.maybeBoolean('no'),
    ]).toEqual([undefined, 0, '', false])
    expect(body.has('a')).toBe(false)
  })

  it('remembers what nobody read, however deep', () => {
    const body = read({
      model: 'm',
      new: 1,
      items: [{ type: 'x', odd: true }],
      deep: { known: 1, unknown: 2 },
    })
    body.string('model')
    body.list('items', (item) => item.string('type'))
    body.object('deep').number('known')
    expect(body.unread).toEqual(['new', 'items[0].odd', 'deep.unknown'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spliceModel } from '#protocols/splice'

describe('renaming the model in a JSON text', () => {
  it('changes the model and nothing else', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.string(),
        (others, from, to) => {
          const body = { ...others, model: from }
          expect(JSON.parse(spliceModel(JSON.stringify(body), to))).toEqual(
            JSON.parse(JSON.stringify({ ...body, model: to })),
          )
        },
      ),
    )
  })

  it('keeps every other byte, numbers beyond double precision included', () => {
    const text =
      '{ "seed": 12345678901234567890, "x":{"model":"inner"} ,\n"model" : "a\\"b" , "t": 1e400 }'
    expect(spliceModel(text, 'm')).toBe(
      '{ "seed": 12345678901234567890, "x":{"model":"inner"} ,\n"model" : "m" , "t": 1e400 }',
    )
  })

  it('renames the one of doubled keys that counts', () => {
    expect(JSON.parse(spliceModel('{"model":"a","model":"b"}', 'c'))).toEqual({ model: 'c' })
  })
})

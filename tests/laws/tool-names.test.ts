import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readName, spellName } from '#protocols/anthropic-messages/names'

it('a tool name of any characters is spelt as the vendor allows and read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), (name) => {
      const spelt = spellName(name)
      expect(spelt).toMatch(/^[a-zA-Z0-9_-]{1,128}$/)
      expect(readName(spelt)).toBe(name)
    }),
  )
})

it('a name that reads like a spelt one is still itself', () => {
  for (const name of [
    'a__x0__',
    '___x2e__',
    '__x2e____x2e__',
    '__x5f__',
    'get.weather__x2e__',
    '\u{10ffff}',
  ])
    expect(readName(spellName(name)), name).toBe(name)
  expect(spellName('get_weather')).toBe('get_weather')
})

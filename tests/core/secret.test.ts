import { describe, expect, it } from 'vitest'
import { isOneOf, sameSecret } from '#core/secret'

describe('secrets', () => {
  it('are the same only when every character is', () => {
    expect(sameSecret('abc', 'abc')).toBe(true)
    for (const other of ['', 'ab', 'abcd', 'abd', 'Abc', 'abcabc', '\0\0\0'])
      expect(sameSecret(other, 'abc'), other).toBe(false)
    expect(sameSecret('', 'a')).toBe(false)
  })

  it('are found among several', () => {
    expect(isOneOf('two', ['one', 'two', 'three'])).toBe(true)
    expect(isOneOf('four', ['one', 'two', 'three'])).toBe(false)
    expect(isOneOf('', [])).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import { embed } from '#mock/embed'
import { hear } from '#mock/hear'
import { speechSeconds, synthesize } from '#mock/media/index'
import { moderate } from '#mock/moderate'
import { cut } from '#mock/pieces'
import { remember } from '#mock/remember'
import { countTokens } from '#core/tokens'
import { firstTokens } from '#mock/tokens'

const dot = (one: number[], other: number[]) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)

describe('hear', () => {
  const sound = (text: string) =>
    gather(synthesize({ text, seconds: speechSeconds(text), format: 'mp3' }))

  it('fills the whole sound with words and segments, end to end', async () => {
    const { seconds = 0, words = [], segments = [], text } = hear(await sound('word '.repeat(40)))
    expect(seconds).toBeCloseTo(16, 0)
    expect(words[0]?.start).toBe(0)
    expect(words.at(-1)?.end).toBeCloseTo(seconds, 2)
    for (const [index, word] of words.entries()) expect(word.start).toBe(words[index - 1]?.end ?? 0)
    expect(segments.map((segment) => segment.text).join(' ')).toBe(text)
    expect(words.map(({ word }) => word).join(' ')).toBe(text)
    expect(words.length).toBeGreaterThan(30)
  })

  it('hears the same in the same sound, and something else in another', async () => {
    const [one, two] = [await sound('a '.repeat(20)), await sound('b '.repeat(20))]
    expect(hear(one)).toEqual(hear(one))
    expect(hear(one).text).not.toBe(hear(two).text)
  })

  it('uses the words of the prompt, and speaks English when it translates', async () => {
    const bytes = await sound('word '.repeat(40))
    expect(hear(bytes, { prompt: 'Kubernetes' }).text.toLowerCase()).toContain('kubernetes')
    expect(hear(bytes, { language: 'de' }).language).toBe('de')
    expect(hear(bytes, { language: 'de', translate: true }).language).toBe('en')
  })
})

describe('embed', () => {
  it('gives unit vectors that only the text decides', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 300 }), (text, size) => {
        const vector = embed(text, size)
        expect(vector).toHaveLength(size)
        expect(dot(vector, vector)).toBeCloseTo(1, 6)
        expect(embed(text, size)).toEqual(vector)
      }),
      { numRuns: 50 },
    )
  })

  it('puts texts that share words near each other', () => {
    const [cats, kittens, taxes] = ['my cat sleeps', 'the cat sleeps a lot', 'income tax form'].map(
      (text) => embed(text, 256),
    )
    expect(dot(cats ?? [], kittens ?? [])).toBeGreaterThan(dot(cats ?? [], taxes ?? []) + 0.2)
  })
})

describe('moderate', () => {
  it('flags what its words are for, and scores it higher than the rest', () => {
    const { flagged, categories, scores } = moderate('I will kill you')
    expect(flagged).toBe(true)
    expect(categories['violence']).toBe(true)
    expect(Object.keys(categories)).toHaveLength(13)
    expect(Math.min(...Object.values(scores))).toBeGreaterThan(0)
    expect(scores['violence']).toBeGreaterThan(0.5)
    expect(scores['sexual']).toBeLessThan(0.01)
    expect(moderate('A walk in the park').flagged).toBe(false)
  })
})

describe('tokens', () => {
  it('are about four characters of English, and one for each CJK character', () => {
    const english = 'The quick brown fox jumps over the lazy dog and runs into the dark forest.'
    expect(english.length / countTokens(english)).toBeGreaterThan(3)
    expect(english.length / countTokens(english)).toBeLessThan(6)
    expect(countTokens('日本語のテキスト')).toBe(8)
    expect(countTokens('')).toBe(0)
  })

  it('of the first part are never more than asked, and more asked is never less text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat(30), (text, most) => {
        const part = firstTokens(text, most)
        expect(text.startsWith(part)).toBe(true)
        expect(countTokens(part)).toBeLessThanOrEqual(most)
        expect(firstTokens(text, most + 1).startsWith(part)).toBe(true)
        expect(firstTokens(text, countTokens(text))).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})

describe('pieces of a text', () => {
  it('make up the text, whatever it is and however many words they have', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 9 }),
        (text, words) => {
          expect(cut(text, words).join('')).toBe(text)
        },
      ),
    )
  })
})

describe('remember', () => {
  it('forgets what was set longest ago', () => {
    const store = remember<number>(2)
    store.set('a', 1)
    store.set('b', 2)
    store.set('a', 3)
    store.set('c', 4)
    expect([store.get('a'), store.get('b'), store.get('c')]).toEqual([3, undefined, 4])
  })
})

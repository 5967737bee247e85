import { describe, expect, it } from 'vitest'
import { lossList, warningsHeader } from '#core/losses'

describe('losses', () => {
  it('become a structured header that survives any text', () => {
    const { lose, losses } = lossList(() => false)
    lose('seed', 'seed "7" was left out')
    lose('seed', 'seed "7" was left out')
    lose('prompt', 'é\n\\')
    expect(warningsHeader(losses, ['old was retired; new answers'])).toBe(
      '"old was retired; new answers", "seed \\"7\\" was left out";field="seed", "??\\\\";field="prompt"',
    )
  })

  it('become a header that no client refuses for its length', () => {
    const { lose, losses } = lossList(() => false)
    for (let index = 0; index < 1000; index++) lose(`messages[${index}]`, 'a part was left out')
    const header = warningsHeader(losses, [])
    expect(header.length).toBeLessThan(4100)
    const told = header.match(/field=/g)?.length ?? 0
    expect(header).toMatch(new RegExp(`, "${1000 - told} more changes"$`))
    expect(warningsHeader([], ['x'.repeat(9000)])).toBe('"1 more changes"')
  })

  it('are refusals for a strict caller, naming the field', () => {
    const { lose } = lossList(() => true)
    expect(() => lose('seed', 'seed was left out')).toThrow(
      expect.objectContaining({ kind: 'unsupported', status: 400, details: { param: 'seed' } }),
    )
  })
})

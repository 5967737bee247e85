import { describe, expect, it } from 'vitest'
import openai from '../../providers/openai/index.ts'

describe('the catalogue', () => {
  const ids = openai.models.map((model) => model.id)

  it('names every model once', () => {
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
  })

  it('has a living successor for every retired model', () => {
    for (const { id, retired } of openai.models) {
      if (retired === undefined || retired.successor.includes('/')) continue
      const successor = openai.models.find((model) => model.id === retired.successor)
      expect(successor, id).toBeDefined()
      expect(successor?.retired, id).toBeUndefined()
    }
  })

  it('knows what unlisted ids are by their names', () => {
    const doesOf = (id: string) => openai.resolve?.(id)?.does
    expect(doesOf('gpt-image-3')).toEqual(['image'])
    expect(doesOf('gpt-7-sol')).toEqual(['chat'])
    expect(doesOf('ft:gpt-4.1-mini:acme::1')).toEqual(['chat'])
    expect(doesOf('text-embedding-4')).toEqual(['embedding'])
    expect(doesOf('claude-9')).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { GatewayError } from '#core/error'
import type { Model, Provider } from '#core/provider'
import { createRegistry, type RegistryOptions } from '../../src/routing/registry.ts'

function provider(id: string, models: Model[], resolve?: Provider['resolve']): Provider {
  return {
    id,
    name: id.toUpperCase(),
    origin: `https://${id}.example`,
    secret: `${id.toUpperCase()}_KEY`,
    models,
    adapters: { chat: { run: () => Promise.reject(new Error('not called')) } },
    auth: () => ({}),
    readError: () => new GatewayError('upstream', 'no'),
    mock: { fetch: () => new Response() },
    ...(resolve === undefined ? {} : { resolve }),
  }
}

const one = provider('one', [
  { id: 'alpha', does: ['chat'], aliases: ['alpha-latest'] },
  { id: 'old', does: ['chat'], retired: { on: '2026-05-01', successor: 'alpha' } },
  { id: 'older', does: ['chat'], retired: { on: '2026-01-01', successor: 'old' } },
  { id: 'closing', does: ['chat'], retired: { on: '2027-01-01', successor: 'alpha' } },
  { id: 'moved', does: ['chat'], retired: { on: '2026-01-01', successor: 'two/beta' } },
  { id: 'draws', does: ['image'] },
])
const two = provider(
  'two',
  [
    { id: 'beta', does: ['chat'] },
    { id: 'alpha', does: ['chat'] },
  ],
  (id) => (id.startsWith('any-') ? { id, does: ['chat'] } : undefined),
)

const registry = (options: Partial<RegistryOptions> = {}) =>
  createRegistry([one, two], {
    aliases: { fast: ['two/beta', 'one/alpha'], nested: ['fast'] },
    retired: 'forward',
    origins: {},
    access: () => ({ mocked: true, key: undefined }),
    today: () => '2026-11-24',
    ...options,
  })

const names = (name: string, options?: Partial<RegistryOptions>): string[] =>
  registry(options)
    .resolve(name, 'chat')
    .targets.map((target) => target.name)

describe('a model name', () => {
  it('in full means its maker, also where a reseller calls a model so', () => {
    const reseller = provider('shop', [
      { id: 'one/alpha', does: ['chat'] },
      { id: 'one/other', does: ['chat'] },
    ])
    const all = createRegistry([one, reseller], {
      aliases: {},
      retired: 'forward',
      origins: {},
      access: () => ({ mocked: true, key: undefined }),
      today: () => '2026-11-24',
    })
    const targets = (name: string) => all.resolve(name, 'chat').targets.map((target) => target.name)
    expect(targets('one/alpha')).toEqual(['one/alpha'])
    expect(targets('shop/one/alpha')).toEqual(['shop/one/alpha'])
    expect(targets('one/other')).toEqual(['shop/one/other'])
  })

  it('may be bare, full, an alias of the vendor, or written as Google does', () => {
    expect(names('beta')).toEqual(['two/beta'])
    expect(names('one/alpha')).toEqual(['one/alpha'])
    expect(names('alpha-latest')).toEqual(['one/alpha'])
    expect(names('models/beta')).toEqual(['two/beta'])
  })

  it('leads to every provider that serves it', () => {
    expect(names('alpha')).toEqual(['one/alpha', 'two/alpha'])
  })

  it('may be an alias of the operator, in order and nested', () => {
    expect(names('nested')).toEqual(['two/beta', 'one/alpha'])
  })

  it('may be one the catalogue does not list, where its provider resolves it', () => {
    expect(names('two/any-thing')).toEqual(['two/any-thing'])
    expect(() => names('any-thing')).toThrow(expect.objectContaining({ kind: 'not_found' }))
  })

  it('that nobody knows gets the nearest ones', () => {
    expect(() => names('alpa')).toThrow(/The model 'alpa' does not exist here\. Did you mean alpha/)
    expect(() => names('one/alfa')).toThrow(/one\/alpha/)
  })

  it('of a model that does something else says what it does', () => {
    expect(() => names('draws')).toThrow("The model 'draws' does image, not chat")
  })
})

describe('a retired model', () => {
  it('goes to its successor, with a note that names both', () => {
    const route = registry().resolve('old', 'chat')
    expect(route.targets.map((target) => target.name)).toEqual(['one/alpha'])
    expect(route.notes).toEqual(['old was retired by ONE on 2026-05-01; one/alpha answers instead'])
  })

  it('goes step by step, and to other providers', () => {
    expect(registry().resolve('older', 'chat').notes).toHaveLength(2)
    expect(names('moved')).toEqual(['two/beta'])
  })

  it('serves until its last day', () => {
    expect(names('closing')).toEqual(['one/closing'])
    expect(names('closing', { today: () => '2027-01-01' })).toEqual(['one/alpha'])
  })

  it('is a 404 that names the successor where the operator wants that', () => {
    expect(() => names('old', { retired: 'refuse' })).toThrow(
      expect.objectContaining({
        kind: 'not_found',
        message: 'old was retired by ONE on 2026-05-01; use alpha instead',
      }),
    )
  })

  it('is not listed', () => {
    expect(registry().listings.map(({ id }) => id)).toEqual([
      'alpha',
      'beta',
      'two/alpha',
      'fast',
      'nested',
    ])
    expect(registry().listing('old')).toBeUndefined()
  })
})

describe('a listing', () => {
  it('has the shortest name that reaches its target', () => {
    const listing = (name: string) => registry().listing(name)
    expect(listing('one/alpha')).toMatchObject({ id: 'alpha', owner: 'one' })
    expect(listing('alpha-latest')).toMatchObject({ id: 'alpha' })
    expect(listing('two/alpha')).toMatchObject({ id: 'two/alpha', owner: 'two' })
    expect(listing('nobody')).toBeUndefined()
  })

  it('of a bare id belongs to the live provider that would serve it', () => {
    const mixed = registry({
      access: ({ id }) => ({ mocked: id === 'one', key: id === 'one' ? undefined : 'k' }),
    })
    expect(mixed.listing('alpha')).toMatchObject({ id: 'alpha', owner: 'two' })
    expect(mixed.listing('one/alpha')).toMatchObject({ id: 'one/alpha' })
  })

  it('of an alias has no owner but the operator', () => {
    const nested = registry().listing('nested')
    expect(nested?.target.name).toBe('two/beta')
    expect(nested?.owner).toBeUndefined()
  })

  it('of a bare id that an alias hides has the full name', () => {
    const hidden = registry({ aliases: { alpha: ['two/beta'] } })
    expect(hidden.listing('one/alpha')).toMatchObject({ id: 'one/alpha' })
    expect(hidden.listings.map(({ id }) => id)).toContain('alpha')
  })
})

describe('live and mocked providers', () => {
  const live = {
    access: (candidate: Provider) =>
      candidate === one ? { mocked: false, key: 'k' } : { mocked: true, key: undefined },
  }

  it('are never mixed: a mock does not stand in for a live provider', () => {
    expect(names('alpha', live)).toEqual(['one/alpha'])
    expect(names('fast', live)).toEqual(['one/alpha'])
  })

  it('leave a mock where nothing live can serve', () => {
    expect(names('beta', live)).toEqual(['two/beta'])
  })
})

it('an alias to nowhere fails at start', () => {
  expect(() => registry({ aliases: { fast: ['one/gamma'] } })).toThrow(
    'config.aliases.fast names one/gamma',
  )
})

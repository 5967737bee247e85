// The catalogue: every name a caller may use, resolved once at boot.

import { GatewayError } from '#core/error'
import type { Modality, Model, Provider, Settings } from '#core/provider'
import leven from 'leven'

/** One model at one provider. */
export interface Target {
  /** `provider/model`, as reports name it. */
  name: string
  provider: Provider
  model: Model
  origin: string
  settings: Settings
  /** Whether the provider's mock answers. */
  mocked: boolean
  /** The provider's key; absent when it has none. */
  key: string | undefined
}

/** One entry of a list of models. */
export interface Listing {
  /** The shortest name that reaches it. */
  id: string
  /** The provider's id; absent for an alias, which is the operator's. */
  owner?: string
  /** What answers; the first choice of an alias. */
  target: Target
}

/** Where a request may go, in order, and what the caller should know about the choice. */
export interface Route {
  targets: Target[]
  notes: string[]
}

export interface RegistryOptions {
  aliases: { [name: string]: string[] }
  retired: 'forward' | 'refuse'
  origins: { [provider: string]: string }
  /** How a provider is reached: with a key, mocked, or not at all. */
  access(provider: Provider): Access
  /** Today as `YYYY-MM-DD`. */
  today(): string
}

export interface Access {
  mocked: boolean
  key: string | undefined
  /** Where it is reached, and with what settings, if the provider's own do not hold. */
  origin?: string
  settings?: Settings
}

export interface Registry {
  /** @throws GatewayError `not_found` (with the nearest names), `unsupported` (a model that does something else). */
  resolve(name: string, modality: Modality): Route
  /** Every target that serves something, then the operator's aliases. */
  listings: readonly Listing[]
  /** What a name stands for, in lists and alone; `undefined` for an unknown or a retired model. */
  listing(name: string): Listing | undefined
  provider(id: string): Target | undefined
}

export function createRegistry(providers: readonly Provider[], options: RegistryOptions): Registry {
  const makersFirst = [...providers].sort(
    (left, right) => Number(left.resells ?? false) - Number(right.resells ?? false),
  )
  const targets = makersFirst.flatMap((provider) => targetsOf(provider, options))
  const names = indexNames(targets)
  checkAliases(options.aliases, names)

  function find(name: string): Target[] {
    const alias = options.aliases[name]
    if (alias !== undefined) return alias.flatMap(find)
    const known = names.get(name) ?? names.get(plain(name))
    return known === undefined ? unlisted(providers, name, options) : withoutStandIns(known)
  }

  function resolve(name: string, modality: Modality): Route {
    const found = find(name)
    if (found.length === 0)
      throw unknownModel(name, [...Object.keys(options.aliases), ...names.keys()])
    const notes: string[] = []
    const current = found.map((target) => successor(target, notes, 0))
    const able = current.filter((target) => serves(target, modality))
    if (able.length === 0) throw incapable(name, modality, current)
    return { targets: preferLive(able), notes }
  }

  /** Follows a switched-off model to the one its vendor named, at most a few steps. */
  function successor(target: Target, notes: string[], depth: number): Target {
    const { retired } = target.model
    if (retired === undefined || retired.on > options.today()) return target
    const { id } = target.model
    const [next] = find(
      retired.successor.includes('/')
        ? retired.successor
        : `${target.provider.id}/${retired.successor}`,
    )
    const farewell = `${id} was retired by ${target.provider.name} on ${retired.on}`
    if (options.retired === 'refuse' || next === undefined || depth > 4)
      throw new GatewayError('not_found', `${farewell}; use ${retired.successor} instead`, {
        param: 'model',
        code: 'model_not_found',
      })
    notes.push(`${farewell}; ${next.name} answers instead`)
    return successor(next, notes, depth + 1)
  }

  /** Bare, where the bare id leads to this very target. */
  function listingOf(target: Target): Listing {
    const [first] = preferLive(find(target.model.id))
    const id = first?.name === target.name ? target.model.id : target.name
    return { id, owner: target.provider.id, target }
  }

  function aliasListing(name: string): Listing[] {
    const [target] = preferLive(find(name).filter(isListed))
    return target === undefined ? [] : [{ id: name, target }]
  }

  const listings = [
    ...targets.filter(isListed).map(listingOf),
    ...Object.keys(options.aliases).flatMap(aliasListing),
  ]
  const byProvider = new Map(providers.map((provider) => [provider.id, bare(provider, options)]))
  return {
    resolve,
    listings,
    listing(name) {
      if (options.aliases[name] !== undefined) return aliasListing(name)[0]
      const [target] = preferLive(find(name).filter(isListed))
      return target === undefined ? undefined : listingOf(target)
    },
    provider: (id) => byProvider.get(id),
  }
}

const isListed = ({ model, provider }: Target): boolean =>
  model.retired === undefined &&
  model.does.some((modality) => provider.adapters[modality] !== undefined)

const serves = (target: Target, modality: Modality): boolean =>
  target.model.does.includes(modality) && target.provider.adapters[modality] !== undefined

/** Live targets only, when there is one: a mock must never stand in for a live provider in silence. */
function preferLive(targets: Target[]): Target[] {
  const live = targets.filter((target) => !target.mocked && target.key !== undefined)
  if (live.length > 0) return live
  const mocked = targets.filter((target) => target.mocked)
  return mocked.length > 0 ? mocked : targets
}

/** Without the mocks of resellers where there is anyone else: they would hide what the maker's mock does. */
function withoutStandIns(targets: Target[]): Target[] {
  const kept = targets.filter(({ mocked, provider }) => !mocked || provider.resells !== true)
  return kept.length === 0 ? targets : kept
}

function targetsOf(provider: Provider, options: RegistryOptions): Target[] {
  const base = bare(provider, options)
  return provider.models.map((model) => ({ ...base, name: `${provider.id}/${model.id}`, model }))
}

const noModel: Model = { id: '', does: [] }

function bare(provider: Provider, options: RegistryOptions): Target {
  const { mocked, key, origin, settings } = options.access(provider)
  return {
    name: provider.id,
    provider,
    model: noModel,
    origin: options.origins[provider.id] ?? origin ?? provider.origin,
    settings: { ...provider.settings, ...settings },
    mocked,
    key,
  }
}

/** Google's clients write `models/<id>`. */
const plain = (name: string): string => (name.startsWith('models/') ? name.slice(7) : name)

function indexNames(targets: readonly Target[]): Map<string, Target[]> {
  const names = new Map<string, Target[]>()
  const add = (name: string, target: Target): void => {
    const known = names.get(name)
    if (known === undefined) names.set(name, [target])
    else if (!known.includes(target)) known.push(target)
  }
  // A model's own id counts for more than what others call theirs.
  const ids = [
    ...targets.map((target) => ({ id: target.model.id, target })),
    ...targets.flatMap((target) => (target.model.aliases ?? []).map((id) => ({ id, target }))),
  ]
  for (const { id, target } of ids) add(`${target.provider.id}/${id}`, target)
  // `maker/model` is also how resellers call a model; the maker's full name means the maker alone.
  const full = new Set(names.keys())
  for (const { id, target } of ids) if (!full.has(id)) add(id, target)
  return names
}

/** A model the catalogue does not list, asked for as `provider/model`. */
function unlisted(
  providers: readonly Provider[],
  name: string,
  options: RegistryOptions,
): Target[] {
  const slash = name.indexOf('/')
  const provider = providers.find(({ id }) => id === name.slice(0, Math.max(slash, 0)))
  const model = provider?.resolve?.(name.slice(slash + 1))
  return provider === undefined || model === undefined
    ? []
    : [{ ...bare(provider, options), name, model }]
}

function checkAliases(aliases: { [name: string]: string[] }, names: Map<string, Target[]>): void {
  for (const [alias, targets] of Object.entries(aliases))
    for (const target of targets)
      if (!names.has(target) && aliases[target] === undefined)
        throw new GatewayError(
          'invalid_request',
          `config.aliases.${alias} names ${target}, which no provider has`,
        )
}

function unknownModel(name: string, known: string[]): GatewayError {
  const wanted = plain(name)
  const near = known
    .map((candidate) => ({ candidate, distance: leven(wanted, candidate) }))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
  return new GatewayError(
    'not_found',
    `The model '${name}' does not exist here. Did you mean ${near.join(', ')}?`,
    { param: 'model', code: 'model_not_found' },
  )
}

function incapable(name: string, modality: Modality, targets: Target[]): GatewayError {
  const does = [...new Set(targets.flatMap((target) => target.model.does))]
  const able = does.length === 0 ? 'is not served here' : `does ${does.join(' and ')}`
  return new GatewayError('unsupported', `The model '${name}' ${able}, not ${modality}`, {
    param: 'model',
  })
}

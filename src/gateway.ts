// What every handler may use: the platform, the catalogue and the ways out.

import type { GatewayConfig } from '#config/schema'
import type { FetchAsset, Provider, Setup } from '#core/provider'
import type { Transport } from '#core/transport'
import { createFetchAsset } from './platform/fetch-asset.ts'
import type { Platform } from './platform/ports.ts'
import { createRegistry, type Registry, type Target } from './routing/registry.ts'

export interface Gateway {
  platform: Platform
  config: GatewayConfig
  registry: Registry
  providers: readonly Provider[]
  /** The real network, or the mocks for a target that is mocked. */
  transport(target: Target): Transport
  fetchAsset: FetchAsset
  /** Gateway keys callers must show one of; empty when the gateway is open. */
  keys: readonly string[]
  /** Whether the operator lets everyone in (`MIMUS_OPEN=1`). */
  open: boolean
}

/** Every provider's mock behind one `Transport`. */
export interface MockInternet {
  send: Transport
}

export interface GatewayParts {
  platform: Platform
  config: GatewayConfig
  providers: readonly Provider[]
  internet: MockInternet
}

/** @throws GatewayError when the configuration names what does not exist. */
export function createGateway({ platform, config, providers, internet }: GatewayParts): Gateway {
  const mocked = (key: string | undefined): boolean =>
    config.mock === 'all' || (config.mock === 'missing' && key === undefined)
  const registry = createRegistry(providers, {
    aliases: config.aliases,
    retired: config.retired,
    origins: config.origins,
    access: (provider) => {
      const setup = setupOf(provider, platform, config)
      const isMocked = mocked(setup?.key) && config.origins[provider.id] === undefined
      return isMocked || setup === undefined
        ? { key: setup?.key, mocked: isMocked }
        : { ...setup, mocked: false }
    },
    today: () => new Date(platform.clock.now()).toISOString().slice(0, 10),
  })
  const fetchAsset = createFetchAsset({
    platform,
    internet,
    limit: config.limits.reply,
    mocked: (host) =>
      providers.some(
        (provider) =>
          registry.provider(provider.id)?.mocked === true && hostsOf(provider).includes(host),
      ),
  })
  return {
    platform,
    config,
    registry,
    providers,
    transport: (target) => (target.mocked ? internet.send : platform.send),
    fetchAsset,
    open: platform.secret('MIMUS_OPEN') === '1',
    keys: (platform.secret('MIMUS_KEYS') ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== ''),
  }
}

/** How the environment says a provider is reached; `undefined` when it says nothing. */
function setupOf(provider: Provider, platform: Platform, config: GatewayConfig): Setup | undefined {
  const variable = (name: string): string | undefined => platform.secret(name)
  if (provider.setup !== undefined) return provider.setup(variable)
  const key = variable(provider.secret)
  if (provider.keyless === true) return isPlaced(provider, config) ? { key: key ?? '' } : undefined
  return key === undefined ? undefined : { key }
}

/** Whether the operator has said where a provider is. */
const isPlaced = ({ id }: Provider, { origins, providers }: GatewayConfig): boolean =>
  origins[id] !== undefined || providers.some((custom) => custom.id === id)

const hostsOf = (provider: Provider): string[] => [
  new URL(provider.origin).host,
  ...Object.keys(provider.mockHosts ?? {}),
]

// What both entries do at start: settings from the environment, the safety check, the banner.

import type { GatewayOptions } from '#config/schema'
import { defined } from '#core/json'
import { originVariable, type Provider } from '#core/provider'
import type { Gateway } from './gateway.ts'

/**
 * The operator's file with what the environment overrides: `MIMUS_MOCK`, `MIMUS_MOCK_PACE`, `MIMUS_PUBLIC_URL`
 * and `MIMUS_<PROVIDER>_ORIGIN` (another origin for a provider: a proxy, a compatible server).
 */
export function settings(
  options: GatewayOptions,
  variable: (name: string) => string | undefined,
  providers: readonly Provider[],
): object {
  const origins = [...providers, ...(options.providers ?? [])].flatMap(({ id }) => {
    const origin = variable(originVariable(id))
    return origin === undefined || origin === '' ? [] : [[id, origin]]
  })
  const pace = variable('MIMUS_MOCK_PACE')
  return {
    ...options,
    ...defined({
      mock: variable('MIMUS_MOCK'),
      mockPace: pace === undefined || pace === '' ? undefined : Number(pace),
    }),
    media: { ...options.media, ...defined({ publicUrl: variable('MIMUS_PUBLIC_URL') }) },
    origins: { ...options.origins, ...Object.fromEntries(origins) },
  }
}

/** Why an open gateway (one without `MIMUS_KEYS`) must not serve; `undefined` when it may. */
export function openProblem(gateway: Gateway, local: boolean): string | undefined {
  if (gateway.keys.length > 0 || gateway.open) return undefined
  // A key of '' is none: there is nothing to spend on.
  const live = providersBy(gateway, 'live').filter(
    (id) => gateway.registry.provider(id)?.key !== '',
  )
  if (live.length > 0)
    return `Anyone could spend on the live keys of ${live.join(', ')}: set MIMUS_KEYS to the keys callers must show, or MIMUS_OPEN=1 to let everyone in`
  if (!local)
    return 'The gateway would be open to the network: set MIMUS_KEYS to the keys callers must show, or MIMUS_OPEN=1 to let everyone in'
  return undefined
}

export type Access = 'live' | 'mock' | 'no key' | 'no address'

export function accessOf(gateway: Gateway, provider: string): Access {
  const target = gateway.registry.provider(provider)
  if (target?.mocked === true) return 'mock'
  if (target?.key !== undefined) return 'live'
  return target?.provider.keyless === true ? 'no address' : 'no key'
}

const providersBy = (gateway: Gateway, access: Access): string[] =>
  gateway.providers.map(({ id }) => id).filter((id) => accessOf(gateway, id) === access)

/** What `npm start` prints. */
export function banner(gateway: Gateway, url: string): string {
  const list = (access: Access): string => {
    const names = providersBy(gateway, access)
    return names.length === 0 ? 'none' : names.join(', ')
  }
  return [
    '',
    `  Mimus listens on ${url}`,
    `  live    ${list('live')}`,
    `  mocked  ${list('mock')}`,
    ...(providersBy(gateway, 'no key').length > 0 ? [`  no key  ${list('no key')}`] : []),
    ...(providersBy(gateway, 'no address').length > 0
      ? [`  no address  ${list('no address')}`]
      : []),
    `  docs    README.md; models at ${url}/v1/models, state at ${url}/health`,
    '',
  ].join('\n')
}

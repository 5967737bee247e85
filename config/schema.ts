import { GatewayError } from '#core/error'
import { Reader } from '#core/reader'

/** What an operator decides. Every field has its default here and nowhere else. */
export interface GatewayConfig {
  /** Names of one's own for models: the first target that can serve is asked, the next ones if it fails. */
  aliases: { [name: string]: string[] }
  /** `off`: a provider without a key is an error. `missing`: it is mocked. `all`: every provider is mocked. */
  mock: MockMode
  /** Milliseconds between the chunks of a mocked reply. */
  mockPace: number
  /** What happens to requests for models their vendor switched off. */
  retired: 'forward' | 'refuse'
  /** The most bytes of a body: JSON, uploads (multipart), and whole replies read from providers. */
  limits: { json: number; upload: number; reply: number }
  /** Milliseconds: to connect, to the first byte of a reply, between two chunks of it. */
  timeouts: { connect: number; firstByte: number; idle: number }
  media: {
    /** How long links to generated media last. */
    ttlSeconds: number
    /** Where callers reach the gateway, for links; taken from the request when unset. */
    publicUrl?: string
  }
  /** Other origins of providers by id: a proxy, a compatible server. */
  origins: { [provider: string]: string }
}

export const mockModes = ['off', 'missing', 'all'] as const
export type MockMode = (typeof mockModes)[number]

/** What `config/gateway.ts` may leave out. */
export type GatewayOptions = {
  aliases?: { [name: string]: string | string[] }
  mock?: MockMode
  mockPace?: number
  retired?: 'forward' | 'refuse'
  limits?: Partial<GatewayConfig['limits']>
  timeouts?: Partial<GatewayConfig['timeouts']>
  media?: Partial<GatewayConfig['media']>
  origins?: { [provider: string]: string }
}

const megabyte = 1024 * 1024

/**
 * Reads the operator's options strictly and fills in the defaults.
 * @throws GatewayError `invalid_request` naming the path: `config.limits.json must be a number`.
 */
export function parseConfig(options: unknown): GatewayConfig {
  const reader = Reader.of(options, 'config')
  const limits = section(reader, 'limits')
  const timeouts = section(reader, 'timeouts')
  const media = section(reader, 'media')
  const publicUrl = media.maybeString('publicUrl')
  const config: GatewayConfig = {
    aliases: aliases(reader),
    mock: reader.maybeOneOf('mock', mockModes) ?? 'missing',
    mockPace: reader.maybeInteger('mockPace') ?? 0,
    retired: reader.maybeOneOf('retired', ['forward', 'refuse']) ?? 'forward',
    limits: {
      json: limits.maybeInteger('json', 1) ?? 32 * megabyte,
      upload: limits.maybeInteger('upload', 1) ?? 64 * megabyte,
      reply: limits.maybeInteger('reply', 1) ?? 64 * megabyte,
    },
    timeouts: {
      connect: timeouts.maybeInteger('connect', 1) ?? 10_000,
      firstByte: timeouts.maybeInteger('firstByte', 1) ?? 300_000,
      idle: timeouts.maybeInteger('idle', 1) ?? 120_000,
    },
    media: {
      ttlSeconds: media.maybeInteger('ttlSeconds', 1) ?? 24 * 3600,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
    origins: origins(reader),
  }
  const [unknown] = reader.unread
  if (unknown !== undefined)
    throw new GatewayError('invalid_request', `${unknown} is not an option`, { param: unknown })
  return config
}

const section = (reader: Reader, key: string): Reader => reader.maybeObject(key) ?? Reader.of({})

function aliases(reader: Reader): GatewayConfig['aliases'] {
  const read = reader.maybeObject('aliases')
  if (read === undefined) return {}
  return Object.fromEntries(
    read.keys.map((name) => {
      const value = read.json(name)
      const targets = typeof value === 'string' ? [value] : (read.maybeStrings(name) ?? [])
      if (targets.length === 0) read.fail(name, 'a model name or a list of model names')
      return [name, targets]
    }),
  )
}

function origins(reader: Reader): GatewayConfig['origins'] {
  const read = reader.maybeObject('origins')
  if (read === undefined) return {}
  return Object.fromEntries(
    read.keys.map((provider) => {
      const origin = read.string(provider)
      if (!/^https?:\/\/[^/]+(\/.*)?$/.test(origin)) read.fail(provider, 'an http(s) URL')
      return [provider, origin.replace(/\/+$/, '')]
    }),
  )
}

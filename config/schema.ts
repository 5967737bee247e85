import { GatewayError } from '#core/error'
import { defined } from '#core/json'
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
  /** Providers of the operator's own. */
  providers: CustomProvider[]
}

/** A provider that needs no code: it speaks one of our protocols. */
export interface CustomProvider {
  /** Its models are `id/model`. */
  id: string
  /** `https://host`, or `http://host:port`. */
  origin: string
  speaks: SpokenProtocol
  /** The name of the variable that holds its key; absent when it needs none. */
  secret?: string
  /** Of chat, after the origin; the protocol's own when absent. Gemini's ends in `/models`. */
  path?: string
  /** Those to be listed and to be reached by their bare names; any other may be asked for as `id/model`. */
  models: CustomModel[]
}

/** What the catalogue says of a model (`Model` in core/provider.ts), as far as an operator may say it. */
export interface CustomModel {
  id: string
  does: ('chat' | 'embedding')[]
  context?: number
  maxOutput?: number
  /** Of an embedding. */
  dimensions?: number
}

export const spokenProtocols = ['openai-chat', 'anthropic-messages', 'gemini'] as const
export type SpokenProtocol = (typeof spokenProtocols)[number]

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
  providers?: (Omit<CustomProvider, 'models'> & {
    models?: (Omit<CustomModel, 'does'> & Partial<Pick<CustomModel, 'does'>>)[]
  })[]
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
    providers: reader.maybeList('providers', customProvider) ?? [],
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

function customProvider(reader: Reader): CustomProvider {
  const id = matching(reader, 'id', /^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
  const origin = matching(
    reader,
    'origin',
    /^https?:\/\/[^/]+$/,
    'an http(s) origin without a path, like https://models.example',
  )
  const speaks = reader.oneOf('speaks', spokenProtocols)
  const models = reader.maybeList('models', customModel) ?? []
  const secret = reader.has('secret')
    ? matching(reader, 'secret', /^[A-Z][A-Z0-9_]*$/, 'the name of a variable, like ACME_API_KEY')
    : undefined
  const path = reader.has('path')
    ? matching(reader, 'path', /^\/.*[^/]$/, 'a path that begins with / and does not end with it')
    : undefined
  reader.skip('secret', 'path')
  const embeds = models.findIndex(({ does }) => does.includes('embedding'))
  if (embeds >= 0 && (speaks !== 'openai-chat' || path?.endsWith('/chat/completions') === false))
    reader.fail(
      `models[${embeds}].does`,
      `'chat' only: '/embeddings' is known beside '/chat/completions' of openai-chat`,
    )
  return defined({ id, origin, speaks, secret, path, models })
}

function customModel(reader: Reader): CustomModel {
  const names = reader.maybeStrings('does')
  const does = names?.map((name) =>
    name === 'chat' || name === 'embedding'
      ? name
      : reader.fail('does', `a list of 'chat' and 'embedding'`),
  )
  const dimensions = reader.maybeInteger('dimensions', 1)
  if (does?.includes('embedding') === true && dimensions === undefined)
    reader.fail('dimensions', 'given for a model that embeds')
  return defined({
    id: reader.string('id'),
    does: does ?? ['chat'],
    context: reader.maybeInteger('context', 1),
    maxOutput: reader.maybeInteger('maxOutput', 1),
    dimensions,
  })
}

function matching(reader: Reader, key: string, pattern: RegExp, expected: string): string {
  const value = reader.string(key)
  return pattern.test(value) ? value : reader.fail(key, expected)
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

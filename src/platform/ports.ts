import type { Asset } from '#core/media'
import type { Transport } from '#core/transport'

/** Everything the gateway needs from where it runs. */
export interface Platform {
  /** The real network. */
  send: Transport
  /** The real network for URLs that strangers named: never to a private address, whatever a name resolves to. */
  sendPublic: Transport
  clock: Clock
  random(): number
  blobs: Blobs
  /** An environment variable or a secret; `undefined` when unset or empty. */
  secret(name: string): string | undefined
  log(record: LogRecord): void
  /** Keeps work alive after the reply: `waitUntil` on Workers, drained at shutdown on Node. */
  defer(work: Promise<unknown>): void
  /** Fires when the caller leaves; `undefined` where the runtime itself ends what a request has begun. */
  callerSignal(request: Request): AbortSignal | undefined
  /** Whether the request at this URL can only have come from this machine. */
  isLocal(url: string): boolean
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** @throws GatewayError `cancelled` when the signal fires first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Generated media and what faces remember, kept until it expires. */
export interface Blobs {
  put(key: string, asset: StoredAsset): Promise<void>
  /** `undefined` when unknown or expired. */
  get(key: string): Promise<StoredAsset | undefined>
  delete(key: string): Promise<void>
}
export interface StoredAsset {
  mediaType: string
  /** Milliseconds since the epoch. */
  expiresAt: number
  body: Asset['body'] & ({ bytes: Uint8Array } | { stream: AsyncIterable<Uint8Array> })
  /** Bytes, where known. */
  size?: number
}

/** One line of the log: facts by name. Never keys, never bodies of callers. */
export interface LogRecord {
  level: 'info' | 'warn' | 'error'
  event: string
  [fact: string]: string | number | boolean | undefined
}

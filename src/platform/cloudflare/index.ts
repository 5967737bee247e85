// The ports on Cloudflare Workers: fetch, R2, secrets from the environment.

import { waitUntil } from 'cloudflare:workers'
import { isLocalHost } from '../local-host.ts'
import { systemClock } from '../clock.ts'
import { createMemoryBlobs } from '../memory-blobs.ts'
import type { Platform } from '../ports.ts'
import { createR2Blobs } from './blobs.ts'
import { createTransport, type TransportOptions } from './transport.ts'

export interface CloudflareOptions {
  /** Vars, secrets and bindings. */
  environment: { [name: string]: unknown }
  /** Where generated media is kept; in the isolate's memory when the deployment has no bucket. */
  bucket: R2Bucket | undefined
  transport: TransportOptions
}

export function createCloudflarePlatform(options: CloudflareOptions): Platform {
  const send = createTransport(options.transport)
  return {
    send,
    // A Worker's fetch cannot reach private networks.
    sendPublic: send,
    clock: systemClock,
    random: Math.random,
    blobs:
      options.bucket === undefined
        ? createMemoryBlobs(systemClock)
        : createR2Blobs(options.bucket, systemClock),
    secret: (name) => {
      const value = options.environment[name]
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    log: (record) => console[record.level](JSON.stringify(record)),
    defer: (work) => waitUntil(work),
    // workerd cancels all of a request's work with its caller; reading `request.signal` costs 25 us.
    callerSignal: () => undefined,
    isLocal: (url) => isLocalHost(new URL(url).hostname),
  }
}

// The ports on Node: undici for the network, a folder for media, the environment for secrets.

import { systemClock } from '../clock.ts'
import type { LogRecord, Platform } from '../ports.ts'
import { createFolderBlobs } from './blobs.ts'
import { createTransports, type TransportOptions } from './transport.ts'

export interface LocalOptions {
  environment: { [name: string]: string | undefined }
  /** Where generated media is kept. */
  folder: string
  transport: TransportOptions
  /** Whether the server listens on a loopback address only. */
  local: boolean
  write?(line: string): void
}

export interface LocalPlatform extends Platform {
  /** Waits for deferred work and closes connections. */
  close(): Promise<void>
}

const hour = 3_600_000

export function createLocalPlatform(options: LocalOptions): LocalPlatform {
  const { send, sendPublic, close } = createTransports(options.transport)
  const blobs = createFolderBlobs(options.folder, systemClock)
  const deferred = new Set<Promise<unknown>>()
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`))
  const sweeper = setInterval(() => void blobs.sweep(), hour)
  sweeper.unref()
  return {
    send,
    sendPublic,
    clock: systemClock,
    random: Math.random,
    blobs,
    secret: (name) => {
      const value = options.environment[name]
      return value === undefined || value === '' ? undefined : value
    },
    log: (record: LogRecord) =>
      write(JSON.stringify({ time: new Date().toISOString(), ...record })),
    defer(work) {
      const settled = work
        .catch((thrown: unknown) =>
          write(JSON.stringify({ level: 'error', event: 'deferred', error: String(thrown) })),
        )
        .finally(() => deferred.delete(settled))
      deferred.add(settled)
    },
    callerSignal: (request) => request.signal,
    isLocal: () => options.local,
    async close() {
      clearInterval(sweeper)
      await Promise.all(deferred)
      await close()
    },
  }
}

import { GatewayError } from '#core/error'
import { createMemoryBlobs } from '../../src/platform/memory-blobs.ts'
import type { LogRecord, Platform } from '../../src/platform/ports.ts'

export interface FakePlatform extends Platform {
  /** What was logged. */
  records: LogRecord[]
  /** Moves the clock and wakes those who slept past it. */
  advance(milliseconds: number): void
}

/** A platform without a network, with a clock that stands still until it is moved. */
export function fakePlatform(secrets: { [name: string]: string } = {}): FakePlatform {
  const records: LogRecord[] = []
  let now = Date.UTC(2026, 10, 24)
  let sleepers: { until: number; wake: () => void }[] = []
  const clock = {
    now: () => now,
    sleep: (milliseconds: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const cancelled = (): void =>
          reject(new GatewayError('cancelled', 'The request was cancelled'))
        if (signal?.aborted === true) return cancelled()
        signal?.addEventListener('abort', cancelled, { once: true })
        sleepers.push({ until: now + milliseconds, wake: resolve })
      }),
  }
  return {
    send: ({ url }) => Promise.reject(new GatewayError('upstream', `No network in tests: ${url}`)),
    sendPublic: ({ url }) =>
      Promise.reject(new GatewayError('upstream', `No network in tests: ${url}`)),
    clock,
    random: () => 0.5,
    blobs: createMemoryBlobs(clock),
    secret: (name) => secrets[name],
    log: (record) => records.push(record),
    defer: (work) => void work.catch(() => undefined),
    callerSignal: (request) => request.signal,
    isLocal: () => true,
    records,
    advance(milliseconds) {
      now += milliseconds
      const due = sleepers.filter(({ until }) => until <= now)
      sleepers = sleepers.filter(({ until }) => until > now)
      for (const { wake } of due) wake()
    },
  }
}

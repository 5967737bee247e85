import { GatewayError } from '#core/error'
import type { Clock } from './ports.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const cancelled = (): GatewayError =>
        new GatewayError('cancelled', 'The request was cancelled')
      if (signal?.aborted === true) return reject(cancelled())
      const stop = (): void => {
        clearTimeout(timer)
        reject(cancelled())
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

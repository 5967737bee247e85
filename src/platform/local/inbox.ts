// A reply's body between undici, which pushes, and its reader, who pulls.

import { GatewayError } from '#core/error'
import type { Bytes } from '#core/transport'
import { networkError } from './network-error.ts'

/** What undici lets the reader of a reply do. */
export interface Flow {
  pause(): void
  resume(): void
  abort(reason: Error): void
}

/** Bytes held before the provider is asked to wait. */
const highWater = 256 * 1024

export interface Inbox {
  body: Bytes
  /** @throws GatewayError `upstream` past the limit. */
  text(limit: number): Promise<string>
  /** Lets go of what is still to come. */
  leave(): void
  push(chunk: Buffer): void
  end(): void
  fail(error: unknown): void
}

export function createInbox(flow: Flow): Inbox {
  const queue: Buffer[] = []
  let held = 0
  let paused = false
  let over: 'no' | 'ended' | 'failed' = 'no'
  let failure: unknown
  let wake: (() => void) | undefined

  function woken(): void {
    const waiting = wake
    wake = undefined
    waiting?.()
  }

  /** The next chunk at hand; `undefined` when there is none now. */
  function taken(): Buffer | undefined {
    const chunk = queue.shift()
    if (chunk === undefined) return undefined
    held -= chunk.length
    if (paused && held < highWater) {
      paused = false
      flow.resume()
    }
    return chunk
  }

  /** The next chunk; `undefined` at the end. */
  async function next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = taken()
      if (chunk !== undefined) return chunk
      if (over === 'failed') throw networkError(failure)
      if (over === 'ended') return undefined
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  function leave(): void {
    if (over !== 'no') return
    over = 'ended'
    queue.length = 0
    flow.abort(new DOMException('The reader has left', 'AbortError'))
  }

  const reader: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const value = await next()
      return value === undefined ? { done: true, value } : { done: false, value }
    },
    async return() {
      leave()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => reader,
  }

  return {
    body: reader,
    async text(limit) {
      const chunks: Buffer[] = []
      let size = 0
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
        size += chunk.length
        if (size > limit) {
          leave()
          throw tooLarge(limit)
        }
        chunks.push(chunk)
      }
      const [only] = chunks
      const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
      return whole.toString('utf8')
    },
    leave,
    push(chunk) {
      queue.push(chunk)
      held += chunk.length
      if (held > highWater && !paused) {
        paused = true
        flow.pause()
      }
      woken()
    },
    end() {
      if (over === 'no') over = 'ended'
      woken()
    },
    fail(error) {
      if (over === 'no') over = 'failed'
      failure ??= error
      woken()
    },
  }
}

const tooLarge = (limit: number): GatewayError =>
  new GatewayError('upstream', `The provider's reply is larger than the ${limit} bytes allowed`)

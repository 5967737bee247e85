// The network on Workers: fetch, without redirects, with a deadline for the first byte and between chunks.

import { GatewayError } from '#core/error'
import type { Bytes, Transport } from '#core/transport'

export interface TransportOptions {
  /** Milliseconds. */
  firstByte: number
  idle: number
  /** The most bytes of a body read whole. */
  limit: number
}

export const createTransport =
  (options: TransportOptions): Transport =>
  async (request) => {
    const watch = watchdog(options, request.signal)
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        redirect: 'manual',
        signal: watch.signal,
      })
      watch.answered()
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        headers: () => response.headers,
        body: readBody(response.body, watch),
        text: () => readText(response, watch, options.limit),
        async discard() {
          watch.stop()
          await response.body?.cancel()
        },
      }
    } catch (thrown) {
      watch.stop()
      throw watch.explain(thrown)
    }
  }

type Watchdog = ReturnType<typeof watchdog>

/** One timer a request: it looks now and then whether the provider has been silent for too long. */
function watchdog(options: TransportOptions, caller: AbortSignal | undefined) {
  const abort = new AbortController()
  let stage: 'waiting' | 'answered' = 'waiting'
  let isLate = false
  let since = Date.now()
  let timer = setTimeout(check, Math.min(options.firstByte, options.idle))
  const leave = (): void => abort.abort()
  if (caller?.aborted === true) leave()
  caller?.addEventListener('abort', leave, { once: true })

  function check(): void {
    const left = since + (stage === 'waiting' ? options.firstByte : options.idle) - Date.now()
    if (left > 0) {
      timer = setTimeout(check, left)
      return
    }
    isLate = true
    abort.abort()
  }

  return {
    signal: abort.signal,
    /** The head has come; from now on the time between chunks counts. */
    answered() {
      stage = 'answered'
      since = Date.now()
    },
    alive() {
      since = Date.now()
    },
    stop() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    },
    explain(thrown: unknown): GatewayError {
      if (thrown instanceof GatewayError) return thrown
      const cause = thrown
      if (isLate) return new GatewayError('timeout', lateness[stage], { cause })
      if (caller?.aborted === true)
        return new GatewayError('cancelled', 'The request was cancelled', { cause })
      return new GatewayError('upstream', 'The connection to the provider failed', { cause })
    },
  }
}

const lateness = {
  waiting: 'The provider did not begin to answer in time',
  answered: 'The provider stopped answering',
} as const

function readBody(body: ReadableStream<Uint8Array> | null, watch: Watchdog): Bytes {
  let reader: ChunkReader | undefined
  const self: AsyncIterableIterator<Uint8Array> = {
    async next() {
      if (body === null) return { done: true, value: undefined }
      reader ??= readerOf(body)
      try {
        const next = await reader.read()
        if (next.done) watch.stop()
        else watch.alive()
        return next.done ? { done: true, value: undefined } : { done: false, value: next.value }
      } catch (thrown) {
        watch.stop()
        throw watch.explain(thrown)
      }
    },
    async return() {
      watch.stop()
      await (reader?.cancel() ?? body?.cancel())
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => self,
  }
  return self
}

interface ChunkReader {
  read(): Promise<
    { done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined }
  >
  cancel(): Promise<void>
}

/** workerd gives 4 kB at a time unless it is given a larger buffer: an image would cost ten times as much. */
const bufferBytes = 32 * 1024

function readerOf(body: ReadableStream<Uint8Array>): ChunkReader {
  try {
    const reader = body.getReader({ mode: 'byob' })
    return {
      read: () => reader.read(new Uint8Array(bufferBytes)),
      cancel: () => reader.cancel(),
    }
  } catch {
    // A stream made by script, which has no bytes of its own.
    return body.getReader()
  }
}

/** By the runtime itself where the length is known: passing every chunk through script costs far more. */
async function readText(response: Response, watch: Watchdog, limit: number): Promise<string> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  if (length > limit) throw tooLarge(limit)
  try {
    return length >= 0 ? await response.text() : await boundedText(response, limit)
  } catch (thrown) {
    throw watch.explain(thrown)
  } finally {
    watch.stop()
  }
}

async function boundedText(response: Response, limit: number): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    size += next.value.length
    if (size > limit) throw tooLarge(limit)
    text += decoder.decode(next.value, { stream: true })
  }
  return text + decoder.decode()
}

const tooLarge = (limit: number): GatewayError =>
  new GatewayError('upstream', `The provider's reply is larger than the ${limit} bytes allowed`)

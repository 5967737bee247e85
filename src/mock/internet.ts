// Every provider's mock behind its own host, in this process.

import { GatewayError } from '#core/error'
import type { MockUpstream, Provider } from '#core/provider'
import type { Bytes, Transport, WireRequest, WireResponse } from '#core/transport'
import { cancelled, createWorld, type MockWorld } from './world.ts'

export interface Internet {
  /** Every host that is answered. */
  hosts: readonly string[]
  /** @throws Error when no mock answers for the host. */
  fetch(request: Request): Promise<Response>
  send: Transport
  world: MockWorld
}

/** A small internet of mocks. @param world What they may know; real time and no pace where it says nothing. */
export function createInternet(
  providers: readonly Provider[],
  world: Partial<MockWorld> = {},
): Internet {
  const whole = createWorld(world)
  const upstreams = new Map<string, { mock: MockUpstream; world: MockWorld }>()
  for (const provider of providers) {
    const own = { ...whole, provider: provider.id }
    upstreams.set(new URL(provider.origin).host, { mock: provider.mock, world: own })
    for (const [host, mock] of Object.entries(provider.mockHosts ?? {}))
      upstreams.set(host, { mock, world: own })
  }

  async function fetch(request: Request): Promise<Response> {
    const { host } = new URL(request.url)
    const upstream = upstreams.get(host)
    if (upstream === undefined)
      throw new Error(
        `No mock answers for ${host}; there are mocks for ${[...upstreams.keys()].join(', ')}`,
      )
    return upstream.mock.fetch(request, upstream.world)
  }

  return { hosts: [...upstreams.keys()], fetch, send: sendBy(fetch), world: whole }
}

/** A transport over a fetch-like function. */
const sendBy = (fetch: (request: Request) => Promise<Response>): Transport =>
  async function send(request) {
    const { signal } = request
    if (signal?.aborted === true) throw cancelled(signal.reason)
    try {
      return wire(await raced(fetch(toRequest(request)), signal), signal)
    } catch (cause) {
      throw toFailure(cause, signal)
    }
  }

function toRequest({ method, url, headers, body, signal }: WireRequest): Request {
  const init: RequestInit & { duplex?: 'half' } = { method, headers, redirect: 'manual' }
  if (body !== undefined) init.body = body
  if (body instanceof ReadableStream) init.duplex = 'half'
  if (signal !== undefined) init.signal = signal
  return new Request(url, init)
}

const toFailure = (cause: unknown, signal: AbortSignal | undefined): GatewayError => {
  if (cause instanceof GatewayError) return cause
  if (signal?.aborted === true) return cancelled(cause)
  return new GatewayError('upstream', 'The connection to the provider failed', { cause })
}

/** The promise's result, unless the signal fires first. */
function raced<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(cancelled(signal.reason))
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function wire(response: Response, signal: AbortSignal | undefined): WireResponse {
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    headers: () => [...response.headers],
    body: chunks(response, signal),
    text: async () => {
      const decoder = new TextDecoder()
      let text = ''
      for await (const chunk of chunks(response, signal))
        text += decoder.decode(chunk, { stream: true })
      return text + decoder.decode()
    },
    discard: async () => {
      await response.body?.cancel()
    },
  }
}

async function* chunks(response: Response, signal: AbortSignal | undefined): Bytes {
  if (response.body === null) return
  const reader = response.body.getReader()
  try {
    for (;;) {
      const next = await raced(reader.read(), signal)
      if (next.done) return
      yield next.value
    }
  } catch (cause) {
    throw toFailure(cause, signal)
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

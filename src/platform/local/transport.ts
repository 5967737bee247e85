// The network on Node: undici, without retries and redirects.

import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import type { Transport, WireRequest, WireResponse } from '#core/transport'
import { isPublicAddress } from '../fetch-asset.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { networkError } from './network-error.ts'

export interface TransportOptions {
  /** Milliseconds. */
  connect: number
  firstByte: number
  idle: number
  /** The most bytes of a body read whole. */
  limit: number
}

export interface LocalTransports {
  send: Transport
  sendPublic: Transport
  close(): Promise<void>
}

export function createTransports(options: TransportOptions): LocalTransports {
  const agentOptions = {
    headersTimeout: options.firstByte,
    bodyTimeout: options.idle,
    keepAliveTimeout: 60_000,
    pipelining: 1,
  }
  const agent = new Agent({ ...agentOptions, connect: { timeout: options.connect } })
  const publicAgent = new Agent({
    ...agentOptions,
    connect: { timeout: options.connect, lookup: publicLookup },
  })
  return {
    send: createTransport(agent, options.limit),
    sendPublic: createTransport(publicAgent, options.limit),
    close: async () => {
      await Promise.all([agent.close(), publicAgent.close()])
    },
  }
}

/**
 * Straight on undici's dispatcher: `undici.request` would add a Node stream, an async resource and a
 * second abort listener to every request, half as much again as the whole exchange costs.
 */
const createTransport =
  (dispatcher: Dispatcher, limit: number): Transport =>
  async ({ body, ...request }) =>
    exchange(
      dispatcher,
      limit,
      body instanceof FormData
        ? await written(request, body)
        : { ...request, ...(body === undefined ? {} : { body }) },
    )

type WrittenRequest = Omit<WireRequest, 'body'> & {
  body?: Exclude<WireRequest['body'], FormData>
}

function exchange(
  dispatcher: Dispatcher,
  limit: number,
  { url, method, headers, body, signal }: WrittenRequest,
): Promise<WireResponse> {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const [origin, path] = slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)]
  return new Promise((resolve, reject) => {
    let flow: Dispatcher.DispatchController | undefined
    let inbox: Inbox | undefined
    const left = (): Error => new DOMException('The caller has left', 'AbortError')
    const fail = (error: unknown): void => {
      signal?.removeEventListener('abort', leave)
      inbox?.fail(error)
      reject(networkError(error))
    }
    const leave = (): void => {
      flow?.abort(left())
      fail(left())
    }
    if (signal?.aborted === true) return leave()
    signal?.addEventListener('abort', leave)
    const sent = body instanceof ReadableStream ? Readable.from(body) : (body ?? null)
    const options = { origin, path, method, headers, body: sent }
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        flow = controller
        if (signal?.aborted === true) controller.abort(left())
      },
      onResponseStart(controller, status, received) {
        // Informational replies (1xx) come before the one that counts.
        if (status < 200) return
        inbox = createInbox(controller)
        resolve(responseOf(status, received, inbox, limit))
      },
      onResponseData: (_, chunk) => inbox?.push(chunk),
      onResponseEnd() {
        signal?.removeEventListener('abort', leave)
        inbox?.end()
      },
      onResponseError: (_, error) => fail(error),
    })
  })
}

function responseOf(
  status: number,
  headers: IncomingHttpHeaders,
  inbox: Inbox,
  limit: number,
): WireResponse {
  return {
    status,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    headers: () => pairsOf(headers),
    body: inbox.body,
    text: () => inbox.text(limit),
    async discard() {
      inbox.leave()
    },
  }
}

const pairsOf = (headers: IncomingHttpHeaders): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined
      ? []
      : Array.isArray(value)
        ? value.map((item) => [name, item])
        : [[name, value]],
  )

/** The global FormData is of Node's own undici; its Response knows how to write it. */
async function written(request: WrittenRequest, body: FormData): Promise<WrittenRequest> {
  const form = new Response(body)
  const type = form.headers.get('content-type') ?? 'multipart/form-data'
  return {
    ...request,
    body: new Uint8Array(await form.arrayBuffer()),
    headers: { ...request.headers, 'content-type': type },
  }
}

/** A name that resolves to a private address is refused before a connection is opened. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = (addresses ?? []).filter(({ address }) => isPublicAddress(address))
    const [first] = allowed
    if (error !== null) return callback(error, '', 0)
    if (first === undefined)
      return callback(Object.assign(new Error('private address'), { code: 'EPRIVATE' }), '', 0)
    return options.all === true
      ? callback(null, allowed)
      : callback(null, first.address, first.family)
  })
}

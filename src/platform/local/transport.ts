// The network on Node: undici, without retries and redirects.

import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { Agent, request as send, type Dispatcher } from 'undici'
import { GatewayError } from '#core/error'
import type { Bytes, Transport, WireRequest, WireResponse } from '#core/transport'
import { isPublicAddress } from '../fetch-asset.ts'

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

const createTransport =
  (dispatcher: Dispatcher, limit: number): Transport =>
  async (request) => {
    const { body, headers } = await wireBody(request)
    try {
      const response = await send(request.url, {
        dispatcher,
        method: request.method,
        headers,
        body: body ?? null,
        signal: request.signal ?? null,
      })
      return wireResponse(response, limit)
    } catch (thrown) {
      throw networkError(thrown)
    }
  }

async function wireBody(request: WireRequest) {
  const { body, headers } = request
  if (body instanceof FormData) {
    // The global FormData is of Node's own undici; its Response knows how to write it.
    const form = new Response(body)
    const type = form.headers.get('content-type') ?? 'multipart/form-data'
    return {
      body: new Uint8Array(await form.arrayBuffer()),
      headers: { ...headers, 'content-type': type },
    }
  }
  return { body: body instanceof ReadableStream ? Readable.from(body) : body, headers }
}

function wireResponse(response: Dispatcher.ResponseData, limit: number): WireResponse {
  const { headers, body } = response
  return {
    status: response.statusCode,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    *headers() {
      for (const [name, value] of Object.entries(headers))
        if (value !== undefined)
          for (const item of Array.isArray(value) ? value : [value]) yield [name, item]
    },
    body: readBody(body),
    async text() {
      try {
        const declared = Number(headers['content-length'])
        if (declared > limit) throw tooLarge(limit)
        return await boundedText(body, limit)
      } catch (thrown) {
        throw networkError(thrown)
      }
    },
    async discard() {
      await body.dump({ limit: 64 * 1024 })
    },
  }
}

const tooLarge = (limit: number): GatewayError =>
  new GatewayError('upstream', `The provider's reply is larger than the ${limit} bytes allowed`)

/** By events: iterating a Node stream costs several times as much for a reply of one chunk. */
function boundedText(body: Dispatcher.ResponseData['body'], limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    body.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) body.destroy(tooLarge(limit))
      else chunks.push(chunk)
    })
    body.on('end', () => {
      const [only] = chunks
      const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
      resolve(whole.toString('utf8'))
    })
    body.on('error', reject)
  })
}

async function* readBody(
  body: Dispatcher.ResponseData['body'],
): Bytes & AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk
  } catch (thrown) {
    throw networkError(thrown)
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

/** By the error's code, as Node and undici document them. */
function networkError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof GatewayError) return thrown
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  if (thrown.name === 'AbortError' || code === 'ABORT_ERR')
    return new GatewayError('cancelled', 'The request was cancelled', { cause: thrown })
  const timeout = timeouts[code]
  if (timeout !== undefined) return new GatewayError('timeout', timeout, { code, cause: thrown })
  return new GatewayError('upstream', failures[code] ?? 'The connection to the provider failed', {
    cause: thrown,
    ...(code === '' ? {} : { code }),
  })
}

const timeouts: Record<string, string | undefined> = {
  UND_ERR_CONNECT_TIMEOUT: 'The provider could not be reached in time',
  UND_ERR_HEADERS_TIMEOUT: 'The provider did not begin to answer in time',
  UND_ERR_BODY_TIMEOUT: 'The provider stopped answering',
  ETIMEDOUT: 'The provider could not be reached in time',
}
const failures: Record<string, string | undefined> = {
  ECONNREFUSED: 'The provider refused the connection',
  ECONNRESET: 'The provider broke the connection',
  UND_ERR_SOCKET: 'The provider broke the connection',
  ENOTFOUND: "The provider's host name does not resolve",
  EPRIVATE: 'The URL of a file must lead to a public host',
}

// A provider's own API, as it is, with the gateway's key: nothing a provider can do is out of reach.

import { toReadable } from '#core/bytes'
import { GatewayError } from '#core/error'
import type { WireRequest } from '#core/transport'
import type { Ctx } from './context.ts'
import { begin, scenarioKey } from './exchange.ts'

/** Headers of one hop, and those that carry the caller's credentials or its way here. */
const dropped = new Set([
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
  'x-goog-api-key',
  'x-mimus-mock',
  'x-mimus-strict',
])

const isDropped = (name: string): boolean =>
  dropped.has(name) ||
  /^(cf-|x-amz-(date|content-sha256|security-token)$|x-forwarded-|x-stainless-|x-real-ip$)/.test(
    name,
  )

export async function native(c: Ctx): Promise<Response> {
  const gateway = c.get('gateway')
  const id = c.req.param('provider') ?? ''
  const target = gateway.registry.provider(id)
  if (target === undefined)
    throw new GatewayError(
      'not_found',
      `There is no provider '${id}'. Known: ${gateway.providers.map((provider) => provider.id).join(', ')}`,
    )
  const key = target.mocked ? (scenarioKey(c) ?? 'mock') : target.key
  if (key === undefined)
    throw new GatewayError(
      'upstream',
      `${target.provider.name} has no key here: set ${target.provider.needs ?? target.provider.secret}`,
      {
        provider: id,
        status: 503,
      },
    )
  const exchange = begin(c)
  const send = gateway.transport(target)
  const { signal } = exchange
  const request = { ...nativeRequest(c, target.origin, id), headers: carried(c), signal }
  const response = await send(
    target.provider.sign === undefined
      ? {
          ...request,
          headers: { ...request.headers, ...credentials(c, target.provider.auth(key)) },
        }
      : await target.provider.sign(request, key, {
          settings: target.settings,
          now: () => gateway.platform.clock.now(),
          send: (wanted) => send({ signal, ...wanted }),
        }),
  )
  const headers = new Headers()
  for (const [name, value] of response.headers()) if (!isDropped(name)) headers.append(name, value)
  headers.set('x-mimus-request-id', c.get('requestId'))
  headers.set('x-mimus-target', id)
  if (target.mocked) headers.set('x-mimus-mock', '1')
  const empty = c.req.method === 'HEAD' || response.status === 204 || response.status === 304
  return new Response(empty ? null : toReadable(response.body), {
    status: response.status,
    headers,
  })
}

function nativeRequest(
  c: Ctx,
  origin: string,
  id: string,
): Pick<WireRequest, 'method' | 'url'> & { body?: ReadableStream<Uint8Array> } {
  const url = new URL(c.req.url)
  // The key of callers who can only send it in the query stays here.
  url.searchParams.delete('key')
  const path = url.pathname.slice(url.pathname.indexOf(`/native/${id}`) + `/native/${id}`.length)
  const { body } = c.req.raw
  return {
    method: c.req.method,
    url: `${origin}${path === '' ? '/' : path}${url.search}`,
    ...(body === null || c.req.method === 'GET' || c.req.method === 'HEAD' ? {} : { body }),
  }
}

function carried(c: Ctx): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(c.req.header()))
    if (!isDropped(name)) headers[name] = value
  return headers
}

/** The provider's credentials; its version header only where the caller named none. */
const credentials = (c: Ctx, auth: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(auth).filter(([name]) => isDropped(name) || c.req.header(name) === undefined),
  )

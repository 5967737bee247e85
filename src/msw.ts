// `mimus/msw`: the same mocks as msw handlers, for applications that call providers by themselves.

import { http, type RequestHandler } from 'msw'
import { createMock, type Mock } from './mock.ts'
import { isLocalHost } from './platform/local-host.ts'

/**
 * Handlers for every provider's hosts.
 *
 * @example
 * const mock = createMock()
 * const server = setupServer(...createHandlers(mock))
 */
export const createHandlers = (mock: Pick<Mock, 'fetch' | 'hosts'>): RequestHandler[] =>
  mock.hosts.map((host) =>
    http.all(`${isLocalHost(hostname(host)) ? 'http' : 'https'}://${host}/*`, async ({ request }) =>
      framed(await mock.fetch(request.url, request)),
    ),
  )

const hostname = (host: string): string => host.replace(/:\d+$/, '')

/**
 * msw closes the connection of a body that fails; without framing, that would pass for its end
 * (msw 3.0, @mswjs/interceptors 0.45).
 */
function framed(response: Response): Response {
  if (response.body === null || response.headers.has('content-length')) return response
  const headers = new Headers(response.headers)
  headers.set('transfer-encoding', 'chunked')
  return new Response(response.body, { status: response.status, headers })
}

/** The mock behind `handlers`: script it, read its journal, reset it. */
export const mock: Mock = createMock()

/** Ready handlers for every provider's hosts. */
export const handlers: RequestHandler[] = createHandlers(mock)

export { createMock }

// `mimus/msw`: the same mocks as msw handlers, for applications that call providers by themselves.

import { http, type RequestHandler } from 'msw'
import { createMock, type Mock } from './mock.ts'

/**
 * Handlers for every provider's hosts.
 *
 * @example
 * const mock = createMock()
 * const server = setupServer(...createHandlers(mock))
 */
export const createHandlers = (mock: Pick<Mock, 'fetch' | 'hosts'>): RequestHandler[] =>
  mock.hosts.map((host) => http.all(`https://${host}/*`, ({ request }) => mock.fetch(request.url, request)))

/** The mock behind `handlers`: script it, read its journal, reset it. */
export const mock: Mock = createMock()

/** Ready handlers for every provider's hosts. */
export const handlers: RequestHandler[] = createHandlers(mock)

export { createMock }

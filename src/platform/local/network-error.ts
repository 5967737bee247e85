import { GatewayError } from '#core/error'

/** By the error's code, as Node and undici document them. */
export function networkError(thrown: unknown): unknown {
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

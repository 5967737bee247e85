// What goes over a wire to a provider, as plain data: adapters build it, platforms send it.

export type Bytes = AsyncIterable<Uint8Array>

export interface WireRequest {
  method: string
  url: string
  /** Lower-case names. `FormData` bodies get their content type from the transport. */
  headers: Record<string, string>
  body?: string | Uint8Array | FormData | ReadableStream<Uint8Array>
  signal?: AbortSignal
}

export interface WireResponse {
  status: number
  header(name: string): string | undefined
  headers(): Iterable<[string, string]>
  /** The body as it arrives. Read once; leaving the loop early closes the connection. */
  body: Bytes
  /** The whole body as UTF-8 text. @throws GatewayError `upstream` past the platform's limit. */
  text(): Promise<string>
  /** Lets go of a body nobody wants. */
  discard(): Promise<void>
}

/**
 * Sends one request, once: no retries, no redirects followed.
 * @throws GatewayError `upstream` (refused, reset, unresolvable), `timeout` or `cancelled`; never for a status.
 */
export type Transport = (request: WireRequest) => Promise<WireResponse>

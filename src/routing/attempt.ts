// One try at one target: credentials, abort, and the provider's own reading of refusals.

import { gather, textOf } from '#core/bytes'
import { enrich, GatewayError, toGatewayError } from '#core/error'
import { parseJson } from '#core/json'
import {
  originVariable,
  type Call,
  type FetchAsset,
  type Lose,
  type SignContext,
} from '#core/provider'
import type { Transport, WireResponse } from '#core/transport'
import type { Target } from './registry.ts'

export interface AttemptContext {
  /** The network, or the mock internet. */
  transport: Transport
  /** Milliseconds since the epoch. */
  now(): number
  /** For URLs that did not come from the operator: refuses private addresses. */
  fetchAsset: FetchAsset
  signal: AbortSignal
  lose: Lose
  /** The key a caller brought to a mocked provider: it picks the mock's scenario. */
  callerKey: string | undefined
}

/** The most bytes read of a refusal. */
const maxRefusal = 1024 * 1024

/** What the adapter of `target` may touch. @throws GatewayError `upstream` when the provider has no key. */
export function createCall(target: Target, context: AttemptContext): Call {
  const key = keyOf(target, context)
  const { provider, settings } = target
  const auth = provider.auth(key)
  return {
    origin: target.origin,
    settings,
    model: target.model,
    signal: context.signal,
    lose: context.lose,
    fetchAsset: (asset) => context.fetchAsset(asset, context.signal),
    async send(request) {
      // Credentials go to the provider's own origin only, whatever URL a reply named.
      const trusted = request.url.startsWith(`${target.origin}/`)
      const signed = { signal: context.signal, ...request }
      const response = await context.transport(
        !trusted
          ? signed
          : provider.sign === undefined
            ? { ...signed, headers: { ...auth, ...request.headers } }
            : await provider.sign(signed, key, signing(settings, context)),
      )
      if (response.status >= 400) throw await refusal(target, response, key === context.callerKey)
      return response
    },
  }
}

/** What signs may touch: the network for tokens, under the call's own signal. */
const signing = (
  settings: Target['settings'],
  { now, transport, signal }: Pick<AttemptContext, 'now' | 'transport' | 'signal'>,
): SignContext => ({ settings, now, send: (request) => transport({ signal, ...request }) })

function keyOf(target: Target, context: AttemptContext): string {
  if (target.mocked) return context.callerKey ?? 'mock'
  if (target.key !== undefined) return target.key
  throw new GatewayError('upstream', `${lacking(target)}, or MIMUS_MOCK=missing to mock it`, {
    provider: target.provider.id,
    code: 'provider_not_configured',
    status: 503,
  })
}

const lacking = ({ provider: { id, name, secret, needs = secret, keyless } }: Target): string =>
  keyless === true
    ? `${name} has no address here: set ${originVariable(id)}`
    : `${name} has no key here: set ${needs}`

/** What a status of 400 or more means, as the provider's own decoder reads it. */
async function refusal(
  target: Target,
  response: WireResponse,
  ownKey: boolean,
): Promise<GatewayError> {
  const text = textOf(await gather(response.body, maxRefusal))
  const error = target.provider.readError({
    status: response.status,
    header: (name) => response.header(name),
    text,
    json: parseJson(text),
  })
  const provider = target.provider.id
  // A refused gateway key is the operator's fault, not the caller's.
  if (!ownKey && (error.kind === 'authentication' || error.kind === 'permission'))
    return new GatewayError(
      'upstream',
      `${target.provider.name} refused the gateway's credentials`,
      {
        provider,
        code: 'provider_authentication',
        ...(error.details.requestId === undefined ? {} : { requestId: error.details.requestId }),
        cause: error,
      },
    )
  return enrich(error, { provider })
}

/** The failure of one attempt, with the provider it happened at. */
export function failed(thrown: unknown, target: Target): GatewayError {
  const error = toGatewayError(thrown)
  return error.details.provider === undefined
    ? enrich(error, { provider: target.provider.id })
    : error
}

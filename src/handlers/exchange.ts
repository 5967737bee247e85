// One exchange with a caller: its abort, its losses, and the headers every reply carries.

import { defined } from '#core/json'
import { lossList, warningsHeader, type Loss } from '#core/losses'
import type { Call, Lose, Modality } from '#core/provider'
import type { WireResponse } from '#core/transport'
import { createCall } from '../routing/attempt.ts'
import { dispatch } from '../routing/dispatch.ts'
import type { Target } from '../routing/registry.ts'
import type { Ctx } from './context.ts'

export interface Exchange {
  signal: AbortSignal
  /** Ends everything upstream: the caller has gone. */
  abort(): void
}

export interface Performed<T> {
  value: T
  target: Target
  /** Headers of the reply. */
  headers: Record<string, string>
}

/** Follows the caller's connection: when it goes, everything upstream is told. */
export function begin(c: Ctx): Exchange {
  const controller = new AbortController()
  const { signal } = c.req.raw
  if (signal.aborted) controller.abort()
  else signal.addEventListener('abort', () => controller.abort(), { once: true })
  return { signal: controller.signal, abort: () => controller.abort() }
}

export interface Order {
  modality: Modality
  /** The name the caller used. */
  model: string
  exchange: Exchange
  /** Refuse what cannot be carried instead of reporting it. */
  strict?: boolean
}

/**
 * Resolves the model and tries its targets; `attempt` must have the first piece of the answer in hand
 * when it returns.
 * @throws GatewayError what routing and the targets throw.
 */
export async function perform<T>(
  c: Ctx,
  order: Order,
  attempt: (target: Target, call: Call, lose: Lose) => Promise<T>,
): Promise<Performed<T>> {
  const { gateway } = c.var
  const { exchange } = order
  const strict = order.strict === true || c.req.header('x-mimus-strict') === '1'
  const route = gateway.registry.resolve(order.model, order.modality)
  let losses: Loss[] = []
  let upstream: Record<string, string> = {}
  const outcome = await dispatch(route, exchange.signal, async (target) => {
    const list = lossList(strict)
    losses = list.losses
    const call = createCall(target, {
      transport: async (request) => {
        const response = await gateway.transport(target)(request)
        upstream = passedOn(response)
        return response
      },
      fetchAsset: gateway.fetchAsset,
      signal: exchange.signal,
      lose: list.lose,
      callerKey: target.mocked ? scenarioKey(c) : undefined,
    })
    return attempt(target, call, list.lose)
  })
  const warnings = warningsHeader(losses, route.notes)
  return {
    value: outcome.value,
    target: outcome.target,
    headers: defined({
      'x-request-id': c.var.requestId,
      ...upstream,
      'x-mimus-request-id': c.var.requestId,
      'x-mimus-target': outcome.target.name,
      'x-mimus-attempts': String(outcome.attempts),
      'x-mimus-mock': outcome.target.mocked ? '1' : undefined,
      'x-mimus-warnings': warnings === '' ? undefined : warnings,
    }),
  }
}

/** Reply headers of providers that mean something to callers and their SDKs. */
const passedHeaders = [
  'x-request-id',
  'request-id',
  'openai-processing-ms',
  'openai-version',
  ...['requests', 'tokens'].flatMap((unit) =>
    ['limit', 'remaining', 'reset'].map((fact) => `x-ratelimit-${fact}-${unit}`),
  ),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((unit) =>
    ['limit', 'remaining', 'reset'].map((fact) => `anthropic-ratelimit-${unit}-${fact}`),
  ),
]

function passedOn(response: WireResponse): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of passedHeaders) {
    const value = response.header(name)
    if (value !== undefined) passed[name] = value
  }
  return passed
}

/** Which behaviour the caller wants of a mock: by the key of its SDK, or by name where that key is a gateway key. */
export function scenarioKey(c: Ctx): string | undefined {
  const named = c.req.header('x-mimus-mock')
  if (named !== undefined) return named === '' || named === '1' ? 'mock' : `mock-${named}`
  const { gateway, presentedKey } = c.var
  return gateway.keys.length === 0 ? presentedKey : undefined
}

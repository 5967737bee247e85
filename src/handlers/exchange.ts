// One exchange with a caller: its abort, its losses, and the headers every reply carries.

import { lossList, warningsHeader, type Loss } from '#core/losses'
import type { Call, Lose, Modality } from '#core/provider'
import type { WireResponse } from '#core/transport'
import { createCall } from '../routing/attempt.ts'
import { dispatch } from '../routing/dispatch.ts'
import type { Target } from '../routing/registry.ts'
import type { Ctx } from './context.ts'
import { presentedKey } from './presented-key.ts'

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
  const caller = callerSignal(c)
  if (caller?.aborted === true) controller.abort()
  caller?.addEventListener('abort', () => controller.abort(), { once: true })
  return { signal: controller.signal, abort: () => controller.abort() }
}

/** The same for a reply that is sent whole: the connection's own signal is enough, and costs less. */
export function beginWhole(c: Ctx): Exchange {
  const signal = callerSignal(c)
  return signal === undefined ? begin(c) : { signal, abort: () => undefined }
}

const callerSignal = (c: Ctx): AbortSignal | undefined =>
  c.get('gateway').platform.callerSignal(c.req.raw)

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
  const gateway = c.get('gateway')
  const { exchange } = order
  const strict = (): boolean => order.strict === true || c.req.header('x-mimus-strict') === '1'
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
      now: () => gateway.platform.clock.now(),
      fetchAsset: gateway.fetchAsset,
      signal: exchange.signal,
      lose: list.lose,
      callerKey: target.mocked ? scenarioKey(c) : undefined,
    })
    return attempt(target, call, list.lose)
  })
  const requestId = c.get('requestId')
  const named = upstream['x-request-id'] ?? upstream['request-id'] ?? requestId
  const headers: Record<string, string> = {
    // Each SDK looks under its own name.
    'x-request-id': named,
    'request-id': named,
    ...upstream,
    'x-mimus-request-id': requestId,
    'x-mimus-target': outcome.target.name,
    'x-mimus-attempts': String(outcome.attempts),
  }
  if (outcome.target.mocked) headers['x-mimus-mock'] = '1'
  if (losses.length > 0 || route.notes.length > 0)
    headers['x-mimus-warnings'] = warningsHeader(losses, route.notes)
  return { value: outcome.value, target: outcome.target, headers }
}

/** The provider's own ids of the request, for its support. */
const passedHeaders = ['x-request-id', 'request-id']

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
  const gateway = c.get('gateway')
  return gateway.keys.length === 0 ? presentedKey(c) : undefined
}

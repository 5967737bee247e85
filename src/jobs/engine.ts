// Brings a job to its end: the only place that waits for one.

import { GatewayError, type ErrorKind } from '#core/error'
import type { Json } from '#core/json'
import type { Call, Deferred, Modality, RequestOf, ResultOf } from '#core/provider'
import type { WireRequest } from '#core/transport'
import type { Clock } from '../platform/ports.ts'

/** Each wait is longer than the last by this factor, unless the provider asks for more. */
const growth = 1.5
/** The longest wait that growth leads to. */
const longestWaitMs = 10_000
/** How many status questions in a row may fail before the job is given up: asking again costs nothing. */
const failedPollsAllowed = 3
/** How long the provider may take to accept a cancellation. */
const cancelPatienceMs = 5_000

/** Failures of a status question after which the job may still be well. */
const passing: ReadonlySet<ErrorKind> = new Set([
  'upstream',
  'overloaded',
  'rate_limited',
  'timeout',
])

/**
 * Starts a job and polls it until it is done.
 *
 * When `call.signal` fires, the job is cancelled at the provider, once and as well as that goes.
 * `call.send` must honour a `signal` of the request over the call's own: the cancellation is sent
 * after the call's signal has fired.
 *
 * @throws GatewayError what the adapter throws; `cancelled`, or the `GatewayError` the signal was aborted with.
 */
export async function finish<M extends Modality>(
  adapter: Deferred<M>,
  request: RequestOf<M>,
  call: Call,
  clock: Clock,
): Promise<ResultOf<M>> {
  let state = await adapter.start(request, call)
  const poll = patient(adapter, call, clock)
  let wait = 0
  while (state.status === 'pending') {
    const { ticket, pollAfterMs } = state
    wait = Math.max(pollAfterMs, Math.min(wait * growth, longestWaitMs))
    try {
      await clock.sleep(wait, call.signal)
      state = await poll(ticket, wait)
    } catch (error) {
      if (!call.signal.aborted) throw error
      await cancel(adapter, ticket, call, clock)
      throw abortError(call.signal)
    }
  }
  return state.result
}

/** Polls; a question the network or a busy provider swallowed is asked again. */
function patient<M extends Modality>(adapter: Deferred<M>, call: Call, clock: Clock) {
  let failedPolls = 0
  let unanswered: unknown
  const watched: Call = {
    ...call,
    async send(wire) {
      try {
        return await call.send(wire)
      } catch (error) {
        unanswered = error
        throw error
      }
    },
  }
  return async function poll(ticket: Json, wait: number): ReturnType<typeof adapter.poll> {
    for (;;) {
      unanswered = undefined
      try {
        const state = await adapter.poll(ticket, watched)
        failedPolls = 0
        return state
      } catch (error) {
        // What the adapter itself says of the job is final; only a failed exchange may be repeated.
        if (error !== unanswered || !(error instanceof GatewayError) || !passing.has(error.kind))
          throw error
        failedPolls += 1
        if (failedPolls > failedPollsAllowed) throw error
        await clock.sleep(Math.max(wait, error.details.retryAfterMs ?? 0), call.signal)
      }
    }
  }
}

async function cancel<M extends Modality>(
  adapter: Deferred<M>,
  ticket: Json,
  call: Call,
  clock: Clock,
): Promise<void> {
  if (adapter.cancel === undefined) return
  const limit = new AbortController()
  const answered = new AbortController()
  void clock.sleep(cancelPatienceMs, answered.signal).then(
    () => limit.abort(),
    () => undefined,
  )
  const { signal } = limit
  const send = (wire: WireRequest) => call.send({ ...wire, signal })
  try {
    await adapter.cancel(ticket, { ...call, signal, send })
  } catch {
    // The caller has left and the job ends by itself: there is nobody to tell.
  } finally {
    answered.abort()
  }
}

function abortError(signal: AbortSignal): GatewayError {
  const reason: unknown = signal.reason
  return reason instanceof GatewayError
    ? reason
    : new GatewayError('cancelled', 'The request was cancelled', { cause: reason })
}

// The loop: try a target, fall to the next one where the failure allows it.

import { errorKinds, GatewayError } from '#core/error'
import { failed } from './attempt.ts'
import type { Route, Target } from './registry.ts'

export interface Outcome<T> {
  target: Target
  value: T
  attempts: number
}

/**
 * Tries the targets in order until one has the first piece of an answer in hand.
 * @throws GatewayError the last failure, when no target is left or the failure is the caller's own.
 */
export async function dispatch<T>(
  route: Route,
  signal: AbortSignal,
  attempt: (target: Target) => Promise<T>,
): Promise<Outcome<T>> {
  let failure: GatewayError | undefined
  let attempts = 0
  for (const target of route.targets) {
    attempts++
    try {
      return { target, value: await attempt(target), attempts }
    } catch (thrown) {
      failure = failed(thrown, target)
      if (signal.aborted || !errorKinds[failure.kind].elsewhere) throw failure
    }
  }
  throw failure ?? new GatewayError('internal', 'The route has no targets')
}

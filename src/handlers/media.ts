// What the media handlers share.

import type { MediaRequest, MediaUsage } from '#core/media'
import type { Call, Lose, Modality, RequestOf, ResultOf } from '#core/provider'
import { GatewayError } from '#core/error'
import { finish } from '../jobs/engine.ts'
import type { Target } from '../routing/registry.ts'
import type { Ctx } from './context.ts'

/** Runs the target's adapter, at once or as a job waited for, and reports the fields it cannot carry. */
export async function run<M extends Modality>(
  c: Ctx,
  modality: M,
  target: Target,
  request: RequestOf<M>,
  call: Call,
): Promise<ResultOf<M>> {
  const adapter = target.provider.adapters[modality]
  if (adapter === undefined)
    throw new GatewayError('unsupported', `${target.name} does not do ${modality}`, {
      param: 'model',
    })
  return adapter.run === undefined
    ? finish(adapter, request, call, c.get('gateway').platform.clock)
    : adapter.run(request, call)
}

/** Tells of the fields only the caller's protocol has, where the target does not take them. */
export function reportExtra(
  request: MediaRequest,
  modality: Modality,
  target: Target,
  lose: Lose,
): void {
  const { protocol, fields } = request.extra
  const carries = target.provider.adapters[modality]?.carries
  for (const field of Object.keys(fields))
    if (carries?.(protocol, field) !== true)
      lose(field, `${field} has no counterpart at ${target.name} and was left out`)
}

const counters = [
  'inputTokens',
  'outputTokens',
  'inputTextTokens',
  'inputImageTokens',
  'inputAudioTokens',
  'images',
  'seconds',
  'characters',
] as const satisfies readonly (keyof MediaUsage)[]

/** What several calls used together. */
export function addUsage(left: MediaUsage, right: MediaUsage): MediaUsage {
  const total: MediaUsage = { ...left }
  for (const key of counters) {
    const value = right[key]
    if (value !== undefined) total[key] = (total[key] ?? 0) + value
  }
  return total
}

export const seconds = (c: Ctx): number => Math.floor(c.get('gateway').platform.clock.now() / 1000)

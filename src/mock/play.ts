// Plays a scenario around a route: before it (refusals, waiting) and on its reply (spoilt bodies).

import { concat, gather, textOf, utf8 } from '#core/bytes'
import { dice, hash } from './chance.ts'
import type { MockFailure } from './dialect.ts'
import { isRefusal, measures, refusals } from './scenario.ts'
import { countUp, type MockCall } from './world.ts'

/** What is answered instead of asking the route; `undefined` when the route shall answer. */
export async function play(call: MockCall): Promise<MockFailure | Response | undefined> {
  const { world, scope } = call
  if (call.scenario === 'plain') call.scenario = world.scripts?.chaos(scope) ?? 'plain'
  const { scenario } = call
  if (call.entry !== undefined) call.entry.scenario = scenario
  if (isRefusal(scenario)) return refusals[scenario]
  switch (scenario) {
    case 'plain':
    case 'garbage':
    case 'error-in-stream':
      return undefined
    case 'flaky':
      return countUp(world.memory, scope, 'flaky') % 2 === 1 ? { kind: 'overloaded' } : undefined
    case 'timeout':
      await world.sleep(measures.timeout, call.signal)
      return { kind: 'timeout' }
    case 'slow':
      call.pace = { ...call.pace, first: measures.slowHead, between: measures.slowChunk }
      return undefined
    case 'cut':
      call.cutAfter = measures.cutAfter
      return undefined
    case 'not-json':
      return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
    case 'empty':
      return new Response('', { headers: { 'content-type': 'application/json' } })
    default:
      return scenario satisfies never
  }
}

const page =
  '<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><h1>Checking your connection</h1></body></html>\n'

/** The reply of the route as the scenario wants it. */
export async function spoil(
  response: Response,
  call: Pick<MockCall, 'scenario' | 'failsInStream'>,
): Promise<Response | MockFailure> {
  if (call.scenario === 'error-in-stream')
    return call.failsInStream === true ? response : { kind: 'server-error' }
  if (call.scenario !== 'garbage' || response.body === null) return response
  const { status } = response
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  const type = headers.get('content-type') ?? ''
  return new Response(await garbage(response.body, type), { status, headers })
}

async function garbage(
  body: ReadableStream<Uint8Array>,
  type: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (type.includes('event-stream')) {
    const reader = body.getReader()
    const first = (await reader.read()).value ?? new Uint8Array(0)
    await reader.cancel()
    // Clients skip events without a name where the vendor names them all.
    const [name = ''] = /^event: .*\n/m.exec(textOf(first)) ?? []
    return own(concat([first, utf8.encode(`${name}data: {"broken": [\n\n`)]))
  }
  const bytes = await gather(body)
  if (type.includes('json') || type.startsWith('text/'))
    return own(bytes.subarray(0, bytes.length / 2))
  const roll = dice(hash('garbage'))
  return Uint8Array.from({ length: Math.min(bytes.length, 512) }, () => roll(256))
}

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

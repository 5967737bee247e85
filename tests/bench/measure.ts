// One case against one pair of servers, in rounds that take turns, so that a noisy minute hurts both.

import { wireRequest, type Case, type Kind } from './cases.ts'
import { hold, load, type LoadResult } from './load.ts'
import type { Server } from './process.ts'
import { token } from './replies.ts'
import { sides, type Side, type Start } from './runtimes.ts'
import type { Upstream } from './upstream.ts'

export interface Plan {
  rounds: number
  /** Milliseconds of each part of a round. */
  warmUp: number
  busy: Record<Kind, number>
  quiet: number
  /** Open streams for the memory measure; 0 leaves it out. */
  held: number
}

/** What is measured; times in microseconds, memory in bytes. `p50`, `p99` and `token` are beyond the upstream's own. */
export type Measure = 'cpu' | 'event' | 'p50' | 'p99' | 'token' | 'memory'

/** One round of one side. */
export type Sample = Partial<Record<Measure, number>>

export type Samples = Record<Side, Sample[]>

/** @throws Error when a server refuses or breaks. */
export async function measure(
  which: Case,
  servers: Record<Side, Server>,
  upstream: Upstream,
  plan: Plan,
): Promise<Samples> {
  const samples: Samples = { bare: [], gateway: [] }
  const bench: Bench = { which, upstream, plan }
  for (const side of sides) await busy(bench, servers[side], longStream, plan.warmUp)
  for (let round = 0; round < plan.rounds; round++) {
    const direct = await quiet(bench, upstream)
    // Neither side is always the one that goes first.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const own = await sample(bench, servers[side])
      samples[side].push(beyond(own, direct))
    }
  }
  return samples
}

/** Lets a new process compile what all cases share, before the first of them is measured. */
export async function warmUp(
  which: Case,
  server: Server,
  upstream: Upstream,
  plan: Plan,
): Promise<void> {
  await busy({ which, upstream, plan }, server, longStream, plan.warmUp * 3)
}

interface Bench {
  which: Case
  upstream: Upstream
  plan: Plan
}

const waits = ['p50', 'p99', 'token'] as const satisfies Measure[]

/** The sample with the upstream's own times taken off. */
function beyond(own: Sample, direct: Sample): Sample {
  const added = { ...own }
  for (const name of waits) {
    const through = own[name]
    const without = direct[name]
    if (through !== undefined && without !== undefined) added[name] = through - without
  }
  return added
}

/** Events of text in the two lengths of stream. */
const longStream = 50
const shortStream = 5

async function sample(bench: Bench, server: Server): Promise<Sample> {
  const { kind } = bench.which
  const milliseconds = bench.plan.busy[kind]
  const cpu = await busy(bench, server, longStream, milliseconds)
  const waited = await quiet(bench, server)
  if (kind !== 'stream') return { cpu, ...waited }
  const short = await busy(bench, server, shortStream, milliseconds / 2)
  return { cpu, event: (cpu - short) / (longStream - shortStream), ...waited }
}

/** CPU a request, or a stream of `events`, with all connections asking. */
async function busy(
  bench: Bench,
  server: Server,
  events: number,
  milliseconds: number,
): Promise<number> {
  const before = server.cpu()
  const { times } = await ask(bench, server.port, { events, milliseconds })
  return (server.cpu() - before) / times.length
}

/** Waiting times with one connection asking. */
async function quiet(bench: Bench, server: { port: number }): Promise<Sample> {
  const { kind } = bench.which
  const milliseconds = bench.plan.quiet
  const { times, firstTokens } = await ask(bench, server.port, {
    events: shortStream,
    milliseconds,
    connections: 1,
  })
  if (kind === 'stream') return { token: quantile(firstTokens, 0.5) }
  const p50 = quantile(times, 0.5)
  return kind === 'media' ? { p50 } : { p50, p99: quantile(times, 0.99) }
}

interface Manner {
  events: number
  milliseconds: number
  connections?: number
}

function ask({ which, upstream }: Bench, port: number, manner: Manner): Promise<LoadResult> {
  const { events, milliseconds, connections = which.connections } = manner
  const requests = requestsOf(which, events, connections)
  if (which.kind !== 'stream') return load({ port, requests, milliseconds })
  const seen = (connection: number): void => upstream.advance(String(connection))
  return load({ port, requests, milliseconds, token, seen })
}

const requestsOf = (which: Case, events: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) =>
    wireRequest(which, which.kind === 'stream' ? `events=${events} stream=${index}` : ''),
  )

/** Memory that open streams take, in a process that has served some before. */
export async function heldMemory(
  which: Case,
  start: Start,
  upstream: Upstream,
  plan: Plan,
): Promise<number> {
  const server = await start()
  try {
    const { port } = server
    const manner = { events: shortStream, milliseconds: plan.warmUp, connections: 50 }
    await ask({ which, upstream, plan }, port, manner)
    await settle()
    const before = server.memory()
    const requests = requestsOf(which, shortStream, plan.held)
    const release = await hold({ port, requests, milliseconds: 0, token })
    await settle()
    const after = server.memory()
    await release()
    return after - before
  } finally {
    await server.stop()
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700))

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (upper + lower) / 2
}

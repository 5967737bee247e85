// `npm run bench`: the gateway beside a bare proxy on the same runtime, in one run, as ratios.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzippedSize, workerd } from './bundle.ts'
import { cases, type Case } from './cases.ts'
import { heldMemory, measure, warmUp, type Plan, type Samples } from './measure.ts'
import { pinned, pinSelf, type Server } from './process.ts'
import { machine, rowsOf, table, type Row } from './report.ts'
import {
  gatewayBundle,
  prepare,
  runtimeNames,
  sides,
  type Runtime,
  type RuntimeName,
} from './runtimes.ts'
import { startUpstream, type Upstream } from './upstream.ts'

const plans = {
  full: {
    rounds: 3,
    warmUp: 500,
    busy: { chat: 500, stream: 500, media: 600 },
    quiet: 200,
    held: 1000,
  },
  quick: {
    rounds: 2,
    warmUp: 200,
    busy: { chat: 150, stream: 150, media: 100 },
    quiet: 80,
    held: 0,
  },
} as const satisfies Record<string, Plan>

const usage = `npm run bench -- [--quick] [--only <part of a case's name>,...] [--runtime node|workerd]
Cases: ${cases.map(({ id }) => id).join(', ')}`

interface Run {
  plan: Plan
  chosen: readonly Case[]
  upstream: Upstream
  folder: string
  /** What could not be measured. */
  failures: string[]
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      runtime: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  if (!existsSync('/proc/self/stat'))
    throw new Error('The benchmark reads CPU times from /proc, which only Linux has')
  const words = values.only.split(',')
  const folder = mkdtempSync(join(tmpdir(), 'mimus-bench-'))
  pinSelf()
  const upstream = await startUpstream()
  const run: Run = {
    plan: values.quick ? plans.quick : plans.full,
    chosen: cases.filter(
      ({ id, main }) =>
        words.some((word) => id.includes(word)) && (main || !values.quick || values.only !== ''),
    ),
    upstream,
    folder,
    failures: [],
  }
  try {
    introduce(run.plan)
    for (const name of runtimeNames)
      if (values.runtime === undefined || values.runtime === name) await benchmark(name, run)
    for (const failure of run.failures) console.log(`\nNot measured: ${failure}`)
    if (run.failures.length > 0) process.exitCode = 1
  } finally {
    upstream.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function introduce(plan: Plan): void {
  const version = execFileSync(workerd, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`${machine(version)}.`)
  console.log(
    pinned
      ? 'The server under test has a core of its own; its callers and the upstream share another.'
      : 'Not pinned: the server under test, its callers and the upstream share all cores.',
  )
  console.log(
    `Medians of ${plan.rounds} rounds, bare and gateway in turns. CPU is user and system time of the whole process, a request;` +
      ' a stream has 50 events of text. "Added" is time beyond asking the upstream directly, with one caller.',
  )
}

async function benchmark(name: RuntimeName, run: Run): Promise<void> {
  const runtime = await prepare(name, run.upstream.port, run.folder)
  const rows = [...(await rates(name, runtime, run)), ...(await memories(name, runtime, run))]
  console.log(`\n${table(`on ${name}`, rows)}`)
  if (name === 'workerd' && existsSync(gatewayBundle(run.folder)))
    console.log(
      `\nThe Worker's bundle: ${(gzippedSize(gatewayBundle(run.folder)) / 1000).toFixed(1)} kB gzipped.`,
    )
}

async function rates(name: RuntimeName, runtime: Runtime, run: Run): Promise<Row[]> {
  const started: Server[] = []
  const rows: Row[] = []
  try {
    for (const side of sides) started.push(await runtime[side]())
    const [bare, gateway] = started
    const [first] = run.chosen
    if (bare === undefined || gateway === undefined || first === undefined) return []
    for (const server of started) await warmUp(first, server, run.upstream, run.plan)
    for (const which of run.chosen) {
      progress(`${name}: ${which.title}`)
      try {
        const samples = await measure(which, { bare, gateway }, run.upstream, run.plan)
        rows.push(...rowsOf(which.title, samples))
      } catch (thrown) {
        run.failures.push(`${name}, ${which.title}: ${messageOf(thrown)}`)
      }
    }
  } catch (thrown) {
    run.failures.push(`${name}: ${messageOf(thrown)}`)
  } finally {
    for (const server of started) await server.stop()
  }
  return rows
}

async function memories(name: RuntimeName, runtime: Runtime, run: Run): Promise<Row[]> {
  const { held } = run.plan
  const rows: Row[] = []
  for (const which of run.chosen) {
    if (which.kind !== 'stream' || !which.main || held === 0) continue
    progress(`${name}: memory of ${which.title}`)
    const samples: Samples = { bare: [], gateway: [] }
    try {
      for (const side of sides)
        samples[side].push({
          memory: await heldMemory(which, runtime[side], run.upstream, run.plan),
        })
      rows.push(...rowsOf(`${held} open streams, ${which.title.replace('stream, ', '')}`, samples))
    } catch (thrown) {
      run.failures.push(`${name}, memory of ${which.title}: ${messageOf(thrown)}`)
    }
  }
  return rows
}

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

await main()

// From samples to a Markdown table: what was measured, and never a verdict on it.

import { cpus } from 'node:os'
import { median, type Measure, type Samples } from './measure.ts'

export interface Row {
  title: string
  bare: string
  gateway: string
  ratio: string
  spread: string
}

const measures: Record<Measure, { title: string; show: (value: number) => string }> = {
  cpu: { title: 'CPU', show: (value) => time(value) },
  event: { title: 'CPU an event', show: (value) => time(value) },
  p50: { title: 'added p50', show: (value) => time(value) },
  p99: { title: 'added p99', show: (value) => time(value) },
  token: { title: 'added time to first token, p50', show: (value) => time(value) },
  memory: { title: 'memory', show: (value) => `${(value / 1024 / 1024).toFixed(1)} MB` },
}

/** Microseconds. */
const time = (value: number): string =>
  Math.abs(value) < 10_000
    ? `${value.toFixed(value < 100 ? 1 : 0)} us`
    : `${(value / 1000).toFixed(1)} ms`

/** A row for each measure of a case; the ratio is the median of the rounds' ratios. */
export function rowsOf(title: string, samples: Samples): Row[] {
  const rows: Row[] = []
  for (const [name, { title: what, show }] of entries(measures)) {
    const bare = samples.bare.flatMap((sample) => sample[name] ?? [])
    const gateway = samples.gateway.flatMap((sample) => sample[name] ?? [])
    if (bare.length === 0) continue
    const ratios = gateway.map((value, round) => value / (bare[round] ?? Number.NaN))
    // Below nothing there are no ratios: the noise was larger than the time.
    const sound = [...bare, ...gateway].every((value) => value > 0)
    rows.push({
      title: `${title}: ${what}`,
      bare: show(median(bare)),
      gateway: show(median(gateway)),
      ratio: sound ? median(ratios).toFixed(2) : '-',
      spread: sound
        ? `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
        : '-',
    })
  }
  return rows
}

const entries = (table: typeof measures): [Measure, (typeof measures)[Measure]][] =>
  measureNames.map((name) => [name, table[name]])

const measureNames = ['cpu', 'event', 'p50', 'p99', 'token', 'memory'] as const

/** A Markdown table with its columns in line. */
export function table(heading: string, rows: readonly Row[]): string {
  const lines = [
    [heading, 'bare', 'gateway', 'ratio', 'spread'],
    ...rows.map(({ title, bare, gateway, ratio, spread }) => [title, bare, gateway, ratio, spread]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const draw = (line: string[]): string =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  const [first = [], ...rest] = lines
  return [draw(first), rule, ...rest.map(draw)].join('\n')
}

/** The machine, in a line. */
export function machine(workerdVersion: string): string {
  const [first, ...others] = cpus()
  return `${others.length + 1} cores of ${first?.model ?? 'an unknown CPU'}; Node ${process.version}; ${workerdVersion}`
}

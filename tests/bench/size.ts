// Weighs the Worker's bundle against a ratchet that only goes down; `--update` lowers it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, gzippedSize } from './bundle.ts'

/** Bytes: what a Worker should never need, whatever the ratchet says. */
const most = 500_000

const ratchet = join(import.meta.dirname, 'size.json')

async function weigh(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-size-'))
  try {
    await bundle(join(import.meta.dirname, '../../src/worker.ts'), folder)
    return gzippedSize(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function allowed(): number {
  const value: unknown = JSON.parse(readFileSync(ratchet, 'utf8'))
  if (
    typeof value === 'object' &&
    value !== null &&
    'gzip' in value &&
    typeof value.gzip === 'number'
  )
    return value.gzip
  throw new Error(`${ratchet} must be {"gzip": <bytes>}`)
}

const size = await weigh()
const limit = Math.min(allowed(), most)
if (process.argv.includes('--update') && size <= most)
  writeFileSync(ratchet, `{ "gzip": ${size} }\n`)
else if (size > limit) {
  console.error(
    `The Worker's bundle has ${size} bytes gzipped; at most ${limit} are allowed. Make it smaller, or raise ${ratchet} with --update and say why.`,
  )
  process.exitCode = 1
}
console.log(`The Worker's bundle: ${size} bytes gzipped (ratchet ${limit}).`)

// Builds what other projects install: `mimus/mock` and `mimus/msw`, with their types.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const out = join(root, 'dist')
const entries = ['src/mock.ts', 'src/msw.ts']

const run = (tool: string, ...options: string[]): void => {
  execFileSync(join(root, 'node_modules/.bin', tool), options, { cwd: root, stdio: 'inherit' })
}

rmSync(out, { recursive: true, force: true })
run(
  'esbuild',
  ...entries,
  '--bundle',
  '--splitting',
  '--format=esm',
  '--platform=neutral',
  '--main-fields=module,main',
  '--target=es2022',
  '--external:msw',
  '--outdir=dist',
  '--log-level=warning',
)

const types = join(out, 'types')
run(
  'tsc',
  '--project',
  root,
  '--noEmit',
  'false',
  '--declaration',
  '--emitDeclarationOnly',
  '--noCheck',
  '--rootDir',
  root,
  '--outDir',
  types,
)

const names = /(from\s+|import\()'([^']+)'/g
const kept = new Map<string, string>()
for (const entry of entries) keep(entry)
rmSync(types, { recursive: true })
for (const [file, text] of kept) {
  const target = join(types, file.replace(/^src\//, ''))
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target.replace(/\.ts$/, '.d.ts'), text)
}

/** Keeps the declarations that an entry reaches, with every name made relative. */
function keep(file: string): void {
  if (kept.has(file)) return
  kept.set(file, '')
  const text = readFileSync(join(types, file.replace(/\.ts$/, '.d.ts')), 'utf8')
  kept.set(
    file,
    text.replace(names, (_, before: string, name: string) => {
      const target = fileOf(file, name)
      if (target === undefined) return `${before}'${name}'`
      keep(target)
      const path = relative(dirname(file), target).replace(/\.ts$/, '.js')
      return `${before}'${path.startsWith('.') ? path : `./${path}`}'`
    }),
  )
}

/** The file of this repository that an import names; `undefined` for a package. */
function fileOf(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return join(dirname(from), name)
  const alias = /^#(core|protocols|mock)\/(.+)$/.exec(name)
  return alias === null ? undefined : `src/${alias[1]}/${alias[2]}.ts`
}

// Writes providers/index.ts: one static import for each folder, which works in every runtime and bundler.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../providers')

/** The text of `providers/index.ts` for the folders there are. */
export function providerIndex(): string {
  const ids = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .sort()
  const name = (id: string): string =>
    id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return [
    '// Written by `npm run providers`.',
    '',
    "import type { Provider } from '#core/provider'",
    ...ids.map((id) => `import ${name(id)} from './${id}/index.ts'`),
    '',
    'export const providers: readonly Provider[] = [',
    ...ids.map((id) => `  ${name(id)},`),
    ']',
    '',
  ].join('\n')
}

if (import.meta.main) {
  const path = join(folder, 'index.ts')
  const text = providerIndex()
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
}

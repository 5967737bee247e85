// Workers as they are deployed: bundled by wrangler, weighed, and served by workerd alone.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)
const wrangler = join(require.resolve('wrangler/package.json'), '../bin/wrangler.js')

/** The workerd that wrangler brings. */
export const workerd = join(
  createRequire(wrangler).resolve('workerd/package.json'),
  '../bin/workerd',
)

/** Bundles a Worker into `folder` as `wrangler deploy` would. @throws Error with what wrangler said. */
export async function bundle(entry: string, folder: string): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [wrangler, 'deploy', entry, '--dry-run', '--outdir', folder],
    {
      cwd: root,
      env: {
        ...process.env,
        CI: '1',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_LOG_PATH: join(folder, 'logs'),
      },
    },
  )
}

/** Bytes of a bundle as it is uploaded, compressed. */
export function gzippedSize(folder: string): number {
  return modulesIn(folder)
    .map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0)
}

const modulesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(m?js|wasm|bin|txt)$/.test(entry.name))
    .map((entry) => entry.name)

/** Writes a workerd configuration that serves the bundle in `folder`; gives its path. */
export function writeWorkerdConfig(
  folder: string,
  port: number,
  bindings: Record<string, string>,
): string {
  const settings = readFileSync(join(root, 'wrangler.toml'), 'utf8')
  const date = /^compatibility_date = "(.+)"$/m.exec(settings)?.[1] ?? ''
  const [script, ...others] = modulesIn(folder)
  if (script === undefined || others.length > 0)
    throw new Error(`One module was expected in ${folder}`)
  const variables = Object.entries(bindings).map(
    ([name, text]) => `(name = "${name}", text = "${text}")`,
  )
  const path = join(folder, 'config.capnp')
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "${script}")],
  compatibilityDate = "${date}",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [${variables.join(', ')}],
  globalOutbound = "internet",
);
`,
  )
  return path
}

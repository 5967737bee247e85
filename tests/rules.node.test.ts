// Who may import whom (README, The request path): the arrows of the architecture, checked.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { providerIndex } from '../config/providers.ts'
import { providers } from '../providers/index.ts'

const root = join(import.meta.dirname, '..')

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))

const sources = [...filesIn('src'), ...filesIn('providers'), ...filesIn('config')]

interface Import {
  from: string
  /** A path of this repository, or the name of a package. */
  to: string
  typeOnly: boolean
}

const aliases: Record<string, string> = {
  '#kit': 'src/kit.ts',
  '#core/': 'src/core/',
  '#protocols/': 'src/protocols/',
  '#mock/': 'src/mock/',
  '#config/': 'config/',
}

function resolveName(from: string, name: string): string {
  if (name.startsWith('.')) return join(dirname(from), name)
  const alias = Object.keys(aliases).find(
    (key) => name === key || (key.endsWith('/') && name.startsWith(key)),
  )
  if (alias === undefined) return name
  const target = `${aliases[alias] ?? ''}${name.slice(alias.length)}`
  return target.endsWith('.ts') ? target : `${target}.ts`
}

const imports: Import[] = sources.flatMap((from) =>
  [
    ...readFileSync(join(root, from), 'utf8').matchAll(
      /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gm,
    ),
  ].map(([, type, name]) => ({
    from,
    to: resolveName(from, name ?? ''),
    typeOnly: type !== undefined,
  })),
)

/** For each place, the places and packages it may import; the first place that fits a file counts. */
const arrows: [place: string, allowed: string[]][] = [
  ['src/core/', ['src/core/']],
  ['src/protocols/', ['src/core/', 'src/protocols/']],
  ['src/routing/', ['src/core/', 'src/routing/', 'leven']],
  ['src/jobs/', ['src/core/', 'src/jobs/', 'src/platform/ports.ts']],
  ['src/mock/', ['src/core/', 'src/protocols/', 'src/mock/', 'hono']],
  ['src/mock.ts', ['src/', 'providers/index.ts']],
  ['src/msw.ts', ['src/', 'providers/index.ts', 'msw']],
  ['src/platform/local/', ['src/core/', 'src/platform/', 'undici', 'node:']],
  ['src/platform/cloudflare/', ['src/core/', 'src/platform/', 'cloudflare:workers']],
  ['src/platform/', ['src/core/', 'src/platform/', 'ipaddr.js']],
  [
    'src/handlers/',
    [
      'src/core/',
      'src/protocols/',
      'src/routing/',
      'src/jobs/',
      'src/handlers/',
      'src/gateway.ts',
      'src/boot.ts',
      'hono',
    ],
  ],
  [
    'src/middleware/',
    [
      'src/core/',
      'src/middleware/',
      'src/handlers/context.ts',
      'src/handlers/errors.ts',
      'src/handlers/presented-key.ts',
      'src/boot.ts',
      'src/gateway.ts',
    ],
  ],
  ['src/kit.ts', ['src/core/', 'src/protocols/', 'src/mock/']],
  ['src/gateway.ts', ['src/core/', 'src/routing/', 'src/platform/', 'config/schema.ts']],
  [
    'src/custom-providers.ts',
    ['src/core/', 'src/protocols/', 'src/mock/', 'config/schema.ts', 'hono'],
  ],
  ['src/boot.ts', ['src/core/', 'src/gateway.ts', 'config/schema.ts']],
  [
    'src/app.ts',
    ['src/core/', 'src/protocols/', 'src/handlers/', 'src/middleware/', 'src/gateway.ts', 'hono'],
  ],
  ['src/node.ts', ['src/', 'config/', 'providers/index.ts', '@hono/node-server']],
  ['src/worker.ts', ['src/', 'config/', 'providers/index.ts']],
  ['config/', ['src/core/', 'config/', 'node:', 'vitest/', '@cloudflare/vitest-plugin']],
]

/** Packages whose types alone may be used: they describe the wire and cost no byte. */
const sdks = ['openai', '@anthropic-ai/sdk', '@google/genai', '@google/generative-ai', 'replicate']

function mayImport({ from, to, typeOnly }: Import): boolean {
  if (typeOnly && sdks.some((sdk) => to === sdk || to.startsWith(`${sdk}/`)))
    return from.startsWith('src/protocols/') || from.startsWith('providers/')
  const provider = /^providers\/([^/]+)\//.exec(from)?.[1]
  if (provider !== undefined)
    return to === 'src/kit.ts' || to === 'hono' || to.startsWith(`providers/${provider}/`)
  if (from === 'providers/index.ts')
    return to.startsWith('providers/') || to === 'src/core/provider.ts'
  const allowed = arrows.find(([place]) => from.startsWith(place))?.[1] ?? []
  return allowed.some(
    (place) => to === place || to.startsWith(place.endsWith('.ts') ? `${place} ` : place),
  )
}

describe('the architecture', () => {
  it('has only the arrows it should', () => {
    const wrong = imports.filter((one) => !mayImport(one)).map(({ from, to }) => `${from} -> ${to}`)
    expect(wrong).toEqual([])
  })

  it('has no cycles at run time', () => {
    const edges = Map.groupBy(
      imports.filter(({ typeOnly }) => !typeOnly),
      ({ from }) => from,
    )
    const done = new Set<string>()
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file))
        throw new Error([...path.slice(path.indexOf(file)), file].join(' -> '))
      if (done.has(file)) return
      for (const { to } of edges.get(file) ?? []) visit(to, [...path, file])
      done.add(file)
    }
    for (const file of sources) visit(file, [])
  })

  it('keeps the core free of clocks, chance, network and console', () => {
    const impure =
      /\b(Date\.now|Math\.random|(?:await|return|=) fetch\(|console\.|process\.|new Date\(\)|setTimeout)/
    const found = sources
      .filter((file) => file.startsWith('src/core/') || file.startsWith('src/protocols/'))
      .filter((file) =>
        impure.test(readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
      )
    expect(found).toEqual([])
  })

  it("names no provider outside provider folders, protocols and the operator's file", () => {
    const places = [
      'src/core/',
      'src/routing/',
      'src/jobs/',
      'src/platform/',
      'src/middleware/',
      'src/mock/',
    ]
    const names = new RegExp(`['"\`](${providers.map(({ id }) => id).join('|')})['"\`]`)
    const found = sources
      .filter((file) => places.some((place) => file.startsWith(place)))
      .filter((file) => names.test(readFileSync(join(root, file), 'utf8')))
    expect(found).toEqual([])
  })

  it('has a fresh list of providers', () => {
    expect(readFileSync(join(root, 'providers/index.ts'), 'utf8')).toBe(providerIndex())
  })
})

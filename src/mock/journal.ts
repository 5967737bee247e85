// What was sent to the mocks, for tests to look at.

import type { Scenario } from './scenario.ts'

export interface JournalEntry {
  /** Milliseconds since the epoch. */
  at: number
  requestId: string
  scope: string
  scenario: Scenario
  provider?: string
  method: string
  /** Without the query. */
  path: string
  /** The key is masked wherever it stands. */
  url: string
  headers: Record<string, string>
  /** Parsed JSON, the fields of a form (files as `{ name, mediaType, size }`), text, or `undefined`. */
  body: unknown
  model?: string
  /** The name of the rule that answered. */
  rule?: string
  /** Set when the reply's head has been sent. */
  status?: number
  /** How the body ended; `open` while it is being read. */
  delivery: 'open' | 'whole' | 'broken' | 'left'
}

export interface JournalFilter {
  scenario?: Scenario
  scope?: string
  provider?: string
  method?: string
  path?: string | RegExp
  model?: string
  status?: number
  rule?: string
  where?: (entry: JournalEntry) => boolean
}

export interface Journal {
  record(entry: JournalEntry): void
  /** In the order the requests came. */
  entries(filter?: JournalFilter): JournalEntry[]
  last(filter?: JournalFilter): JournalEntry | undefined
  /** Forgets what fits the filter, or everything. */
  clear(filter?: JournalFilter): void
}

/** @param limit The most entries kept; the oldest go first. */
export function createJournal(limit = 1000): Journal {
  let kept: JournalEntry[] = []
  return {
    record(entry) {
      kept.push(entry)
      if (kept.length > limit) kept.shift()
    },
    entries: (filter = {}) => kept.filter((entry) => fits(entry, filter)),
    last: (filter = {}) => kept.findLast((entry) => fits(entry, filter)),
    clear(filter) {
      kept = filter === undefined ? [] : kept.filter((entry) => !fits(entry, filter))
    },
  }
}

function fits(entry: JournalEntry, filter: JournalFilter): boolean {
  const { path, where, ...exact } = filter
  const pathFits =
    path === undefined || (typeof path === 'string' ? entry.path === path : path.test(entry.path))
  return (
    pathFits &&
    exactKeys.every((key) => exact[key] === undefined || exact[key] === entry[key]) &&
    (where === undefined || where(entry))
  )
}

const exactKeys = ['scope', 'scenario', 'provider', 'method', 'model', 'status', 'rule'] as const

/** The headers without secrets: the key is masked wherever it stands, and all that is secret by name. */
export function maskHeaders(headers: Headers, key: string): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name, secretNames.test(name) ? mask : hide(value, key)]),
  )
}

const secretNames = /authorization|cookie|key|token|secret|signature/

/** The text with the key masked, as it is or percent-encoded. */
export const hide = (text: string, key: string): string =>
  key === '' ? text : text.replaceAll(key, mask).replaceAll(encodeURIComponent(key), mask)

const mask = '***'

/** Reads a copy of the request's body. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (request.body === null) return undefined
  if (type.includes('multipart/form-data') || type.includes('x-www-form-urlencoded'))
    return readForm(await request.formData().catch(() => new FormData()))
  const text = await request.text()
  if (type.includes('json') || type === '') return parsed(text)
  return type.startsWith('text/') ? text : { mediaType: type, size: text.length }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function readForm(form: FormData): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of new Set(form.keys())) {
    const values = form
      .getAll(name)
      .map((value) =>
        typeof value === 'string'
          ? value
          : { name: value.name, mediaType: value.type, size: value.size },
      )
    fields[name] = values.length === 1 ? values[0] : values
  }
  return fields
}

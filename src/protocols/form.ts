// Multipart forms as the JSON they stand for, and JSON fields as the forms that OpenAI-shaped APIs read.

import type { Json, JsonObject } from '#core/json'

/** How the text of a field is to be read; `text` when a field is not named. */
export type FormKinds = { [field: string]: 'number' | 'boolean' | 'list' | undefined }

export interface FormContent {
  /** `a[]` and repeated fields as lists, `a[b]` as objects. Text that does not fit its kind stays text. */
  fields: JsonObject
  /** The files of each field, `image[]` under `image`. */
  files: Map<string, File[]>
}

export function readForm(form: FormData, kinds: FormKinds): FormContent {
  const files = new Map<string, File[]>()
  const root: Branch = new Map()
  for (const [name, value] of form.entries()) {
    const { path, isList } = pathOf(name)
    const [field] = path
    if (typeof value === 'string')
      plant(root, path, { text: readText(value, kinds[field]), isList })
    else files.set(field, [...(files.get(field) ?? []), value])
  }
  return { fields: fieldsOf(root, kinds), files }
}

/** Appends a value as the official SDK does: lists as `key[]`, objects as `key[name]`; `null` means nothing. */
export function appendField(form: FormData, key: string, value: Json | undefined): void {
  if (value === undefined || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) appendField(form, `${key}[]`, item)
  } else if (typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) appendField(form, `${key}[${name}]`, item)
  } else {
    form.append(key, String(value))
  }
}

interface Leaf {
  values: Json[]
  isList: boolean
}
type Branch = Map<string, Leaf | Branch>

function pathOf(name: string): { path: [string, ...string[]]; isList: boolean } {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name)
  const [, head = name, tail = ''] = match ?? []
  const inner = [...tail.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)
  const isList = inner.at(-1) === ''
  return { path: [head, ...(isList ? inner.slice(0, -1) : inner)], isList }
}

function plant(branch: Branch, path: readonly string[], found: { text: Json; isList: boolean }) {
  const [key, ...rest] = path
  if (key === undefined) return
  const here = branch.get(key)
  if (rest.length > 0) {
    const next: Branch = here instanceof Map ? here : new Map()
    branch.set(key, next)
    plant(next, rest, found)
  } else if (here === undefined || here instanceof Map) {
    branch.set(key, { values: [found.text], isList: found.isList })
  } else {
    here.values.push(found.text)
  }
}

function fieldsOf(branch: Branch, kinds: FormKinds): JsonObject {
  return Object.fromEntries(
    [...branch].map(([key, value]) => [
      key,
      value instanceof Map ? fieldsOf(value, {}) : valueOf(value, kinds[key] === 'list'),
    ]),
  )
}

function valueOf(leaf: Leaf, wantsList: boolean): Json {
  const [only = null, ...others] = leaf.values
  return wantsList || leaf.isList || others.length > 0 ? leaf.values : only
}

function readText(text: string, kind: FormKinds[string]): Json {
  if (kind === 'number') {
    const number = Number(text)
    return text.trim() !== '' && Number.isFinite(number) ? number : text
  }
  if (kind === 'boolean') return booleans.get(text.toLowerCase()) ?? text
  return text
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

// Drives a protocol's codecs in tests: one call per direction, and ways to break what they are given.

import { expect } from 'vitest'
import type { ChatEvent, ChatRequest } from '#core/chat'
import { isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { Protocol, SseEvent } from '#core/protocol'
import type { Failure, Lose, Model } from '#core/provider'
import type { Bytes } from '#core/transport'

/** A request that asks for nothing special; streams with usage. */
export const plainRequest: ChatRequest = {
  model: 'some-model',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  stream: true,
  streamUsage: true,
  unread: [],
}

/** A model that takes and does everything, under the name the request uses. */
export const ableModel = (id: string): Model => ({
  id,
  does: ['chat'],
  accepts: ['image', 'audio', 'video', 'pdf'],
  replies: ['image', 'audio'],
  can: ['tools', 'json', 'reasoning', 'system-messages'],
})

/** Encodes, and lists the fields the encoder told to have lost. */
export function encodeRequest(
  protocol: Protocol,
  request: ChatRequest,
  model: Model = ableModel(request.model),
): { body: JsonObject; lost: string[] } {
  const lost: string[] = []
  const lose: Lose = (field) => lost.push(field)
  return { body: protocol.request.encode(request, { model, lose }), lost }
}

/** The wire events of a stream of canonical events. */
export function encodeStream(
  protocol: Protocol,
  events: readonly ChatEvent[],
  request: ChatRequest = plainRequest,
): SseEvent[] {
  const encoder = protocol.stream.encoder(request)
  return events.flatMap((event) => encoder.push(event))
}

/** The canonical events of a whole wire stream. @throws what the decoder throws. */
export function decodeStream(protocol: Protocol, wire: readonly SseEvent[]): ChatEvent[] {
  const decoder = protocol.stream.decoder()
  return [...wire.flatMap((event) => decoder.push(event)), ...decoder.finish()]
}

/** A refusal as a provider's `readError` gets it. */
export const failure = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Failure => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, header: (name) => headers[name], text, json: parseJson(text) }
}

/** Freezes a value all the way down, so that a function that writes to its input throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) deepFreeze(item)
  }
  return value
}

/** The golden files whose name ends so, by file name. */
export const golden = (wire: Record<string, string>, ending: string): [string, string][] =>
  Object.entries(wire)
    .filter(([path]) => path.endsWith(ending))
    .map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text])

/** Indexes are dense, every part is started before it grows and ended once, `end` is the last and only one. */
export function expectWellFormed(events: readonly ChatEvent[]): void {
  const open = new Set<number>()
  let count = 0
  expect(events[0]?.type).toBe('start')
  expect(events.filter((event) => event.type === 'start')).toHaveLength(1)
  expect(events.findIndex((event) => event.type === 'end')).toBe(events.length - 1)
  for (const event of events) {
    if (event.type === 'part-start') {
      expect(event.index).toBe(count++)
      open.add(event.index)
    }
    if (event.type === 'part-delta') expect(open).toContain(event.index)
    if (event.type === 'part-end') expect(open.delete(event.index)).toBe(true)
  }
  expect([...open]).toEqual([])
}

/** As the value arrives on the other side: `undefined` is absent. */
export const overWire = (body: Json): unknown => JSON.parse(JSON.stringify(body))

export function jsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) throw new Error('A golden file must hold a JSON object')
  return value
}

export function caught(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (thrown) {
    return thrown
  }
}

export async function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  try {
    return await promise
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}

export async function* chunks(bytes: Uint8Array, cuts: number[]): Bytes {
  const edges = [0, ...cuts.toSorted((left, right) => left - right), bytes.length]
  for (const [at, edge] of edges.entries()) {
    const next = edges[at + 1]
    if (next !== undefined && next > edge) yield bytes.slice(edge, next)
  }
}

/** The body without the values at the paths (`messages[2].name`). */
export function without(body: JsonObject, paths: readonly string[]): JsonObject {
  const copy = structuredClone(body)
  for (const path of paths) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
    const last = keys.pop()
    let holder: unknown = copy
    for (const key of keys) holder = child(holder, key)
    if (isObject(holder) && last !== undefined) delete holder[last]
  }
  return copy
}

const child = (value: unknown, key: string): unknown =>
  Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined

const wrongValues: Json[] = [null, 0, -1, '', 'x', true, [], {}, [null], [{}]]

/** The value with each of its places, one at a time, replaced by something else. */
export function* mutations(value: Json, path = ''): Generator<{ path: string; value: Json }> {
  if (path !== '') for (const wrong of wrongValues) yield { path, value: wrong }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const inner of mutations(item, `${path}[${index}]`))
        yield { path: inner.path, value: value.with(index, inner.value) }
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value))
      if (item !== undefined)
        for (const inner of mutations(item, `${path}.${key}`))
          yield { path: inner.path, value: { ...value, [key]: inner.value } }
  }
}

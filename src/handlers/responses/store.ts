// Responses that the gateway keeps, with the input that led to them.

import { gather, textOf, utf8 } from '#core/bytes'
import { isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { Ctx } from '../context.ts'
import { presentedKey } from '../presented-key.ts'

export interface KeptResponse {
  /** Every item that was said before, the earlier responses of the chain included. */
  input: Json[]
  response: JsonObject
}

/** As long as the vendor keeps them (developers.openai.com, conversation state: 30 days). */
const keptMilliseconds = 30 * 24 * 3_600_000

export async function keep(c: Ctx, id: string, kept: KeptResponse): Promise<void> {
  const { blobs, clock } = c.get('gateway').platform
  await blobs.put(await keyOf(c, id), {
    mediaType: 'application/json',
    expiresAt: clock.now() + keptMilliseconds,
    body: { bytes: utf8.encode(JSON.stringify(kept)) },
  })
}

/** `undefined` when it is unknown, has expired, or belongs to the holder of another key. */
export async function find(c: Ctx, id: string): Promise<KeptResponse | undefined> {
  const stored = await c.get('gateway').platform.blobs.get(await keyOf(c, id))
  if (stored === undefined) return undefined
  const bytes = 'bytes' in stored.body ? stored.body.bytes : await gather(stored.body.stream)
  const value = parseJson(textOf(bytes))
  if (!isObject(value)) return undefined
  const { input, response } = value
  return Array.isArray(input) && isObject(response) ? { input, response } : undefined
}

export const forget = async (c: Ctx, id: string): Promise<void> =>
  c.get('gateway').platform.blobs.delete(await keyOf(c, id))

/** Ids are not secrets: what one key has made, another does not find. */
async function keyOf(c: Ctx, id: string): Promise<string> {
  const owner = c.get('gateway').keys.length === 0 ? '' : (presentedKey(c) ?? '')
  const digest = await crypto.subtle.digest('SHA-256', utf8.encode(`${owner}\n${id}`))
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `response-${hex.join('')}`
}

// Proofs and blocks of other protocols in `encrypted_content`: the one opaque text that callers of this
// protocol keep and give back, so that a conversation can return to the model that made them.

import type { OpaquePart, ReasoningPart, Signature } from '#core/chat'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import { id as protocolId } from './vocabulary.ts'

/** What begins a text of ours; the vendor's own are Fernet tokens. */
const mark = 'mimus:'

/** What an item of type `reasoning` carries besides words. */
export type Carried =
  | { kind: 'proof'; signature?: Signature; redacted?: Signature }
  /** The signature of a call, by its id, or of the text before. */
  | { kind: 'signature'; of?: string; signature: Signature }
  | { kind: 'block'; block: OpaquePart }

/** `encrypted_content` of a thought; `undefined` for one that has no proof. */
export function encodeProof({
  signature,
  redacted,
}: Pick<ReasoningPart, 'signature' | 'redacted'>): string | undefined {
  if (signature === undefined && redacted === undefined) return undefined
  const isPlain = signature === undefined && redacted?.protocol === protocolId
  if (isPlain) return redacted.value
  return wrap(defined({ signature: spell(signature), redacted: spell(redacted) }))
}

export const encodeSignature = (signature: Signature, of?: string): string =>
  wrap(defined({ sign: spell(signature), of }))

export const encodeBlock = ({ protocol, value }: OpaquePart): string =>
  wrap({ block: { protocol, value } })

const wrap = (value: JsonObject): string => mark + JSON.stringify(value)

const spell = (signature: Signature | undefined): JsonObject | undefined =>
  signature === undefined ? undefined : { protocol: signature.protocol, value: signature.value }

/** Whether a text is not the vendor's own. */
export const isForeign = (encrypted: Json | undefined): boolean =>
  typeof encrypted === 'string' && encrypted.startsWith(mark)

/** Reads `encrypted_content`, the vendor's own or ours. */
export function decodeCarried(encrypted: string): Carried {
  const own: Carried = { kind: 'proof', redacted: { protocol: protocolId, value: encrypted } }
  if (!isForeign(encrypted)) return own
  const value = parseJson(encrypted.slice(mark.length))
  if (!isObject(value)) return own
  const sign = signatureOf(value['sign'])
  const { of, block } = value
  if (sign !== undefined)
    return typeof of === 'string'
      ? { kind: 'signature', of, signature: sign }
      : { kind: 'signature', signature: sign }
  if (isObject(block) && typeof block['protocol'] === 'string')
    return {
      kind: 'block',
      block: { type: 'opaque', protocol: block['protocol'], value: block['value'] ?? null },
    }
  return {
    kind: 'proof',
    ...defined({
      signature: signatureOf(value['signature']),
      redacted: signatureOf(value['redacted']),
    }),
  }
}

function signatureOf(value: Json | undefined): Signature | undefined {
  if (!isObject(value)) return undefined
  const { protocol, value: proof } = value
  return typeof protocol === 'string' && typeof proof === 'string'
    ? { protocol, value: proof }
    : undefined
}

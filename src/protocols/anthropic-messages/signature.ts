// Proofs of other protocols on this wire: callers echo thinking blocks as they are, so what is packed comes back.

import type { ReasoningPart, Signature } from '#core/chat'
import { id } from './vocabulary.ts'

/** Our own proofs are base64 and never begin so. */
const foreign = /^@([^@:]+):(.*)$/s
const hidden = /^@@([^@:]+):(.*)$/s

/** The vendor's own value, or `@protocol:value`. */
export const pack = (signature: Signature): string =>
  signature.protocol === id ? signature.value : `@${signature.protocol}:${signature.value}`

export function unpack(text: string): Signature {
  const [, protocol, value] = foreign.exec(text) ?? []
  return protocol === undefined || value === undefined
    ? { protocol: id, value: text }
    : { protocol, value }
}

/**
 * The signature of a thinking block. Reasoning that has both a text and a hidden body (an OpenAI
 * summary with its `encrypted_content`) is a thinking block whose signature is `@@protocol:body`.
 */
export function packProof(part: Pick<ReasoningPart, 'signature' | 'redacted'>): string {
  if (part.signature !== undefined) return pack(part.signature)
  const { redacted } = part
  return redacted === undefined ? '' : `@@${redacted.protocol}:${redacted.value}`
}

/** What a thinking block's signature says. */
export function unpackProof(text: unknown): { signature?: Signature; redacted?: Signature } {
  if (typeof text !== 'string' || text === '') return {}
  const [, protocol, value] = hidden.exec(text) ?? []
  return protocol === undefined || value === undefined
    ? { signature: unpack(text) }
    : { redacted: { protocol, value } }
}

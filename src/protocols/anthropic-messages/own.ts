// Thoughts of other vendors in a body that is Anthropic's own in all else.

import { isObject, type Json, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import { unpackProof } from './signature.ts'
import { id } from './vocabulary.ts'

/** Text that has a proof of another vendor in it, or an empty one, as replies in this protocol carry them. */
export const foreignProof = /"(?:signature|data)"\s*:\s*"[@"]/

/**
 * The body without the thinking blocks that other vendors signed, or nobody: the vendor refuses them. A message
 * with nothing else goes with them. Made for `foreign` of `speaks`; the same object when nothing was left out.
 */
export function ownThoughts(body: JsonObject, _: Model, lose: Lose): JsonObject {
  const { messages } = body
  if (!Array.isArray(messages)) return body
  let isWhole = true
  const kept = messages.flatMap((message, index): Json[] => {
    if (!isObject(message) || !Array.isArray(message['content'])) return [message]
    const content = message['content'].filter((block, place) => {
      if (!isForeign(block)) return true
      isWhole = false
      lose(
        `messages[${index}].content[${place}]`,
        'reasoning that was not signed by this provider was left out',
      )
      return false
    })
    if (content.length === message['content'].length) return [message]
    return content.length === 0 ? [] : [{ ...message, content }]
  })
  return isWhole ? body : { ...body, messages: kept }
}

function isForeign(block: Json): boolean {
  if (!isObject(block)) return false
  const { type } = block
  if (type !== 'thinking' && type !== 'redacted_thinking') return false
  const proof = block[type === 'thinking' ? 'signature' : 'data']
  if (proof === '') return true
  const { signature, redacted } = unpackProof(proof)
  return redacted !== undefined || (signature !== undefined && signature.protocol !== id)
}

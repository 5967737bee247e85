// Thoughts and proofs of other vendors in a body that is OpenAI's own in all else.

import { isObject, type Json, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import { isForeign } from './proof.ts'

/** Text that has what replies in this protocol carry for other vendors. */
export const foreignItems = /"encrypted_content"\s*:\s*"mimus:/

/**
 * The body without the thoughts that other models had, which the vendor cannot read: those whose
 * `encrypted_content` is of the gateway's making. Made for `foreign` of `speaks`; the same object
 * when nothing was left out.
 */
export function ownItems(body: JsonObject, _: Model, lose: Lose): JsonObject {
  const { input } = body
  if (!Array.isArray(input)) return body
  const kept = input.filter((item, index) => {
    if (!isForeignItem(item)) return true
    lose(
      `input[${index}]`,
      'Thoughts of another model cannot be sent to this one and were left out',
    )
    return false
  })
  return kept.length === input.length ? body : { ...body, input: kept }
}

const isForeignItem = (item: Json): boolean =>
  isObject(item) && item['type'] === 'reasoning' && isForeign(item['encrypted_content'])

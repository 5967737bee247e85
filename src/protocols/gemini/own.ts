// Function calls of other models in a body that is Gemini's own in all else.

import { isObject, type Json, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import { dummySignature, wantsSignatures } from './vocabulary.ts'

/** Text that has a function call in it. */
export const functionCalls = /"(?:functionCall|function_call)"/

/**
 * The body with Google's documented stand-in on the first call of each step that has no signature: one
 * that another model made, which the vendor refuses. Made for `foreign` of `speaks`; the same object
 * when nothing is missing.
 */
export function signedCalls(body: JsonObject, model: Model, lose: Lose): JsonObject {
  const { contents } = body
  if (!Array.isArray(contents) || !wantsSignatures(model)) return body
  const missing = new Set(unsignedCalls(contents))
  if (missing.size === 0) return body
  lose('contents', 'function calls that another model made were marked as unsigned')
  return {
    ...body,
    contents: contents.map((content) =>
      isObject(content) && Array.isArray(content['parts'])
        ? {
            ...content,
            parts: content['parts'].map((part) =>
              isObject(part) && missing.has(part)
                ? { ...part, thoughtSignature: dummySignature }
                : part,
            ),
          }
        : content,
    ),
  }
}

/** A step may be several contents in a row: clients keep each event of a stream as one. */
function unsignedCalls(contents: readonly Json[]): JsonObject[] {
  const missing: JsonObject[] = []
  let calls: JsonObject[] = []
  const end = (): void => {
    const [first] = calls
    if (first !== undefined && !calls.some(isSigned)) missing.push(first)
    calls = []
  }
  for (const content of contents) {
    if (!isObject(content) || content['role'] !== 'model') end()
    else if (Array.isArray(content['parts']))
      calls.push(...content['parts'].filter(isObject).filter(isCall))
  }
  end()
  return missing
}

const isCall = (part: JsonObject): boolean =>
  isObject(part['functionCall']) || isObject(part['function_call'])

const isSigned = (part: JsonObject): boolean =>
  part['thoughtSignature'] !== undefined || part['thought_signature'] !== undefined

// Tells the fragments of a choice's tool calls apart, also where hosts number them wrongly.

import type { Signature } from '#core/chat'
import { defined, isObject, type JsonObject } from '#core/json'
import type { Emit } from './choice.ts'
import { decodeExtras } from './reasoning.ts'
import { number, text } from './vocabulary.ts'

interface Call {
  index: number
  /** The number the wire gave it. */
  number: number | undefined
  id: string
  name: string
  signature?: Signature
}

export function callReader(candidate: number, emit: Emit) {
  let calls: Call[] = []
  let count = 0

  /** The call a fragment belongs to; `undefined` for the first of a new one. */
  function find(fragment: JsonObject, id: string, name: string): Call | undefined {
    const named = id === '' ? undefined : calls.find((call) => call.id === id)
    if (named !== undefined) return named
    const at = number(fragment['index'])
    const same = at === undefined ? calls.at(-1) : calls.findLast((call) => call.number === at)
    // A new id on a number in use is a new call: some hosts number every call 0.
    if (same === undefined || id !== '') return undefined
    return name === '' || name === same.name ? same : undefined
  }

  function open(fragment: JsonObject, id: string, name: string): Call {
    const isCustom = fragment['type'] === 'custom' || isObject(fragment['custom'])
    const made = id === '' ? `call_${candidate}_${count}` : id
    count++
    const part = { type: 'tool-call' as const, id: made, name, input: '' }
    const index = emit.start(candidate, isCustom ? { ...part, kind: 'custom' } : part)
    const call: Call = { index, number: number(fragment['index']), id: made, name }
    calls.push(call)
    return call
  }

  return {
    read(fragment: JsonObject): void {
      const custom = fragment['custom']
      const made = isObject(custom) ? custom : fragment['function']
      const fields = isObject(made) ? made : {}
      const id = text(fragment['id']) ?? ''
      const name = text(fields['name']) ?? ''
      const call = find(fragment, id, name) ?? open(fragment, id, name)
      const given = fields['arguments'] ?? fields['input']
      const delta = typeof given === 'string' ? given : isObject(given) ? JSON.stringify(given) : ''
      if (delta !== '') emit.event({ type: 'part-delta', index: call.index, delta })
      const { signature } = decodeExtras(fragment['extra_content'])
      if (signature !== undefined) call.signature = signature
    },
    close(): void {
      for (const { index, signature } of calls) {
        const set = defined({ signature })
        emit.event(
          signature === undefined ? { type: 'part-end', index } : { type: 'part-end', index, set },
        )
      }
      calls = []
    },
  }
}

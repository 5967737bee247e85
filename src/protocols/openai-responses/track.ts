// The parts a stream has begun, and which of them have ended.

import type { AssistantPart, ChatEvent, PartEnd } from '#core/chat'
import type { Carried } from './proof.ts'

export interface Part {
  index: number
  /** UTF-16 units that have come. */
  length: number
  set: PartEnd
  isEnded: boolean
  /** For a signature that comes after: the call's id, or that it is a text. */
  kind: 'text' | 'other' | { call: string }
}

export interface Track {
  open(part: AssistantPart): Part
  grow(part: Part, delta: string): void
  finish(part: Part): void
  /** A part that comes at once. */
  whole(part: AssistantPart): void
  /** A signature that the caller of another protocol kept for a text or a call. */
  sign(carried: Carried & { kind: 'signature' }): void
  /** Ends the parts that waited for a signature. */
  release(): void
  readonly isCalling: boolean
}

export function partTrack(emit: (event: ChatEvent) => void): Track {
  /** Texts and calls that are whole; their signature may be in the next item. */
  let held: Part[] = []
  let count = 0
  let isCalling = false

  function open(part: AssistantPart): Part {
    release()
    if (part.type === 'tool-call') isCalling = true
    emit({ type: 'part-start', index: count, part })
    return { index: count++, length: 0, set: {}, isEnded: false, kind: kindOf(part) }
  }

  function end({ index, set }: Part): void {
    const isPlain = Object.keys(set).length === 0
    emit(isPlain ? { type: 'part-end', index } : { type: 'part-end', index, set })
  }

  function finish(part: Part): void {
    if (part.isEnded) return
    part.isEnded = true
    if (part.kind === 'other') end(part)
    else held.push(part)
  }

  function release(): void {
    for (const part of held) end(part)
    held = []
  }

  return {
    open,
    grow(part, delta) {
      if (delta === '') return
      part.length += delta.length
      emit({ type: 'part-delta', index: part.index, delta })
    },
    finish,
    whole: (part) => finish(open(part)),
    sign({ of, signature }) {
      const part = held.findLast(({ kind }) =>
        of === undefined ? kind === 'text' : typeof kind === 'object' && kind.call === of,
      )
      if (part !== undefined) part.set.signature = signature
    },
    release,
    get isCalling() {
      return isCalling
    },
  }
}

const kindOf = (part: AssistantPart): Part['kind'] =>
  part.type === 'text' ? 'text' : part.type === 'tool-call' ? { call: part.id } : 'other'

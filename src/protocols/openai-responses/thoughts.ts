// Items of type `reasoning`: each summary is a part of its own, the last one has the proof of all.

import type { AssistantPart, ReasoningPart } from '#core/chat'
import { defined } from '#core/json'
import { decodeCarried, type Carried } from './proof.ts'
import { id as protocolId, ownExtra } from './vocabulary.ts'

export interface Thought {
  summary: readonly string[]
  /** The thoughts themselves, of models that show them. */
  content: readonly string[]
  encrypted: string | undefined
}

/** Adds what an item says to an answer: thoughts, or what another protocol left with the caller. */
export function addThought(parts: AssistantPart[], thought: Thought): void {
  const carried = thought.encrypted === undefined ? undefined : decodeCarried(thought.encrypted)
  const isCarrier = carried !== undefined && carried.kind !== 'proof'
  if (isCarrier) return deliver(parts, carried)
  const said = [
    ...thought.summary.map((text) => ({ text, isRaw: false })),
    ...thought.content.map((text) => ({ text, isRaw: true })),
  ]
  if (said.length === 0) said.push({ text: '', isRaw: false })
  for (const [index, { text, isRaw }] of said.entries())
    parts.push({
      ...thoughtPart(text, isRaw, index > 0),
      ...(index === said.length - 1 ? proofOf(carried) : {}),
    })
}

/** `follows` tells a part of the item before from an item of its own. */
export const thoughtPart = (text: string, isRaw: boolean, follows: boolean): ReasoningPart => ({
  type: 'reasoning',
  text,
  ...ownExtra({
    ...(isRaw ? { type: 'reasoning_text' } : {}),
    ...(follows ? { follows } : {}),
  }),
})

export const proofOf = (
  carried: Carried | undefined,
): Pick<ReasoningPart, 'signature' | 'redacted'> =>
  carried?.kind === 'proof'
    ? defined({ signature: carried.signature, redacted: carried.redacted })
    : {}

function deliver(parts: AssistantPart[], carried: Exclude<Carried, { kind: 'proof' }>): void {
  if (carried.kind === 'block') {
    parts.push(carried.block)
    return
  }
  const { of, signature } = carried
  const at = parts.findLastIndex((part) =>
    of === undefined ? part.type === 'text' : part.type === 'tool-call' && part.id === of,
  )
  const part = parts[at]
  if (part !== undefined) parts[at] = { ...part, signature }
}

/** Whether a part is what the model thought, not a summary of it. */
export const isRaw = (part: ReasoningPart): boolean =>
  part.extra?.[protocolId]?.['type'] === 'reasoning_text'

/** Whether a part belongs to the item of the part before. */
export const follows = (part: ReasoningPart): boolean =>
  part.extra?.[protocolId]?.['follows'] === true

// Which parts of an answer make one item of `input`.

import type { AssistantPart, ReasoningPart, RefusalPart, TextPart } from '#core/chat'
import { follows } from './thoughts.ts'
import { id as protocolId } from './vocabulary.ts'

/** Parts of an answer that make one item, with where the first of them stands. */
interface Run {
  at: number
  parts: [AssistantPart, ...AssistantPart[]]
}

export function runsOf(content: readonly AssistantPart[]): Run[] {
  const runs: Run[] = []
  for (const [at, part] of content.entries()) {
    const run = runs.at(-1)
    if (run !== undefined && joins(run.parts[0], part)) run.parts.push(part)
    else runs.push({ at, parts: [part] })
  }
  return runs
}

/** Whether a part belongs to the item that another has begun. */
function joins(first: AssistantPart, part: AssistantPart): boolean {
  if (isSpoken(first) && isSpoken(part)) return phaseOf(first) === phaseOf(part)
  return first.type === 'reasoning' && part.type === 'reasoning' && follows(part)
}

export type Spoken = TextPart | RefusalPart

export const isSpoken = (part: AssistantPart): part is Spoken =>
  part.type === 'text' || part.type === 'refusal'

export const isThought = (part: AssistantPart): part is ReasoningPart => part.type === 'reasoning'

export const phaseOf = (part: Spoken) => part.extra?.[protocolId]?.['phase']

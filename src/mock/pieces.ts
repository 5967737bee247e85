import type { AssistantPart, ChatEvent } from '#core/chat'

/** The same events with deltas cut into pieces of so many words, and sounds into pieces of sound. */
export const pieces = (events: readonly ChatEvent[], words: number): ChatEvent[] =>
  events.flatMap((event) => {
    if (event.type === 'part-start' && isSound(event.part)) return sounds(event, event.part, words)
    if (event.type !== 'part-delta') return [event]
    return cut(event.delta, words).map((delta) => ({ ...event, delta }))
  })

type Sound = Extract<AssistantPart, { type: 'file' }> & { source: { base64: string } }

const isSound = (part: AssistantPart): part is Sound =>
  part.type === 'file' && part.mediaType.startsWith('audio/') && 'base64' in part.source

/** A multiple of 12: pieces of base64 that stand for whole bytes and whole 16-bit samples. */
const soundPiece = 12_000

function sounds(
  start: Extract<ChatEvent, { type: 'part-start' }>,
  part: Sound,
  words: number,
): ChatEvent[] {
  const { transcript, ...silent } = part
  const { index } = start
  const empty: AssistantPart = { ...silent, source: { base64: '' } }
  const events: ChatEvent[] = [{ ...start, part: empty }]
  for (const piece of cut(transcript ?? '', words))
    events.push({ type: 'part-delta', index, delta: '', transcript: piece })
  const { base64 } = part.source
  for (let offset = 0; offset < base64.length; offset += soundPiece)
    events.push({ type: 'part-delta', index, delta: base64.slice(offset, offset + soundPiece) })
  return events
}

/** Cuts before spaces, so that a piece begins with its space as a token does; the pieces join to the text. */
export function cut(text: string, words: number): string[] {
  const single = text.match(/\s*[^\s]{1,12}|\s+$/gu) ?? []
  const joined: string[] = []
  for (let index = 0; index < single.length; index += words)
    joined.push(single.slice(index, index + words).join(''))
  return joined
}

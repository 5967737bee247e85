// A reply is the fold of its events: `collect` folds, `replay` unfolds, and `collect(replay(r))` equals `r`.

import { joinBase64 } from './bytes.ts'
import type { AssistantPart, Candidate, ChatEvent, ChatReply, ChatStream } from './chat.ts'
import { GatewayError } from './error.ts'
import { defined } from './json.ts'

/** Folds a whole stream. @throws what the stream throws, and `upstream` for one that ends without `end`. */
export async function collect(stream: ChatStream): Promise<ChatReply> {
  const reply = folder()
  for await (const batch of stream) for (const event of batch) reply.push(event)
  return reply.finish()
}

/** The same fold over events already in hand. */
export function fold(events: Iterable<ChatEvent>): ChatReply {
  const reply = folder()
  for (const event of events) reply.push(event)
  return reply.finish()
}

function folder() {
  const parts: AssistantPart[] = []
  const owners: number[] = []
  let start: Extract<ChatEvent, { type: 'start' }> | undefined
  let end: Extract<ChatEvent, { type: 'end' }> | undefined

  function push(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        start = event
        return
      case 'part-start':
        parts[event.index] = event.part
        owners[event.index] = event.candidate ?? 0
        return
      case 'part-delta':
        parts[event.index] = grown(known(event.index), event.delta, event.transcript)
        return
      case 'part-end':
        if (event.set !== undefined) parts[event.index] = { ...known(event.index), ...event.set }
        return
      case 'end':
        end = event
        return
      default:
        event satisfies never
    }
  }

  function known(index: number): AssistantPart {
    const part = parts[index]
    if (part === undefined) throw new GatewayError('internal', `Part ${index} was never started`)
    return part
  }

  function finish(): ChatReply {
    if (start === undefined || end === undefined)
      throw new GatewayError('upstream', 'The reply ended before it was complete')
    const candidate = (index: number): Candidate => ({
      content: parts.filter((_, part) => owners[part] === index),
      finish: end?.finishes[index] ?? { reason: 'other' },
    })
    const [, ...others] = end.finishes
    const { id, model, created } = start
    const candidates: ChatReply['candidates'] = [
      candidate(0),
      ...others.map((_, index) => candidate(index + 1)),
    ]
    return defined({
      id,
      model,
      created,
      candidates,
      usage: end.usage,
      serviceTier: end.serviceTier ?? start.serviceTier,
      extra: end.extra,
    })
  }

  return { push, finish }
}

/** A part with a delta appended. @throws GatewayError `internal` for an opaque part, which cannot grow. */
export function grown(
  part: AssistantPart,
  delta: string,
  transcript: string | undefined,
): AssistantPart {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return { ...part, text: part.text + delta }
    case 'tool-call':
      return { ...part, input: part.input + delta }
    case 'file': {
      const spoken =
        transcript === undefined ? {} : { transcript: (part.transcript ?? '') + transcript }
      if (!('base64' in part.source)) return { ...part, ...spoken }
      return { ...part, ...spoken, source: { base64: joinBase64(part.source.base64, delta) } }
    }
    case 'opaque':
      throw new GatewayError('internal', 'An opaque part cannot grow')
    default:
      return part satisfies never
  }
}

/** The events of a whole reply: one delta for each part that has text. */
export function replay(reply: ChatReply): ChatEvent[] {
  const { id, model, created, serviceTier, usage, extra, candidates } = reply
  const events: ChatEvent[] = [
    { type: 'start', ...defined({ id, model, created, serviceTier, usage }) },
  ]
  let index = 0
  candidates.forEach((candidate, number) => {
    for (const part of candidate.content) {
      events.push(...partEvents(part, index, number))
      index++
    }
  })
  const [first, ...others] = candidates
  const finishes: [Candidate['finish'], ...Candidate['finish'][]] = [
    first.finish,
    ...others.map((candidate) => candidate.finish),
  ]
  events.push({ type: 'end', ...defined({ finishes, usage, serviceTier, extra }) })
  return events
}

function partEvents(part: AssistantPart, index: number, number: number): ChatEvent[] {
  const owner = number === 0 ? {} : { candidate: number }
  const [empty, text] = emptied(part)
  const events: ChatEvent[] = [{ type: 'part-start', index, ...owner, part: empty }]
  if (text !== '') events.push({ type: 'part-delta', index, delta: text })
  const set = lateFields(part)
  events.push(set === undefined ? { type: 'part-end', index } : { type: 'part-end', index, set })
  return events
}

/** The part as it is known at its start, and the text that is still to come. */
function emptied(part: AssistantPart): [AssistantPart, string] {
  switch (part.type) {
    case 'text': {
      const { signature: _, citations: __, ...rest } = part
      return [{ ...rest, text: '' }, part.text]
    }
    case 'reasoning': {
      const { signature: _, redacted: __, ...rest } = part
      return [{ ...rest, text: '' }, part.text]
    }
    case 'refusal':
      return [{ ...part, text: '' }, part.text]
    // With its signature: some clients read it in the first fragment of a call only.
    case 'tool-call':
      return [{ ...part, input: '' }, part.input]
    case 'file':
    case 'opaque':
      return [part, '']
    default:
      return part satisfies never
  }
}

function lateFields(part: AssistantPart): (ChatEvent & { type: 'part-end' })['set'] {
  if (part.type !== 'text' && part.type !== 'reasoning') return undefined
  const set = defined({
    signature: part.signature,
    citations: part.type === 'text' ? part.citations : undefined,
    redacted: part.type === 'reasoning' ? part.redacted : undefined,
  })
  return Object.keys(set).length === 0 ? undefined : set
}

// Reads the deltas of one choice of a stream into parts.

import type { AssistantPart, ChatEvent, Finish, PartEnd, Signature } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { decodeAnnotations } from './annotations.ts'
import { callReader } from './calls.ts'
import { decodeExtras, readDetail } from './reasoning.ts'
import { contentTexts, decodeFiles, decodeImages, decodeThinking, finishOf } from './reply.ts'
import { number, objects, soundType, text } from './vocabulary.ts'

/** Where events of all choices go; part indexes are dense over the whole reply. */
export interface Emit {
  /** Starts a part and gives its index. */
  start(candidate: number, part: AssistantPart): number
  event(event: ChatEvent): void
}

export interface ChoiceReader {
  read(choice: JsonObject): void
  /** Why the answer ended, once it has. */
  readonly finish: Finish | undefined
}

/** The part that grows; tool calls grow beside it. */
type Open = { index: number; set: PartEnd } & (
  | { kind: 'text' | 'refusal' }
  | { kind: 'sound'; id: string | undefined }
  /** Hosts say thoughts as plain text, in details, or both; what came first is the text. */
  | { kind: 'reasoning'; source: 'plain' | 'details'; detail?: number; isProven: boolean }
)

export function choiceReader(candidate: number, emit: Emit): ChoiceReader {
  const calls = callReader(candidate, emit)
  let open: Open | undefined
  let finish: Finish | undefined

  function close(): void {
    if (open === undefined) return
    const { index, set } = open
    const isPlain = Object.keys(set).length === 0
    emit.event(isPlain ? { type: 'part-end', index } : { type: 'part-end', index, set })
    open = undefined
  }

  function whole(part: AssistantPart): void {
    close()
    emit.event({ type: 'part-end', index: emit.start(candidate, part) })
  }

  /** The open part of that kind; a new one when another is open. */
  function spoken(kind: 'text' | 'refusal'): Open {
    if (open?.kind === kind) return open
    close()
    return (open = { kind, index: emit.start(candidate, { type: kind, text: '' }), set: {} })
  }

  function grow(part: Open, delta: string): void {
    if (delta !== '') emit.event({ type: 'part-delta', index: part.index, delta })
  }

  function think(delta: string): void {
    const isOpen = open?.kind === 'reasoning' && open.source === 'plain' && !open.isProven
    grow(isOpen && open !== undefined ? open : newThought('plain'), delta)
  }

  function newThought(
    source: 'plain' | 'details',
    extra: Extra = {},
  ): Open & { kind: 'reasoning' } {
    close()
    const index = emit.start(candidate, { type: 'reasoning', text: '', ...extra })
    const made = { kind: 'reasoning' as const, source, isProven: false, index, set: {} }
    open = made
    return made
  }

  function readThoughts(delta: JsonObject): void {
    const plain = text(delta['reasoning_content']) ?? text(delta['reasoning']) ?? ''
    const details = objects(delta['reasoning_details'])
    const isPlain = open?.kind === 'reasoning' && open.source === 'plain'
    if (plain !== '' && (details.length === 0 || isPlain)) think(plain)
    for (const entry of details) readThought(entry, plain === '')
    for (const { text: thinking } of decodeThinking(delta['content'])) think(thinking)
  }

  function readThought(entry: JsonObject, isAlone: boolean): void {
    const { text: said, signature, redacted, extra } = readDetail(entry)
    const detail = number(entry['index'])
    const fits = open?.kind === 'reasoning' && continues(open, { detail, said, redacted })
    const part =
      fits && open?.kind === 'reasoning' ? open : newThought('details', defined({ extra }))
    if (detail !== undefined) part.detail = detail
    // Details after a plain text say the same again, with the proof.
    if (part.source === 'details') grow(part, said)
    if (part.source === 'plain' && isAlone) part.isProven = true
    Object.assign(part.set, defined({ signature, redacted }))
  }

  function readSound(sound: Json | undefined): void {
    if (!isObject(sound)) return
    const id = text(sound['id'])
    const data = text(sound['data']) ?? ''
    const transcript = text(sound['transcript'])
    const expiresAt = number(sound['expires_at'])
    const isSame = open?.kind === 'sound' && (id === undefined || id === open.id)
    if (!isSame) {
      close()
      const part = { type: 'file' as const, mediaType: soundType(data), source: { base64: data } }
      const index = emit.start(candidate, { ...part, ...defined({ id, transcript, expiresAt }) })
      open = { kind: 'sound', id, index, set: {} }
      return
    }
    if (open === undefined) return
    if (data !== '' || transcript !== undefined)
      emit.event({ type: 'part-delta', index: open.index, delta: data, ...defined({ transcript }) })
    if (expiresAt !== undefined) open.set.expiresAt = expiresAt
  }

  function sign(signature: Signature | undefined): void {
    if (signature !== undefined) spoken('text').set.signature = signature
  }

  function readDelta(delta: JsonObject): void {
    readThoughts(delta)
    for (const piece of contentTexts(delta['content'])) grow(spoken('text'), piece)
    const refusal = text(delta['refusal']) ?? ''
    if (refusal !== '') grow(spoken('refusal'), refusal)
    const citations = decodeAnnotations(delta['annotations'])
    if (citations.length > 0) {
      const { set } = spoken('text')
      set.citations = [...(set.citations ?? []), ...citations]
    }
    readSound(delta['audio'])
    for (const part of decodeImages(delta['images'])) whole(part)
    for (const part of decodeFiles(delta['files'])) whole(part)
    const made = objects(delta['tool_calls'])
    if (made.length > 0 || isObject(delta['function_call'])) close()
    for (const fragment of made) calls.read(fragment)
    if (isObject(delta['function_call'])) calls.read({ function: delta['function_call'] })
    const { signature, blocks } = decodeExtras(delta['extra_content'])
    sign(signature)
    for (const block of blocks) whole(block)
  }

  return {
    read(choice) {
      if (isObject(choice['delta'])) readDelta(choice['delta'])
      if (typeof choice['finish_reason'] !== 'string') return
      finish = finishOf(choice['finish_reason'], [])
      close()
      calls.close()
    },
    get finish() {
      return finish
    },
  }
}

type Extra = { extra?: { [protocol: string]: JsonObject } }

/** Whether an entry of `reasoning_details` belongs to the thought that is open. */
function continues(
  open: Open & { kind: 'reasoning' },
  entry: { detail: number | undefined; said: string; redacted: Signature | undefined },
): boolean {
  if (open.detail !== undefined && entry.detail !== undefined) return open.detail === entry.detail
  if (entry.redacted !== undefined)
    return open.set.redacted === undefined && open.source === 'plain'
  return open.source === 'plain' || open.set.signature === undefined || entry.said === ''
}

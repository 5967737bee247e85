// Reads a stream of `ConverseStreamOutput` events; how they are framed is not this file's matter.

import type { AssistantPart, ChatEvent, ChatReply, Citation, Finish, PartEnd } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { SseEvent, StreamDecoder } from '#core/protocol'
import { readName } from '../anthropic-messages/names.ts'
import { decodeCitation } from './citations.ts'
import { streamFailure } from './error.ts'
import { extrasOf, tierOf } from './reply.ts'
import { decodeUsage } from './usage.ts'
import { decodeFinish, id, mediaTypeOf, others, text } from './vocabulary.ts'

interface Open {
  index: number
  set: PartEnd
  citations: Citation[]
}

const metadataFields = ['usage', 'serviceTier', 'p']

export function streamDecoder(): StreamDecoder {
  /** By the vendor's index of the block. */
  const open = new Map<number, Open>()
  let events: ChatEvent[] = []
  let parts = 0
  let finish: Finish | undefined
  let extra: JsonObject = {}
  let isStarted = false
  let isOver = false

  function start(): void {
    if (isStarted) return
    isStarted = true
    events.push({ type: 'start', id: '', model: '' })
  }

  /** The part of a block, begun where it has not: only tool calls say that they begin. */
  function partOf(block: number, part: AssistantPart): Open {
    const known = open.get(block)
    if (known !== undefined) return known
    const begun: Open = { index: parts++, set: {}, citations: [] }
    open.set(block, begun)
    events.push({ type: 'part-start', index: begun.index, part })
    return begun
  }

  function close(block: number): void {
    const part = open.get(block)
    if (part === undefined) return
    open.delete(block)
    const { index, citations } = part
    const set = citations.length === 0 ? part.set : { ...part.set, citations }
    events.push(
      Object.keys(set).length === 0
        ? { type: 'part-end', index }
        : { type: 'part-end', index, set },
    )
  }

  function grow(block: number, part: AssistantPart, delta: Json | undefined): Open {
    const begun = partOf(block, part)
    if (typeof delta === 'string' && delta !== '')
      events.push({ type: 'part-delta', index: begun.index, delta })
    return begun
  }

  function begin(block: number, { start: said }: JsonObject): void {
    if (!isObject(said)) return
    const { toolUse, image } = said
    if (isObject(image)) {
      const mediaType = mediaTypeOf('image', text(image['format'])) ?? 'image/png'
      partOf(block, { type: 'file', mediaType, source: { base64: '' } })
      return
    }
    if (isObject(toolUse)) {
      const name = readName(text(toolUse['name']))
      partOf(block, { type: 'tool-call', id: text(toolUse['toolUseId']), name, input: '' })
      return
    }
    if (Object.keys(said).length > 0) partOf(block, { type: 'opaque', protocol: id, value: said })
  }

  function read(block: number, { delta }: JsonObject): void {
    if (!isObject(delta)) return
    const { toolUse, reasoningContent, citation, image } = delta
    if (isObject(toolUse))
      grow(block, { type: 'tool-call', id: '', name: '', input: '' }, toolUse['input'])
    else if (isObject(reasoningContent)) think(block, reasoningContent)
    else if (isObject(image)) {
      const drawn = isObject(image['source']) ? image['source']['bytes'] : undefined
      grow(block, { type: 'file', mediaType: 'image/png', source: { base64: '' } }, drawn)
    } else if (isObject(citation))
      partOf(block, { type: 'text', text: '' }).citations.push(decodeCitation(citation))
    else if (delta['text'] !== undefined) grow(block, { type: 'text', text: '' }, delta['text'])
  }

  function think(block: number, content: JsonObject): void {
    const part = grow(block, { type: 'reasoning', text: '' }, content['text'])
    for (const [field, key] of [
      ['signature', 'signature'],
      ['redacted', 'redactedContent'],
    ] as const) {
      const value = content[key]
      if (typeof value !== 'string') continue
      part.set[field] = { protocol: id, value: (part.set[field]?.value ?? '') + value }
    }
  }

  /** The last event of a whole stream. */
  function end(metadata: JsonObject): void {
    if (finish === undefined) throw early()
    for (const block of open.keys()) close(block)
    isOver = true
    const all = { ...extra, ...others(metadata, metadataFields) }
    events.push({
      type: 'end',
      finishes: [finish],
      usage: decodeUsage(metadata['usage']),
      ...defined({
        serviceTier: tierOf(metadata),
        extra: extrasOf(all) satisfies ChatReply['extra'],
      }),
    })
  }

  function handle(event: string | undefined, data: JsonObject): void {
    const at = data['contentBlockIndex']
    const block = typeof at === 'number' ? at : 0
    if (event === 'messageStart') start()
    if (event === 'contentBlockStart') begin(block, data)
    if (event === 'contentBlockDelta') read(block, data)
    if (event === 'contentBlockStop') close(block)
    if (event === 'messageStop') {
      finish = decodeFinish(data['stopReason'])
      extra = others(data, ['stopReason', 'p'])
    }
    if (event === 'metadata') end(data)
  }

  return {
    push(event) {
      if (isOver) return []
      handle(event.event, dataOf(event))
      const made = events
      events = []
      return made
    },
    finish() {
      if (!isOver) throw early()
      return []
    },
  }
}

const early = (): GatewayError =>
  new GatewayError('upstream', 'The provider ended the stream before the reply was complete')

/** @throws GatewayError what the event says, when it tells of a failure. */
function dataOf(event: SseEvent): JsonObject {
  const failure = streamFailure(event)
  if (failure !== undefined) throw failure
  const data = parseJson(event.data)
  if (!isObject(data))
    throw new GatewayError('upstream', 'The provider sent an event that is no JSON object')
  return data
}

import type { AssistantPart, ChatEvent, Citation, PartEnd } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson, type Json, type JsonObject } from '#core/json'
import type { SseEvent, StreamDecoder } from '#core/protocol'
import { errorOf } from './error.ts'
import { replyExtras, knownFields } from './reply.ts'
import {
  decodeBlock,
  decodeCitation,
  decodeStopDetails,
  decodeToolUse,
  text,
} from './reply-parts.ts'
import { unpackProof } from './signature.ts'
import { decodeUsage, mergeUsage } from './usage.ts'
import { decodeFinish, others } from './vocabulary.ts'

/** The one block that is open: blocks never interleave on this wire. */
interface OpenBlock {
  block: JsonObject
  /** Its number in the hub; absent for blocks that are told whole at their end. */
  index?: number
  /** The JSON text of its input so far. */
  input: string
  signature: string
  citations: Citation[]
}

/** Reads `message_start`, blocks with their deltas, `message_delta`, `message_stop`; `ping` and what is new is passed over. */
export function streamDecoder(): StreamDecoder {
  const open = new Map<Json | undefined, OpenBlock>()
  let count = 0
  let started = false
  let done = false
  let usage: JsonObject = {}
  let rest: JsonObject = {}
  let ending: JsonObject = {}

  function push(event: SseEvent): ChatEvent[] {
    const data = parseJson(event.data)
    if (!isObject(data))
      throw new GatewayError('upstream', 'The provider sent an event that is no JSON object')
    switch (text(data['type'] ?? event.event)) {
      case 'message_start':
        return start(isObject(data['message']) ? data['message'] : {})
      case 'content_block_start':
        return startBlock(
          data['index'],
          isObject(data['content_block']) ? data['content_block'] : {},
        )
      case 'content_block_delta':
        return isObject(data['delta']) ? grow(open.get(data['index']), data['delta']) : []
      case 'content_block_stop':
        return stopBlock(data['index'])
      case 'message_delta':
        usage = mergeUsage(usage, data['usage'])
        ending = { ...ending, ...(isObject(data['delta']) ? others(data['delta'], []) : {}) }
        return []
      case 'message_stop':
        return stop()
      case 'error':
        throw errorOf(data)
      default:
        return []
    }
  }

  function start(message: JsonObject): ChatEvent[] {
    if (started) return []
    started = true
    usage = mergeUsage({}, message['usage'])
    rest = others(message, knownFields)
    const { serviceTier, usage: known } = decodeUsage(usage)
    const { id, model } = message
    return [
      {
        type: 'start',
        ...defined({ id: text(id), model: text(model), serviceTier, usage: known }),
      },
    ]
  }

  function startBlock(wire: Json | undefined, block: JsonObject): ChatEvent[] {
    const state: OpenBlock = { block, input: '', signature: '', citations: [] }
    open.set(wire, state)
    const part = startPart(block)
    if (part === undefined) return []
    state.index = count++
    const events: ChatEvent[] = [{ type: 'part-start', index: state.index, part }]
    const known = text(block['text']) + text(block['thinking'])
    if (known !== '') events.push({ type: 'part-delta', index: state.index, delta: known })
    state.signature = text(block['signature'])
    return events
  }

  function stopBlock(wire: Json | undefined): ChatEvent[] {
    const state = open.get(wire)
    if (state === undefined) return []
    open.delete(wire)
    if (state.index === undefined) return whole(state)
    const { index } = state
    const end: ChatEvent = { type: 'part-end', index }
    const set = lateFields(state)
    if (set !== undefined) end.set = set
    if (state.block['type'] !== 'tool_use' || state.input !== '') return [end]
    const delta = JSON.stringify(state.block['input'] ?? {})
    return [{ type: 'part-delta', index, delta }, end]
  }

  /** A block only this protocol knows, told at once when all of it is there. */
  function whole({ block, input }: OpenBlock): ChatEvent[] {
    const full = input === '' ? block : { ...block, input: asJson(input) }
    return told(decodeBlock(full))
  }

  function told(part: AssistantPart): ChatEvent[] {
    const index = count++
    return [
      { type: 'part-start', index, part },
      { type: 'part-end', index },
    ]
  }

  function stop(): ChatEvent[] {
    if (!started || done) return []
    done = true
    const { stop_reason, stop_sequence, stop_details, ...more } = ending
    const used = decodeUsage(usage)
    const refusal = decodeStopDetails(stop_details)
    return [
      ...[...open.keys()].flatMap(stopBlock),
      ...(refusal === undefined ? [] : told(refusal)),
      {
        type: 'end',
        finishes: [decodeFinish(stop_reason, stop_sequence)],
        ...defined({
          usage: used.usage,
          serviceTier: used.serviceTier,
          extra: replyExtras({ ...rest, ...more }, stop_details, used),
        }),
      },
    ]
  }

  return {
    push,
    finish() {
      if (!done)
        throw new GatewayError(
          'upstream',
          'The provider ended its stream before the message was complete',
        )
      return []
    },
  }
}

/** What a block is at its start; `undefined` for one that is told whole at its end. */
function startPart(block: JsonObject): AssistantPart | undefined {
  switch (text(block['type'])) {
    case 'text':
      return { type: 'text', text: '' }
    case 'thinking':
      return { type: 'reasoning', text: '' }
    case 'redacted_thinking':
      return decodeBlock(block)
    case 'tool_use':
      return decodeToolUse(block, '')
    default:
      return undefined
  }
}

function grow(state: OpenBlock | undefined, delta: JsonObject): ChatEvent[] {
  if (state === undefined) return []
  switch (text(delta['type'])) {
    case 'text_delta':
      return grown(state, text(delta['text']))
    case 'thinking_delta':
      return grown(state, text(delta['thinking']))
    case 'input_json_delta':
      state.input += text(delta['partial_json'])
      return grown(state, text(delta['partial_json']))
    case 'signature_delta':
      state.signature += text(delta['signature'])
      return []
    case 'citations_delta':
      if (isObject(delta['citation'])) state.citations.push(decodeCitation(delta['citation']))
      return []
    default:
      return []
  }
}

const grown = ({ index }: OpenBlock, delta: string): ChatEvent[] =>
  index === undefined || delta === '' ? [] : [{ type: 'part-delta', index, delta }]

function lateFields({ signature, citations }: OpenBlock): PartEnd | undefined {
  const set: PartEnd = {
    ...unpackProof(signature),
    ...(citations.length === 0 ? {} : { citations }),
  }
  return Object.keys(set).length === 0 ? undefined : set
}

/** The streamed input of a server tool; kept as text when it was cut. */
const asJson = (input: string): Json => {
  const value = parseJson(input)
  return isObject(value) ? value : input
}

// Writes a stream of chunks (`ChatCompletionChunk` of the SDK): what all chunks share is made once.

import type {
  AssistantPart,
  ChatEvent,
  ChatRequest,
  FilePart,
  PartEnd,
  ReasoningPart,
} from '#core/chat'
import { joinBase64 } from '#core/bytes'
import { defined, type JsonObject } from '#core/json'
import type { SseEvent, StreamEncoder } from '#core/protocol'
import { encodeAnnotations } from './annotations.ts'
import { encodeDetails, encodeExtras, isProven } from './reasoning.ts'
import { encodeImage, encodeOther, fileKind } from './reply.ts'
import { encodeUsage } from './usage.ts'
import { finishWords, id as protocolId } from './vocabulary.ts'

/** What has been said in one choice. */
interface Choice {
  number: number
  calls: number
  thoughts: number
  /** UTF-16 units of all its texts, which annotations count from the beginning. */
  spoken: number
  /** A thought without proof that nothing has followed; another thought must be told from it. */
  last?: ReasoningPart
}

/** A part under way, with what its end needs. */
interface Open {
  choice: Choice
  part: AssistantPart
  call: number
  offset: number
}

export function streamEncoder(request: ChatRequest): StreamEncoder {
  const choices = new Map<number, Choice>()
  const open = new Map<number, Open>()
  let head = ''
  /** Whether `head` names the service tier, which some vendors tell only at the end. */
  let isTold = false
  const tail = request.streamUsage === true ? ',"usage":null' : ''
  let out: SseEvent[] = []

  function write(choice: Choice, delta: JsonObject, finish: string | null = null, late = ''): void {
    const reason = finish === null ? 'null' : `"${finish}"`
    const said = `"index":${choice.number},"delta":${JSON.stringify(delta)}`
    const choices = `[{${said},"logprobs":null,"finish_reason":${reason}}]`
    out.push({ data: `${head}"choices":${choices}${tail}${late}}` })
  }

  /** The first delta of a choice names the role. */
  function choiceOf(number: number): Choice {
    const known = choices.get(number)
    if (known !== undefined) return known
    const choice = { number, calls: 0, thoughts: 0, spoken: 0 }
    choices.set(number, choice)
    write(choice, { role: 'assistant', content: '', refusal: null })
    return choice
  }

  function begin({ id, model, created = 0, serviceTier }: ChatEvent & { type: 'start' }): void {
    const shared = defined({
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      service_tier: serviceTier,
    })
    isTold = serviceTier !== undefined
    head = `${JSON.stringify(shared).slice(0, -1)},`
    choiceOf(0)
  }

  function startPart({ index, candidate, part }: ChatEvent & { type: 'part-start' }): void {
    const choice = choiceOf(candidate ?? 0)
    const call = part.type === 'tool-call' ? choice.calls++ : 0
    open.set(index, { choice, part, call, offset: choice.spoken })
    if (part.type === 'reasoning') separate(choice)
    else delete choice.last
    const first = firstDelta(part, call)
    if (first !== undefined) write(choice, first)
    if (part.type === 'text') choice.spoken += part.text.length
  }

  /** A thought that follows another at once: the first is said again as a whole, with its number. */
  function separate(choice: Choice): void {
    if (choice.last !== undefined)
      write(choice, { reasoning_details: encodeDetails(choice.last, choice.thoughts - 1) })
    delete choice.last
    choice.thoughts++
  }

  function growPart({ index, delta, transcript }: ChatEvent & { type: 'part-delta' }): void {
    const state = open.get(index)
    if (state === undefined) return
    const { choice, part, call } = state
    switch (part.type) {
      case 'text':
        choice.spoken += delta.length
        return write(choice, { content: delta })
      case 'refusal':
        return write(choice, { refusal: delta })
      case 'reasoning':
        state.part = { ...part, text: part.text + delta }
        return write(choice, { reasoning_content: delta })
      case 'tool-call':
        return write(choice, { tool_calls: [{ index: call, ...callInput(part.kind, delta) }] })
      case 'file':
        if (fileKind(part) === 'audio')
          return write(choice, {
            audio: defined({ data: delta === '' ? undefined : delta, transcript }),
          })
        state.part = grownFile(part, delta)
        return
      case 'opaque':
        return
      default:
        return part satisfies never
    }
  }

  function endPart({ index, set = {} }: ChatEvent & { type: 'part-end' }): void {
    const state = open.get(index)
    if (state === undefined) return
    open.delete(index)
    const { choice } = state
    const last = lastDelta(state, set)
    if (last !== undefined) write(choice, last)
    if (state.part.type === 'reasoning' && last === undefined) choice.last = state.part
  }

  function end({ finishes, usage, serviceTier, extra }: ChatEvent & { type: 'end' }): void {
    const fields = {
      ...defined({ service_tier: isTold ? undefined : serviceTier }),
      ...extra?.[protocolId],
    }
    const late = Object.keys(fields).length === 0 ? '' : `,${JSON.stringify(fields).slice(1, -1)}`
    for (const [number, finish] of finishes.entries())
      write(choiceOf(number), {}, finishWords[finish.reason], late)
    if (request.streamUsage === true)
      out.push({
        data: `${head}"choices":[],"usage":${JSON.stringify(encodeUsage(usage))}${late}}`,
      })
    out.push({ data: '[DONE]' })
  }

  function handle(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        return begin(event)
      case 'part-start':
        return startPart(event)
      case 'part-delta':
        return growPart(event)
      case 'part-end':
        return endPart(event)
      case 'end':
        return end(event)
      default:
        return event satisfies never
    }
  }

  return {
    push(event) {
      handle(event)
      const made = out
      out = []
      return made
    },
  }
}

/** What a part says when it starts; ids and names of tool calls are said only here. */
function firstDelta(part: AssistantPart, call: number): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' ? undefined : { content: part.text }
    case 'refusal':
      return part.text === '' ? undefined : { refusal: part.text }
    case 'reasoning':
      return part.text === '' ? undefined : { reasoning_content: part.text }
    case 'tool-call': {
      const { id, name, input, kind = 'function' } = part
      const made =
        kind === 'custom' ? { custom: { name, input } } : { function: { name, arguments: input } }
      const extras = defined({ extra_content: encodeExtras(part.signature) })
      return { tool_calls: [{ index: call, id, type: kind, ...made, ...extras }] }
    }
    case 'file':
      return fileKind(part) === 'audio' ? { audio: soundFields(part) } : undefined
    case 'opaque':
      return defined({ extra_content: encodeExtras(undefined, [part]) })
    default:
      return part satisfies never
  }
}

const soundFields = (part: FilePart): JsonObject =>
  defined({
    id: part.id ?? 'audio',
    data: 'base64' in part.source && part.source.base64 !== '' ? part.source.base64 : undefined,
    transcript: part.transcript,
    expires_at: part.expiresAt,
  })

const callInput = (kind: 'function' | 'custom' | undefined, delta: string): JsonObject =>
  kind === 'custom' ? { custom: { input: delta } } : { function: { arguments: delta } }

const grownFile = (part: FilePart, delta: string): FilePart =>
  'base64' in part.source
    ? { ...part, source: { base64: joinBase64(part.source.base64, delta) } }
    : part

/** What is known only at the end of a part, or said only in whole. */
function lastDelta(
  { choice, part: begun, call, offset }: Open,
  set: PartEnd,
): JsonObject | undefined {
  switch (begun.type) {
    case 'text': {
      const { citations = [], signature } = { ...begun, ...set }
      const annotations = encodeAnnotations(citations, choice.spoken - offset, offset)
      const extras = encodeExtras(signature)
      if (annotations.length === 0 && extras === undefined) return undefined
      return defined({
        annotations: annotations.length === 0 ? undefined : annotations,
        extra_content: extras,
      })
    }
    case 'reasoning': {
      const part = { ...begun, ...defined({ signature: set.signature, redacted: set.redacted }) }
      return isProven(part)
        ? { reasoning_details: encodeDetails(part, choice.thoughts - 1) }
        : undefined
    }
    case 'tool-call': {
      const extras = encodeExtras(set.signature)
      // openai-python and Vercel's AI SDK want the function in every fragment of a call.
      return extras === undefined
        ? undefined
        : { tool_calls: [{ index: call, ...callInput(begun.kind, ''), extra_content: extras }] }
    }
    case 'file': {
      const kind = fileKind(begun)
      if (kind === 'image') return { images: [encodeImage(begun)] }
      if (kind === 'file') return { files: [encodeOther(begun)] }
      return set.expiresAt === undefined ? undefined : { audio: { expires_at: set.expiresAt } }
    }
    case 'refusal':
    case 'opaque':
      return undefined
    default:
      return begun satisfies never
  }
}

// The deterministic model behind every chat mock.

import type { AssistantPart, Candidate, ChatReply, ChatRequest, Finish } from '#core/chat'
import type { Model } from '#core/provider'
import { dice, digits, hash } from './chance.ts'
import { factsOf } from './mind/facts.ts'
import { fill } from './mind/fill.ts'
import { drawn, spoken, type ImageShape } from './mind/made.ts'
import { orderIn, stopped, styled } from './mind/obey.ts'
import { cachedUsage } from './mind/prefix.ts'
import { attachments, overheard } from './mind/sight.ts'
import { answerText, thoughts } from './mind/words.ts'
import { callTools } from './mind/tools.ts'
import { lastText, systemText } from './script/match.ts'
import { countFile, countRequest, countTokens } from '#core/tokens'
import { countReply, firstTokens } from './tokens.ts'
import { createWorld, type MockWorld } from './world.ts'

/** Where the mind thinks: what it remembers belongs to a world and a scope. */
export interface Place {
  world: Pick<MockWorld, 'memory' | 'now' | 'provider'>
  scope: string
  /** The vendor's media type of a sound, where it is not the usual one. */
  audioType?: (format: string) => string
  /** The vendor's sizes of pictures, where they are not the usual ones. */
  imageShape?: ImageShape
  /** Whether thoughts are shown to callers who do not say whether they want them. */
  showsThoughts?: boolean
}

/**
 * Answers a chat request. The same request, ids and streaming aside, gives the same answer; another
 * `seed` another one. Follows `mind/obey.ts`, token limits, stop sequences, JSON schemas and tools,
 * tells what files are attached, and thinks, draws and speaks where the model can.
 */
export async function think(
  request: ChatRequest,
  model: Model | undefined,
  place: Place = { world: createWorld(), scope: '' },
): Promise<ChatReply> {
  const seed = fingerprint(request)
  const count = Math.min(Math.max(1, request.candidates ?? 1), 128)
  const first = await candidate(request, model, seed, place)
  const others: Candidate[] = []
  let hidden = first.hidden
  for (let number = 1; number < count; number++) {
    const other = await candidate(request, model, `${seed} ${number}`, place)
    others.push(other.candidate)
    hidden += other.hidden
  }
  const candidates: ChatReply['candidates'] = [first.candidate, ...others]
  const inputTokens = countRequest(request)
  return {
    id: digits(seed),
    model: model?.id ?? request.model,
    created: Math.floor(place.world.now() / 1000),
    candidates,
    usage: {
      inputTokens,
      ...inputSounds(request),
      ...countReply(candidates, hidden),
      ...cachedUsage(request, inputTokens, place),
    },
  }
}

/** Tokens of the sounds in the prompt; they are part of the input. */
function inputSounds({ messages }: ChatRequest): { inputAudioTokens?: number } {
  const sounds = messages.flatMap(({ content }) =>
    content.flatMap((part) =>
      part.type === 'file' && part.mediaType.startsWith('audio/') ? [countFile(part)] : [],
    ),
  )
  if (sounds.length === 0) return {}
  return { inputAudioTokens: sounds.reduce((sum, tokens) => sum + tokens, 0) }
}

/** What a reply follows from: everything that was asked, but how it is sent and by whom. */
function fingerprint(request: ChatRequest): string {
  const { stream: _, streamUsage: __, unread: ___, user: ____, metadata: _____, ...asked } = request
  const text = JSON.stringify(asked, (key, value: unknown) =>
    key === 'id' || key === 'cache' || key === 'signature' ? undefined : value,
  )
  return digits(text)
}

interface Thought {
  candidate: Candidate
  /** Tokens of thoughts that are not shown. */
  hidden: number
}

async function candidate(
  request: ChatRequest,
  model: Model | undefined,
  seed: string,
  place: Place,
): Promise<Thought> {
  const thinking = thoughtsOf(request, model, { seed, place })
  const room = (request.maxOutputTokens ?? model?.maxOutput ?? Infinity) - thinking.tokens
  const finished = (content: AssistantPart[], finish: Finish): Thought => ({
    candidate: { content: [...thinking.parts, ...content], finish },
    hidden: thinking.hidden,
  })
  if (room <= 0) return finished([], { reason: 'length' })
  const calls = callTools(request, seed)
  if (calls.length > 0) {
    const { outputTokens } = countReply([{ content: calls, finish: { reason: 'tool-calls' } }])
    return outputTokens > room
      ? finished([], { reason: 'length' })
      : finished(calls, { reason: 'tool-calls' })
  }
  const [kept, sequence] = stopped(textFor(request, model, seed), request.stop)
  const text = firstTokens(kept, room)
  if (text.length < kept.length) return finished(textParts(text), { reason: 'length' })
  const finish: Finish = sequence === undefined ? { reason: 'stop' } : { reason: 'stop', sequence }
  return finished(await partsFor(request, model, { text, seed, place }), finish)
}

const textParts = (text: string): AssistantPart[] => (text === '' ? [] : [{ type: 'text', text }])

/** What the reply says, before limits. */
function textFor(request: ChatRequest, model: Model | undefined, seed: string): string {
  const asked = lastText(request)
  if (request.output !== undefined) return jsonFor(request, seed)
  if (model?.does.includes('speech') === true) return asked
  const instructions = `${systemText(request)}\n${asked}`
  const order = orderIn(asked) ?? orderIn(systemText(request))
  const text =
    order ?? overheard(attachments(request), instructions) ?? answerText(request, model, seed)
  return styled(text, instructions)
}

function jsonFor(request: ChatRequest, seed: string): string {
  const facts = factsOf(lastText(request))
  const schema = request.output?.schema
  if (schema === undefined) return JSON.stringify({ answer: answerText(request, undefined, seed) })
  const roll = dice(hash(seed))
  return JSON.stringify(fill(schema, { root: schema, facts, roll, used: new Set() }))
}

async function partsFor(
  request: ChatRequest,
  model: Model | undefined,
  { text, seed, place }: { text: string; seed: string; place: Place },
): Promise<AssistantPart[]> {
  const can = model?.replies ?? []
  if (request.modalities?.includes('audio') === true && can.includes('audio')) {
    const { audioType: mediaType } = place
    const said = { text, now: place.world.now(), ...(mediaType === undefined ? {} : { mediaType }) }
    return [await spoken(request, said)]
  }
  // A model that draws does so unless only something else is asked for.
  const draws = can.includes('image') && request.modalities?.includes('image') !== false
  if (!draws || request.output !== undefined) return textParts(text)
  const { imageShape: shape } = place
  const picture = await drawn(request, lastText(request), {
    seed: hash(seed),
    ...(shape === undefined ? {} : { shape }),
  })
  return [...(request.modalities?.includes('text') === false ? [] : textParts(text)), picture]
}

/** Tokens of thought by effort; a budget is spent up to a quarter. */
const depths = { none: 0, minimal: 16, low: 64, medium: 128, high: 256, xhigh: 512, max: 1024 }

function thoughtsOf(
  request: ChatRequest,
  model: Model | undefined,
  { seed, place }: { seed: string; place: Place },
) {
  const none = { parts: [], tokens: 0, hidden: 0 }
  const { reasoning } = request
  if (reasoning === undefined || model?.can?.includes('reasoning') !== true) return none
  const { effort, budgetTokens, visible } = reasoning
  const depth =
    budgetTokens === undefined ? depths[effort ?? 'medium'] : Math.ceil(budgetTokens / 4)
  if (depth === 0) return none
  const isShown = visible !== undefined || place.showsThoughts === true
  const text = isShown ? thoughts(request, seed) : ''
  // A vendor's encoder leaves out, or empties, what the caller does not want to see.
  const parts: AssistantPart[] = isShown ? [{ type: 'reasoning', text }] : []
  const tokens = Math.max(depth, countTokens(text))
  return { parts, tokens, hidden: tokens - countTokens(text) }
}

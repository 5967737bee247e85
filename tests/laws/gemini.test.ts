import fc from 'fast-check'
import type { ChatReply, ChatRequest, Finish, ToolResultPart, Usage } from '#core/chat'
import { defined, isObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import { gemini } from '#protocols/gemini/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
  filePart,
  functionTool,
  identifier,
  jsonSchema,
  parameters,
  reasoningPart,
  signature,
  textPart,
  toolCallPart,
  toolResultPart,
  type Sayable,
} from '../kit/chat-arbitraries.ts'

/** The laws ask for everything a reply has; callers see thoughts only when they ask for them. */
const asking = (request: ChatRequest): ChatRequest => ({ ...request, reasoning: { visible: true } })
const candid: Protocol = {
  ...gemini,
  reply: {
    ...gemini.reply,
    encode: (reply, request) => gemini.reply.encode(reply, asking(request)),
  },
  stream: { ...gemini.stream, encoder: (request) => gemini.stream.encoder(asking(request)) },
}

const signed = { signature: signature('gemini') }
const images = ['image/png', 'image/jpeg'] as const
const file = fc.oneof(
  filePart(images, 'base64', { name: identifier }),
  filePart(['application/pdf', 'video/mp4'], 'url'),
  filePart(['audio/wav'], 'reference', signed),
)
const results = fc.constantFrom(
  toolResultPart(textPart(), { isError: true }),
  toolResultPart(filePart(images, 'base64')),
)

const finish: fc.Arbitrary<Finish> = fc.constantFrom(
  { reason: 'length', raw: 'MAX_TOKENS' },
  { reason: 'length', raw: 'CONTINUATION' },
  { reason: 'content-filter', raw: 'SPII' },
  { reason: 'other', raw: 'MALFORMED_FUNCTION_CALL' },
)

const tokens = fc.integer({ min: 1, max: 500 })
const some = fc.option(tokens, { nil: undefined })
const usage: fc.Arbitrary<Usage> = fc
  .record({ input: tokens, text: tokens, cached: some, thoughts: some, heard: some, image: some })
  .map(({ input, text, cached, thoughts, heard, image }) =>
    defined({
      inputTokens: input + (heard ?? 0),
      outputTokens: text + (thoughts ?? 0) + (image ?? 0),
      cacheReadTokens: cached,
      reasoningTokens: thoughts,
      inputAudioTokens: heard,
      outputImageTokens: image,
    }),
  )

const extra: fc.Arbitrary<NonNullable<ChatReply['extra']>> = fc.constant({
  gemini: { modelStatus: { modelStage: 'STABLE' } },
})

const sayable: Sayable = {
  request: {
    system: textPart(),
    user: fc.oneof(textPart(), file),
    assistant: [
      { part: fc.oneof(textPart(signed), reasoningPart(signed), file), most: 2 },
      { part: toolCallPart(signed), most: 2 },
    ],
    toolResult: (call): fc.Arbitrary<ToolResultPart> => results.chain((make) => make(call)),
    tools: fc.oneof(
      functionTool(),
      fc.constant({
        type: 'opaque' as const,
        protocol: 'gemini',
        value: { googleSearch: { timeRangeFilter: {} } },
      }),
    ),
    toolChoice: ['auto', 'none', 'required', 'name'],
    parameters: {
      ...defined({
        maxOutputTokens: parameters.maxOutputTokens,
        temperature: parameters.temperature,
        topP: parameters.topP,
        topK: parameters.topK,
        stop: parameters.stop,
        seed: parameters.seed,
        presencePenalty: parameters.presencePenalty,
        frequencyPenalty: parameters.frequencyPenalty,
        candidates: parameters.candidates,
        stream: parameters.stream,
      }),
      output: fc.oneof(
        fc.constant({}),
        jsonSchema.map((schema) => ({ schema })),
      ),
      modalities: fc.constantFrom(['text'], ['text', 'image'], ['audio']),
      image: fc.constantFrom(
        { aspectRatio: '16:9' },
        { size: '2K' },
        { aspectRatio: '1:1', size: '1K' },
      ),
      audio: identifier.map((voice) => ({ voice })),
      reasoning: fc.constantFrom(
        { effort: 'none' },
        { effort: 'low', visible: true },
        { effort: 'xhigh' },
        { budgetTokens: 2000, visible: false },
        { visible: true },
      ),
      serviceTier: fc.constantFrom('default', 'flex', 'priority'),
      metadata: fc.dictionary(identifier, identifier, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    },
  },
  reply: {
    created: fc.integer({ min: 1_700_000_000, max: 1_800_000_000 }),
    content: [
      { part: reasoningPart(signed), most: 1 },
      { part: textPart(signed), most: 1 },
      { part: fc.oneof(toolCallPart(signed), filePart(images, 'base64', signed)), most: 3 },
    ],
    finish,
    candidates: 3,
    usage,
    extra,
  },
}

protocolLaws(candid, {
  sayable,
  wire: import.meta.glob('../wire/gemini/*', { query: '?raw', import: 'default', eager: true }),
  written: {
    // A blocked prompt or answer has no tokens of its own; we say so.
    reply: (body) =>
      isObject(body['usageMetadata'])
        ? { ...body, usageMetadata: { candidatesTokenCount: 0, ...body['usageMetadata'] } }
        : body,
  },
  blurred: {
    unsupported: 'invalid_request',
    context_length: 'invalid_request',
    content_policy: 'invalid_request',
    quota_exhausted: 'rate_limited',
    internal: 'upstream',
  },
})

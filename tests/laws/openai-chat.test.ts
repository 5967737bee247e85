import fc from 'fast-check'
import type { ChatReply, FilePart, Usage } from '#core/chat'
import type { JsonObject } from '#core/json'
import { openaiChat } from '#protocols/openai-chat/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
  base64,
  cacheMark,
  filePart,
  functionTool,
  identifier,
  maybe,
  parameters,
  reasoningPart,
  refusalPart,
  signature,
  textPart,
  toolCallPart,
  toolResultPart,
  words,
  type Sayable,
} from '../kit/chat-arbitraries.ts'

const wire = import.meta.glob('../wire/openai-chat/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const cache = cacheMark(undefined, '30m', '12h')
const proof = signature('anthropic-messages', 'gemini', 'openai-responses', 'unknown')
const thoughts = reasoningPart({ signature: proof, redacted: proof })
const calls = fc.oneof(
  toolCallPart({ signature: signature('gemini', 'elsewhere'), input: words }),
  toolCallPart({ kind: 'custom' }),
)
const pictures = filePart(['image/png', 'image/webp'], 'base64')

/** The protocol has no `top_k`. */
const { topK: _topK, ...sampling } = parameters

/** A sound of a reply, all of whose fields the wire has. */
const sound: fc.Arbitrary<FilePart> = fc.record({
  type: fc.constant('file' as const),
  mediaType: fc.constant('audio/wav'),
  source: base64.map((rest) => ({ base64: `UklGR${rest.slice(0, 3)}` })),
  id: identifier,
  expiresAt: fc.nat(),
  transcript: words,
})

const count = fc.nat(5000)
const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  inputAudioTokens: count,
  reasoningTokens: count,
  outputAudioTokens: count,
})

const extra: fc.Arbitrary<NonNullable<ChatReply['extra']>> = identifier.map((name) => ({
  'openai-chat': { system_fingerprint: name },
}))

const sayable: Sayable = {
  request: {
    system: textPart({ cache }),
    laterSystem: textPart({ cache }).map((part) => ({ role: 'system', content: [part] })),
    user: fc.oneof(
      textPart({ cache }),
      filePart(['image/png', 'image/jpeg'], 'base64', { cache, detail: fc.constant('low') }),
      filePart(['image/*'], 'url', { detail: fc.constantFrom('high', 'auto') }),
      filePart(['audio/wav', 'audio/mpeg', 'audio/flac'], 'base64', { cache }),
      filePart(['video/mp4'], 'base64'),
      filePart(['application/pdf'], 'base64').map((part) => ({ ...part, name: 'paper.pdf' })),
      filePart(['application/octet-stream'], 'reference', { cache }),
    ),
    userName: identifier,
    assistant: [
      { part: thoughts, most: 3 },
      { part: textPart({ cache }), most: 2 },
      { part: refusalPart, most: 1 },
      { part: calls, most: 3 },
    ],
    toolResult: toolResultPart(textPart({ cache })),
    tools: fc.oneof(
      functionTool({ strict: true }),
      fc.record({
        type: fc.constant('custom' as const),
        name: identifier,
        description: words,
        format: fc.constant({ type: 'text' }),
      }),
    ),
    toolChoice: ['auto', 'none', 'required', 'name'],
    parameters: {
      ...sampling,
      reasoning: fc.record({
        effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
      }),
      modalities: fc.constantFrom(['text'], ['text', 'audio'], ['image', 'text']),
      audio: fc.record({ voice: identifier, format: fc.constantFrom('wav', 'mp3') }),
      image: fc.record({ aspectRatio: fc.constant('16:9'), size: fc.constant('2K') }),
    },
    // Token counts are always asked for in a stream.
    adjust: (request) => (request.stream ? { ...request, streamUsage: true } : request),
  },
  reply: {
    created: fc.nat(),
    content: [
      { part: thoughts, most: 3 },
      {
        part: textPart({
          citations: fc.array(
            fc
              .record({
                url: identifier,
                title: words,
                start: count,
                end: count,
                quote: maybe(words),
              })
              .map(({ quote, ...rest }) => (quote === undefined ? rest : { ...rest, quote })),
            { minLength: 1, maxLength: 2 },
          ),
          signature: signature('gemini'),
        }),
        most: 1,
      },
      { part: refusalPart, most: 1 },
      { part: sound, most: 1 },
      { part: pictures, most: 2 },
      { part: calls, most: 3 },
      {
        part: fc.record({
          type: fc.constant('opaque' as const),
          protocol: fc.constant('anthropic-messages'),
          value: fc.record({ type: identifier }),
        }),
        most: 2,
      },
    ],
    finish: fc.constantFrom(
      { reason: 'stop', raw: 'stop' },
      { reason: 'length', raw: 'length' },
      { reason: 'tool-calls', raw: 'tool_calls' },
      { reason: 'content-filter', raw: 'content_filter' },
    ),
    candidates: 3,
    usage,
    serviceTier: identifier,
    extra,
  },
}

/** Deprecated or shorter spellings, as the encoder writes them. */
function written(body: JsonObject): JsonObject {
  const { max_tokens: limit, user, stop, n, stream_options: _options, ...rest } = body
  return {
    ...rest,
    ...(limit === undefined ? {} : { max_completion_tokens: limit }),
    ...(user === undefined ? {} : { safety_identifier: user }),
    ...(stop === undefined ? {} : { stop: typeof stop === 'string' ? [stop] : stop }),
    ...(n === undefined || n === 1 ? {} : { n }),
    ...(rest['stream'] === true ? { stream_options: { include_usage: true } } : {}),
  }
}

protocolLaws(openaiChat, {
  sayable,
  wire,
  written: { request: written },
  // An error of ours is like any server error to others.
  blurred: { internal: 'upstream' },
})

import fc from 'fast-check'
import type { Citation, Finish, Usage } from '#core/chat'
import { defined } from '#core/json'
import { bedrockConverse } from '#protocols/bedrock-converse/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
  base64,
  cacheMark,
  filePart,
  functionTool,
  jsonSchema,
  maybe,
  parameters,
  signature,
  textPart,
  toolCallPart,
  toolResultPart,
  url,
  words,
  identifier,
} from '../kit/chat-arbitraries.ts'

const id = 'bedrock-converse'
const tokens = fc.integer({ min: 0, max: 100_000 })

/** Totals that hold their subsets. */
const usage: fc.Arbitrary<Usage> = fc
  .record({ fresh: tokens, read: maybe(tokens), written: maybe(tokens), out: tokens })
  .map(({ fresh, read, written, out }) =>
    defined({
      inputTokens: fresh + (read ?? 0) + (written ?? 0),
      outputTokens: out,
      cacheReadTokens: read,
      cacheWriteTokens: written,
    }),
  )

const citations: fc.Arbitrary<Citation[]> = fc.array(
  fc.record({ url, title: words, quote: words }).map(({ quote, title, url: source }): Citation => ({
    url: source,
    title,
    quote,
    extra: {
      [id]: { title, sourceContent: [{ text: quote }], location: { web: { url: source } } },
    },
  })),
  { minLength: 1, maxLength: 2 },
)

const finish = fc.constantFrom<Finish>(
  { reason: 'stop', raw: 'end_turn' },
  { reason: 'stop', raw: 'stop_sequence' },
  { reason: 'length', raw: 'max_tokens' },
  { reason: 'length', raw: 'model_context_window_exceeded' },
  { reason: 'tool-calls', raw: 'tool_use' },
  { reason: 'content-filter', raw: 'guardrail_intervened' },
  { reason: 'content-filter', raw: 'content_filtered' },
  { reason: 'other', raw: 'malformed_tool_use' },
)

const own = signature(id)
const cache = cacheMark(undefined, '5m', '1h')
const images = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

protocolLaws(bedrockConverse, {
  sayable: {
    request: {
      system: textPart({ cache }),
      user: fc.oneof(
        textPart({ cache }),
        filePart(images, 'base64'),
        filePart(['application/pdf', 'text/csv'], 'base64', {}).chain((part) =>
          identifier.map((name) => ({ ...part, name: name.replaceAll('_', '-') })),
        ),
        filePart(['video/mp4'], 'base64'),
        fc.constant({
          type: 'opaque' as const,
          protocol: id,
          value: { guardContent: { text: { text: 'Is it safe?' } } },
        }),
      ),
      assistant: [
        {
          part: fc.oneof(
            textPart({ cache }),
            toolCallPart(),
            own.map((value) => ({ type: 'reasoning' as const, text: 'Hm.', signature: value })),
            own.map((value) => ({ type: 'reasoning' as const, text: '', redacted: value })),
          ),
          most: 4,
        },
      ],
      toolResult: toolResultPart(fc.oneof(textPart(), filePart(images, 'base64')), {
        isError: true,
        cache,
      }),
      tools: functionTool({ strict: true, cache }),
      toolChoice: ['auto', 'required', 'name'],
      parameters: {
        maxOutputTokens: parameters.maxOutputTokens,
        temperature: parameters.temperature,
        topP: parameters.topP,
        topK: parameters.topK,
        stop: parameters.stop,
        output: fc
          .record({ schema: jsonSchema, name: identifier, description: maybe(words) })
          .map((output) => defined(output)),
        serviceTier: fc.constantFrom('default', 'priority', 'flex'),
        metadata: parameters.metadata,
        stream: parameters.stream,
      },
      // Turns alternate, and what was called must be declared.
      adjust(request) {
        const messages = request.messages.filter(
          ({ role }, index) => role !== request.messages[index - 1]?.role,
        )
        const first = request.messages.map(({ role }) => role)
        const alternates = first.every((role, index) => role !== first[index - 1])
        const calls = request.messages.some(({ content }) =>
          content.some(({ type }) => type === 'tool-call'),
        )
        const sane = alternates && (!calls || request.tools.length > 0)
        if (sane) return request
        const { toolChoice: _, ...rest } = request
        return { ...rest, tools: [], messages: messages.slice(0, 1) }
      },
    },
    reply: {
      id: fc.constant(''),
      model: fc.constant(''),
      content: [
        {
          part: fc.oneof(
            textPart({ citations }),
            fc.oneof(
              own.map((value) => ({ type: 'reasoning' as const, text: 'Hm.', signature: value })),
              own.map((value) => ({ type: 'reasoning' as const, text: '', redacted: value })),
              words.map((text) => ({ type: 'reasoning' as const, text })),
            ),
            toolCallPart(),
            base64.map((bytes) => ({
              type: 'file' as const,
              mediaType: 'image/png',
              source: { base64: bytes },
            })),
          ),
          most: 5,
        },
      ],
      finish,
      usage,
      serviceTier: fc.constantFrom('default', 'priority'),
      extra: fc.constant({ [id]: { trace: { guardrail: { actionReason: 'none' } } } }),
    },
  },
  wire: import.meta.glob('../wire/bedrock/*', { query: '?raw', import: 'default', eager: true }),
  blurred: {
    unsupported: 'invalid_request',
    context_length: 'invalid_request',
    content_policy: 'invalid_request',
    cancelled: 'upstream',
    internal: 'upstream',
  },
  statuses: {
    authentication: 403,
    conflict: 400,
    quota_exhausted: 400,
    timeout: 408,
    upstream: 500,
    cancelled: 500,
  },
})

import fc from 'fast-check'
import type { Citation, Finish, Usage } from '#core/chat'
import { defined, isObject } from '#core/json'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
  base64,
  cacheMark,
  filePart,
  functionTool,
  jsonSchema,
  maybe,
  parameters,
  reasoningPart,
  signature,
  textPart,
  toolCallPart,
  toolResultPart,
  url,
  words,
} from '../kit/chat-arbitraries.ts'

const id = 'anthropic-messages'
const tokens = fc.integer({ min: 0, max: 100_000 })

/** Totals that hold their subsets; absent counts of the cache are written as zeros. */
const usage: fc.Arbitrary<Usage> = fc
  .record({ fresh: tokens, read: tokens, written: tokens, out: tokens })
  .chain(({ fresh, read, written, out }) =>
    maybe(fc.integer({ min: 0, max: out })).map((reasoningTokens) =>
      defined({
        inputTokens: fresh + read + written,
        outputTokens: out,
        cacheReadTokens: read,
        cacheWriteTokens: written,
        reasoningTokens,
      }),
    ),
  )

const citations: fc.Arbitrary<Citation[]> = fc.array(
  fc.record({ url, title: words, quote: words }).map(({ quote, ...source }): Citation => ({
    ...source,
    quote,
    extra: {
      [id]: {
        type: 'web_search_result_location',
        ...source,
        cited_text: quote,
        encrypted_index: 'Eo8BCioI',
      },
    },
  })),
  { minLength: 1, maxLength: 2 },
)

const finish: fc.Arbitrary<Finish> = fc.oneof(
  fc.constantFrom<Finish>(
    { reason: 'stop', raw: 'end_turn' },
    { reason: 'length', raw: 'max_tokens' },
    { reason: 'length', raw: 'model_context_window_exceeded' },
    { reason: 'tool-calls', raw: 'tool_use' },
    { reason: 'content-filter', raw: 'refusal' },
    { reason: 'other', raw: 'pause_turn' },
  ),
  words.map((sequence): Finish => ({ reason: 'stop', raw: 'stop_sequence', sequence })),
)

const own = signature(id)
/** Proofs of other protocols pass through callers, packed. */
const anyones = signature(id, 'gemini', 'openai-responses')
const cache = cacheMark(undefined, '5m', '1h')
const images = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

protocolLaws(anthropicMessages, {
  sayable: {
    request: {
      system: textPart({ cache }),
      user: fc.oneof(
        textPart(),
        filePart(images, 'base64'),
        filePart(['image/*'], 'url'),
        filePart(['image/*'], 'reference'),
        filePart(['application/pdf'], 'base64', { name: words }),
        filePart(['application/pdf'], 'url', { name: words }),
        filePart(['application/octet-stream'], 'reference'),
      ),
      assistant: [
        {
          part: fc.oneof(
            textPart({ citations }),
            toolCallPart(),
            own.map((value) => ({ type: 'reasoning' as const, text: 'Hm.', signature: value })),
            own.map((value) => ({ type: 'reasoning' as const, text: '', redacted: value })),
            base64.map((data) => ({
              type: 'opaque' as const,
              protocol: id,
              value: { type: 'server_tool_use', id: data, name: 'web_search', input: {} },
            })),
          ),
          most: 4,
        },
      ],
      toolResult: toolResultPart(fc.oneof(textPart(), filePart(images, 'base64')), {
        isError: true,
      }),
      tools: functionTool({ strict: true }),
      toolChoice: ['auto', 'none', 'required', 'name'],
      parameters: {
        maxOutputTokens: parameters.maxOutputTokens,
        temperature: parameters.temperature,
        topP: parameters.topP,
        topK: parameters.topK,
        stop: parameters.stop,
        output: jsonSchema.map((schema) => ({ schema })),
        serviceTier: fc.constantFrom('auto', 'standard_only'),
        user: parameters.user,
        stream: parameters.stream,
      },
      always: ['maxOutputTokens'],
    },
    reply: {
      content: [
        {
          part: fc.oneof(
            textPart({ citations }),
            reasoningPart({ signature: anyones, redacted: anyones }),
            toolCallPart(),
            words.map((query) => ({
              type: 'opaque' as const,
              protocol: id,
              value: { type: 'server_tool_use', id: 'srvtoolu_1', input: { query } },
            })),
          ),
          most: 5,
        },
      ],
      finish,
      usage,
      // The standard tier is what absence says.
      serviceTier: fc.constantFrom('priority', 'batch'),
      extra: fc.constantFrom<{ [protocol: string]: { [key: string]: { [key: string]: string } } }>(
        { [id]: { container: { id: 'container_1' } } },
        { [id]: { usage: { speed: 'fast' } } },
      ),
    },
  },
  wire: import.meta.glob('../wire/anthropic-messages/*', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  written: {
    request(body, name) {
      // A mark on the whole request is written where the vendor puts it: on the last block.
      if (name !== 'cache-everything.request.json') return body
      const { cache_control: control, ...rest } = body
      const text = 'Summarise the history of tea.'
      const block = { type: 'text', text, cache_control: control }
      return { ...rest, messages: [{ role: 'user', content: [block] }] }
    },
    reply(body) {
      // Nothing was written into the cache: the vendor says so in numbers.
      const { usage } = body
      if (!isObject(usage) || (usage['cache_creation_input_tokens'] ?? 0) !== 0) return body
      const nothing = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }
      return {
        ...body,
        usage: {
          ...usage,
          cache_creation: usage['cache_creation'] ?? nothing,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: usage['cache_read_input_tokens'] ?? 0,
          service_tier: usage['service_tier'] ?? 'standard',
        },
      }
    },
  },
  blurred: {
    unsupported: 'invalid_request',
    context_length: 'invalid_request',
    content_policy: 'invalid_request',
    cancelled: 'upstream',
    internal: 'upstream',
  },
  statuses: { overloaded: 529, quota_exhausted: 402 },
})

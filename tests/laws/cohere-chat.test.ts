import fc from 'fast-check'
import type { Citation, Finish, Message, Usage } from '#core/chat'
import { defined } from '#core/json'
import { cohereChat } from '#protocols/cohere-chat/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
  filePart,
  functionTool,
  jsonSchema,
  maybe,
  parameters,
  textPart,
  toolCallPart,
  toolResultPart,
  url,
  words,
} from '../kit/chat-arbitraries.ts'

const id = 'cohere-chat'
const tokens = fc.integer({ min: 0, max: 100_000 })

const usage: fc.Arbitrary<Usage> = fc
  .record({ fresh: tokens, read: maybe(tokens), out: tokens })
  .map(({ fresh, read, out }) =>
    defined({
      inputTokens: fresh + (read ?? 0),
      outputTokens: out,
      cacheReadTokens: read,
    }),
  )

const citations: fc.Arbitrary<Citation[]> = fc.array(
  fc.record({ url, title: words, quote: words }).map((source): Citation => ({
    ...source,
    start: 0,
    end: 1,
    extra: {
      [id]: {
        start: 0,
        end: 1,
        text: 'a',
        sources: [
          {
            type: 'document',
            id: 'doc:0',
            document: { url: source.url, title: source.title, snippet: source.quote },
          },
        ],
      },
    },
  })),
  { minLength: 1, maxLength: 2 },
)

const finish = fc.constantFrom<Finish>(
  { reason: 'stop', raw: 'COMPLETE' },
  { reason: 'stop', raw: 'STOP_SEQUENCE' },
  { reason: 'length', raw: 'MAX_TOKENS' },
  { reason: 'tool-calls', raw: 'TOOL_CALL' },
)

const thought = words.map((text) => ({ type: 'reasoning' as const, text }))

protocolLaws(cohereChat, {
  sayable: {
    request: {
      system: textPart(),
      laterSystem: textPart().map((part) => ({ role: 'system' as const, content: [part] })),
      user: fc.oneof(
        textPart(),
        filePart(['image/*'], 'url', { detail: fc.constantFrom('auto', 'low', 'high') }),
      ),
      assistant: [
        { part: thought, most: 2 },
        { part: textPart(), most: 1 },
        { part: toolCallPart(), most: 2 },
      ],
      toolResult: toolResultPart(textPart()),
      tools: functionTool(),
      toolChoice: ['none', 'required'],
      parameters: {
        maxOutputTokens: parameters.maxOutputTokens,
        temperature: parameters.temperature,
        topP: fc.constantFrom(0.01, 0.1, 0.95),
        topK: parameters.topK,
        stop: parameters.stop,
        seed: parameters.seed,
        presencePenalty: fc.constantFrom(0, 0.5, 1),
        frequencyPenalty: fc.constantFrom(0, 0.5, 1),
        reasoning: fc.oneof(
          fc.constant({}),
          fc.constant({ effort: 'none' as const }),
          fc.record({ budgetTokens: fc.integer({ min: 1, max: 30_000 }) }),
        ),
        output: fc.oneof(
          fc.constant({}),
          jsonSchema.map((schema) => ({ schema })),
        ),
        stream: parameters.stream,
      },
      // The leading system parts are one message, and each result is one.
      adjust: (request) => ({
        ...request,
        messages: request.messages.flatMap((message): Message[] =>
          message.role === 'user' && message.content.some(({ type }) => type === 'tool-result')
            ? message.content.map((part) => ({ role: 'user' as const, content: [part] }))
            : [message],
        ),
      }),
    },
    reply: {
      model: fc.constant(''),
      content: [
        { part: thought, most: 2 },
        { part: textPart({ citations }), most: 1 },
        { part: toolCallPart(), most: 2 },
      ],
      finish,
      usage,
      extra: fc.constant({ [id]: { billed_units: { input_tokens: -1, output_tokens: -1 } } }),
    },
  },
  wire: import.meta.glob('../wire/cohere/*', { query: '?raw', import: 'default', eager: true }),
  blurred: {
    context_length: 'invalid_request',
    content_policy: 'invalid_request',
    internal: 'upstream',
  },
  inStreams: 'upstream',
  statuses: { unsupported: 501, quota_exhausted: 402, upstream: 500 },
})

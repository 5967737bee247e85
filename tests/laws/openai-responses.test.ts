import fc from 'fast-check'
import type { ChatReply, ChatRequest, Message, Usage } from '#core/chat'
import { isObject, type Json, type JsonObject } from '#core/json'
import { itemId, openaiResponses } from '#protocols/openai-responses/index'
import { protocolLaws } from '../contract/protocol.ts'
import {
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

const wire = import.meta.glob('../wire/openai-responses/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const id = 'openai-responses'
const cache = cacheMark(undefined, '30m', '12h')
const own = signature(id)
const anyones = signature(id, 'anthropic-messages', 'gemini')
const calls = fc.oneof(toolCallPart({ input: words }), toolCallPart({ kind: 'custom' }))
const count = fc.nat(5000)

/** The protocol has no such fields. */
const {
  topK: _topK,
  stop: _stop,
  seed: _seed,
  presencePenalty: _presence,
  frequencyPenalty: _frequency,
  candidates: _candidates,
  ...sampling
} = parameters

const citations = fc.array(
  fc
    .record({ url: identifier, title: words, start: count, end: count, quote: maybe(words) })
    .map(({ quote, ...rest }) => (quote === undefined ? rest : { ...rest, quote })),
  { minLength: 1, maxLength: 2 },
)

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  reasoningTokens: count,
})

const extra: fc.Arbitrary<NonNullable<ChatReply['extra']>> = count.map((searches) => ({
  [id]: { tool_usage: { web_search: { num_requests: searches } } },
}))

/** Items have no answers around them: what the assistant says at a stretch is one answer. */
function joined(messages: readonly Message[]): Message[] {
  const made: Message[] = []
  for (const message of messages) {
    const last = made.at(-1)
    if (message.role === 'assistant' && last?.role === 'assistant')
      made[made.length - 1] = { ...last, content: [...last.content, ...message.content] }
    else made.push(message)
  }
  return made
}

/** A call of the kind whose result may be an item of another type. */
const hosted = fc.record({
  type: fc.constant('opaque' as const),
  protocol: fc.constant(id),
  value: fc.record({
    type: fc.constantFrom('web_search_call', 'mcp_call', 'compaction'),
    id: identifier,
  }),
})

const foreignBlock = fc.record({
  type: fc.constant('opaque' as const),
  protocol: fc.constant('anthropic-messages'),
  value: fc.record({ type: identifier }),
})

const sayable: Sayable = {
  request: {
    system: textPart({ cache }),
    laterSystem: textPart({ cache }).map((part) => ({ role: 'system', content: [part] })),
    user: fc.oneof(
      textPart({ cache }),
      filePart(['image/png', 'image/jpeg'], 'base64', { cache, detail: fc.constant('low') }),
      filePart(['image/*'], 'url', { cache, detail: fc.constantFrom('high', 'original') }),
      filePart(['image/*'], 'reference'),
      filePart(['audio/wav', 'audio/mpeg'], 'base64'),
      filePart(['application/pdf'], 'url', { cache }),
      filePart(['application/pdf'], 'base64', { cache }).map((part) => ({
        ...part,
        name: 'paper.pdf',
      })),
      filePart(['application/octet-stream'], 'reference', { cache }),
    ),
    assistant: [
      {
        part: own.map((redacted) => ({ type: 'reasoning' as const, text: '', redacted })),
        most: 2,
      },
      {
        part: fc.record({ type: fc.constant('reasoning' as const), text: words, redacted: own }),
        most: 2,
      },
      { part: fc.oneof(textPart({ citations }), refusalPart), most: 3 },
      { part: filePart(['image/png', 'image/webp'], 'base64'), most: 1 },
      { part: fc.oneof(calls, hosted), most: 3 },
    ],
    toolResult: toolResultPart(
      fc.oneof(
        textPart({ cache }),
        filePart(['image/png'], 'base64'),
        filePart(['application/octet-stream'], 'reference'),
      ),
    ),
    tools: fc.oneof(
      functionTool().map((tool) => ({ ...tool, strict: false })),
      functionTool().map((tool) => ({ ...tool, strict: true })),
      fc.record({
        type: fc.constant('custom' as const),
        name: identifier,
        description: words,
        format: fc.constant({ type: 'text' }),
      }),
      fc.record({
        type: fc.constant('opaque' as const),
        protocol: fc.constant(id),
        value: fc.record({ type: fc.constantFrom('web_search', 'shell') }),
      }),
    ),
    toolChoice: ['auto', 'none', 'required', 'name'],
    parameters: {
      ...sampling,
      output: fc.oneof(
        fc.constant({}),
        fc.record({
          schema: fc.constant({ type: 'object' }),
          name: identifier,
          strict: fc.boolean(),
        }),
      ),
      reasoning: fc.oneof(
        fc.record({ effort: fc.constantFrom('none', 'minimal', 'low', 'high', 'xhigh', 'max') }),
        fc.record({ effort: fc.constantFrom('low', 'medium'), visible: fc.constant(true) }),
        fc.constant({ visible: true }),
      ),
    },
    adjust: (request: ChatRequest) => ({ ...request, messages: joined(request.messages) }),
  },
  reply: {
    id: identifier.map((name) => `resp_${name}`),
    created: fc.nat(),
    content: [
      { part: reasoningPart({ signature: anyones, redacted: anyones }), most: 2 },
      { part: fc.oneof(textPart({ citations, signature: anyones }), refusalPart), most: 3 },
      { part: foreignBlock, most: 1 },
      { part: filePart(['image/png', 'image/webp', 'image/jpeg'], 'base64'), most: 2 },
      {
        part: fc.oneof(
          toolCallPart({ input: words, signature: anyones }),
          toolCallPart({ kind: 'custom' }),
          hosted,
        ),
        most: 3,
      },
    ],
    // The other states say whether there is a call: see the examples.
    finish: fc.constantFrom(
      { reason: 'length', raw: 'max_output_tokens' },
      { reason: 'content-filter', raw: 'content_filter' },
      { reason: 'other', raw: 'max_messages' },
    ),
    usage,
    serviceTier: identifier,
    extra,
  },
}

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

const roles = new Set<unknown>(['user', 'system', 'developer'])

/** Other spellings, what goes without saying, and what is only for the vendor's store, as the encoder writes them. */
function writtenRequest(body: JsonObject): JsonObject {
  const {
    input,
    user,
    text,
    tools,
    reasoning,
    stream_options: _options,
    truncation: _truncation,
    ...rest
  } = body
  const { type } = isObject(text) && isObject(text['format']) ? text['format'] : {}
  const items =
    typeof input === 'string'
      ? [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
      : objects(input).map(writtenItem)
  const [first] = objects(input)
  const isInstructions = first?.['role'] === 'system'
  return {
    ...rest,
    ...(isInstructions ? { instructions: first?.['content'] } : {}),
    input: isInstructions ? items.slice(1) : items,
    ...(user === undefined ? {} : { safety_identifier: user }),
    ...(text === undefined || type === 'text' ? {} : { text }),
    ...(tools === undefined ? {} : { tools: objects(tools).map(writtenTool) }),
    ...(isObject(reasoning) ? { reasoning: writtenReasoning(reasoning) } : {}),
    store: false,
    include: ['reasoning.encrypted_content'],
  }
}

const writtenTool = (tool: JsonObject): JsonObject =>
  tool['type'] === 'function'
    ? { parameters: null, ...tool, strict: tool['strict'] ?? false }
    : tool

function writtenReasoning(reasoning: JsonObject): JsonObject {
  const { summary, generate_summary: older, ...rest } = reasoning
  return (summary ?? older) === undefined ? rest : { ...rest, summary: 'auto' }
}

function writtenItem(item: JsonObject, index: number): JsonObject {
  const { id: _id, status: _status, ...rest } = item
  const { type = 'message', role, content } = item
  if (roles.has(role))
    return {
      ...rest,
      type,
      content:
        typeof content === 'string'
          ? [{ type: 'input_text', text: content }]
          : objects(content).map((part) =>
              part['type'] === 'input_image' ? { detail: 'auto', ...part } : part,
            ),
    }
  if (type === 'message') {
    if (typeof content === 'string') return { ...rest, type }
    const [first, ...more] = objects(content)
    const isBare =
      more.length === 0 &&
      first?.['type'] === 'output_text' &&
      !objects(first['annotations']).length
    return isBare
      ? { ...rest, type, content: first?.['text'] }
      : { ...item, id: itemId('msg', 'input', index) }
  }
  if (type === 'reasoning') return { ...rest, id: itemId('rs', 'input', index) }
  const isCall = typeof type === 'string' && /^(?:function|custom_tool)_call/.test(type)
  return isCall ? rest : item
}

/** Ids of items follow from the reply's; what was asked is repeated from the request. */
function writtenReply(body: JsonObject): JsonObject {
  const base = openaiResponses.reply.encode(openaiResponses.reply.decode(body), {
    model: 'some-model',
    system: [],
    messages: [],
    tools: [],
    stream: false,
    unread: [],
  })
  const { id: reply } = openaiResponses.reply.decode(body)
  return {
    ...base,
    ...Object.fromEntries(Object.entries(body).filter(([key]) => !echoed.has(key))),
    output: objects(body['output']).map((item, index) => renamed(item, reply, index)),
  }
}

const echoed = new Set([
  'access_programs',
  'background',
  'completed_at',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt_cache_key',
  'reasoning',
  'safety_identifier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
])

const prefixes = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  image_generation_call: 'ig',
} as const

function renamed(item: JsonObject, reply: string, index: number): JsonObject {
  const prefix = Object.entries(prefixes).find(([name]) => name === item['type'])?.[1]
  return prefix === undefined ? item : { ...item, id: itemId(prefix, reply, index) }
}

protocolLaws(openaiResponses, {
  sayable,
  wire,
  written: { request: writtenRequest, reply: writtenReply },
  // An error of ours is like any server error to others.
  blurred: { internal: 'upstream' },
})

// What the fake provider says: static replies on the true wire of OpenAI and Anthropic.

const created = 1_790_000_000

/** The text of one streamed event, about 20 bytes. */
export const token = ' a mockingbird sings'

const text =
  'The northern mockingbird learns songs all its life: two hundred of them, of other birds, of frogs, of car alarms. '

const openaiUsage = {
  prompt_tokens: 42,
  completion_tokens: 51,
  total_tokens: 93,
  prompt_tokens_details: { cached_tokens: 0 },
}

export const openaiReply = JSON.stringify({
  id: 'chatcmpl-BenchBenchBenchBenchBench01',
  object: 'chat.completion',
  created,
  model: 'gpt-6-luna',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: text + text, refusal: null, annotations: [] },
      finish_reason: 'stop',
    },
  ],
  usage: openaiUsage,
  service_tier: 'default',
})

export const anthropicReply = JSON.stringify({
  id: 'msg_01BenchBenchBenchBenchBe',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  content: [{ type: 'text', text: text + text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 42,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 51,
    service_tier: 'standard',
  },
})

/** The events of a stream: what comes before the text, one event of text, what comes after it. */
export interface StreamScript {
  before: string[]
  delta: string
  after: string[]
}

const openaiChunk = (choices: object[], rest: object = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-BenchBenchBenchBenchBench01',
    object: 'chat.completion.chunk',
    created,
    model: 'gpt-6-luna',
    service_tier: 'default',
    system_fingerprint: null,
    choices,
    ...rest,
  })}\n\n`

const openaiDelta = (delta: object, finish: string | null = null): string =>
  openaiChunk([{ index: 0, delta, logprobs: null, finish_reason: finish }])

export const openaiStream = (withUsage: boolean): StreamScript => ({
  before: [openaiDelta({ role: 'assistant', content: '', refusal: null })],
  delta: openaiDelta({ content: token }),
  after: [
    openaiDelta({}, 'stop'),
    ...(withUsage ? [openaiChunk([], { usage: openaiUsage })] : []),
    'data: [DONE]\n\n',
  ],
})

const anthropicEvent = (type: string, rest: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`

export const anthropicStream = (): StreamScript => ({
  before: [
    anthropicEvent('message_start', {
      message: {
        id: 'msg_01BenchBenchBenchBenchBe',
        type: 'message',
        role: 'assistant',
        model: 'claude-haiku-5-5',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 42, output_tokens: 1 },
      },
    }),
    anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    anthropicEvent('ping'),
  ],
  delta: anthropicEvent('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text: token },
  }),
  after: [
    anthropicEvent('content_block_stop', { index: 0 }),
    anthropicEvent('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 51 },
    }),
    anthropicEvent('message_stop'),
  ],
})

/** Bytes that begin as a PNG does and do not compress. */
export function picture(bytes: number): Buffer {
  const whole = Buffer.alloc(bytes)
  let state = 1
  for (let offset = 0; offset + 4 <= bytes; offset += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    whole.writeUInt32LE(state, offset)
  }
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(whole)
  return whole
}

/** An images reply around base64 of `bytes` picture bytes. */
export const imageReply = (bytes: number): string =>
  JSON.stringify({
    created,
    background: 'opaque',
    data: [{ b64_json: picture(bytes).toString('base64') }],
    output_format: 'png',
    quality: 'high',
    size: '1024x1024',
    usage: {
      input_tokens: 42,
      input_tokens_details: { image_tokens: 0, text_tokens: 42 },
      output_tokens: 4160,
      total_tokens: 4202,
    },
  })

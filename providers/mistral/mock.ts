import { GatewayError, hostDialect, isObject, mockHost, type Json, type JsonObject } from '#kit'
import { absent } from './accent.ts'
import { models } from './models.ts'

/** Faults of fields come one by one, other refusals with a number. */
const dialect = hostDialect({
  error: ({ kind, message, param, requestId }) => {
    if (kind === 'no-key' || kind === 'bad-key') return { detail: 'Unauthorized' }
    const detail = [
      { type: 'value_error', loc: ['body', ...(param ?? '').split('.')], msg: message },
    ]
    return {
      object: 'error',
      message: kind === 'bad-request' ? { detail } : message,
      type: types[kind] ?? 'invalid_request_error',
      param: null,
      code: kind === 'rate-limited' ? '1300' : null,
      raw_status_code: 0,
      request_id: requestId,
    }
  },
  statuses: { 'bad-request': 422 },
  idHeader: 'mistral-correlation-id',
  headers: (remaining) => ({
    'x-ratelimit-limit-req-minute': '360',
    'x-ratelimit-remaining-req-minute': String(remaining),
  }),
})

const types: { [kind: string]: string } = {
  'rate-limited': 'rate_limited',
  'not-found': 'invalid_model',
  overloaded: 'unreachable_backend',
  'server-error': 'internal_server_error',
}

/** `api.mistral.ai`. */
export const mock = mockHost({
  base: '/v1',
  models,
  dialect,
  refuses: [...absent, 'max_completion_tokens', 'seed', 'stream_options'],
  checks,
  chat: {
    showsThoughts: true,
    ids: { reply: (digits) => digits, toolCall: (digits) => digits.slice(0, 9) },
    reads: (body) => (isObject(body) ? plain(body) : body),
    writes: (body) => {
      const { choices } = body
      return Array.isArray(choices) ? { ...body, choices: choices.map(withThinking) } : body
    },
  },
})

function checks(body: JsonObject): void {
  const messages = Array.isArray(body['messages']) ? body['messages'].filter(isObject) : []
  const ids = messages.flatMap((message) => {
    const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
    return [...calls.map(({ id }) => id), message['tool_call_id']]
  })
  for (const id of ids)
    if (typeof id === 'string' && !/^[a-zA-Z0-9]{9}$/.test(id))
      throw new GatewayError(
        'invalid_request',
        `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`,
        { param: 'messages' },
      )
  const last = messages.at(-1)
  if (last?.['role'] === 'assistant' && last['prefix'] !== true)
    throw new GatewayError(
      'invalid_request',
      'Expected last role User or Tool (or Assistant with prefix True) but got assistant',
      { param: 'messages' },
    )
}

/** The body in OpenAI's words, for the model behind the mock. */
function plain(body: JsonObject): JsonObject {
  const { messages, random_seed: seed, ...rest } = body
  return {
    ...rest,
    seed: seed ?? null,
    stream_options: { include_usage: true },
    messages: Array.isArray(messages) ? messages.map(plainMessage) : [],
  }
}

function plainMessage(message: Json): Json {
  const content = isObject(message) ? message['content'] : undefined
  if (!isObject(message) || !Array.isArray(content)) return message
  return { ...message, content: content.flatMap(plainPart) }
}

function plainPart(part: Json): Json[] {
  if (!isObject(part)) return [part]
  const { type, input_audio: data = '', document_url: link = '' } = part
  if (type === 'thinking') return []
  if (type === 'input_audio') return [{ type, input_audio: { data, format: 'wav' } }]
  return type === 'document_url' ? [{ type: 'file', file: { file_data: link } }] : [part]
}

/** Thoughts are parts of the content, which is a list then. */
function withThinking(choice: Json): Json {
  if (!isObject(choice)) return choice
  const place = 'delta' in choice ? 'delta' : 'message'
  const said = choice[place]
  if (!isObject(said) || typeof said['reasoning_content'] !== 'string') return choice
  const { reasoning_content: text, content, ...others } = said
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text }] }
  const rest =
    typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : []
  return { ...choice, [place]: { ...others, content: [thinking, ...rest] } }
}

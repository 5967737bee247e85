import { isObject, openaiOnly, sameOr, type Accent, type Json, type JsonObject } from '#kit'
import { shortId } from './ids.ts'
import { hasEfforts } from './models.ts'

/** @mistralai/mistralai 2.7, `ChatCompletionRequest`: other fields are refused as extra inputs. */
export const absent = [
  ...openaiOnly,
  'logit_bias',
  'logprobs',
  'safety_identifier',
  'service_tier',
  'top_logprobs',
  'user',
]

const nearest = { minimal: 'low', xhigh: 'high', max: 'high' }
const thinking = { ...nearest, minimal: 'high', low: 'high', medium: 'high' }

export const accent: Accent = {
  renames: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  // Usage is in the last chunk of every stream.
  needless: ['stream_options'],
  lacks: absent,
  efforts: ({ id }) => (hasEfforts(id) ? nearest : thinking),
  more(body) {
    const { messages } = body
    if (!Array.isArray(messages)) return body
    const last = messages.length - 1
    const made = sameOr(messages, (message, index) =>
      isObject(message) ? worded(message, index === last) : message,
    )
    return made === messages ? body : { ...body, messages: made }
  },
  moreKeys: [
    'tool_calls',
    'tool_call_id',
    'reasoning_content',
    'input_audio',
    'file',
    'prefix',
    'name',
  ],
}

function worded(message: JsonObject, isLast: boolean): JsonObject {
  const { role, content } = message
  if (role === 'assistant') return answer(message, isLast)
  if (role === 'tool') return result(message)
  if (!Array.isArray(content)) return unnamed(message)
  const parts = sameOr(content, part)
  return unnamed(parts === content ? message : { ...message, content: parts })
}

function result(message: JsonObject): JsonObject {
  const { tool_call_id: id } = message
  if (typeof id !== 'string' || shortId(id) === id) return message
  return { ...message, tool_call_id: shortId(id) }
}

/** Only results of tools have names. */
function unnamed(message: JsonObject): JsonObject {
  const { name, ...rest } = message
  return name === undefined ? message : rest
}

/** Thoughts stand before the text, in the same list; an answer to go on with is marked. */
function answer(message: JsonObject, isLast: boolean): JsonObject {
  const { reasoning_content: thought, tool_calls: calls, ...rest } = unnamed(message)
  const made: JsonObject = { ...rest }
  if (typeof thought === 'string' && thought !== '')
    made['content'] = [
      { type: 'thinking', thinking: [{ type: 'text', text: thought }], closed: true },
      ...textsOf(rest['content']),
    ]
  if (Array.isArray(calls)) made['tool_calls'] = calls.map(withShortId)
  else if (isLast) made['prefix'] = true
  return made
}

const textsOf = (content: Json | undefined): Json[] => {
  if (Array.isArray(content)) return content
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : []
}

const withShortId = (call: Json): Json =>
  isObject(call) && typeof call['id'] === 'string' ? { ...call, id: shortId(call['id']) } : call

/** A sound is its base64, a document a link to it. */
function part(value: Json): Json {
  if (!isObject(value)) return value
  const { input_audio: sound, file } = value
  if (isObject(sound)) return { type: 'input_audio', input_audio: sound['data'] }
  if (!isObject(file) || typeof file['file_data'] !== 'string') return value
  const { file_data: link, filename } = file
  return { type: 'document_url', document_url: link, document_name: filename }
}

// Reads a request body (`ChatCompletionCreateParams` of the SDK).

import { efforts, type ChatRequest } from '#core/chat'
import { defined } from '#core/json'
import { Reader } from '#core/reader'
import { readMessages } from './messages.ts'
import { readTools } from './tools.ts'

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function decodeRequest(value: unknown): ChatRequest {
  const body = Reader.of(value)
  const model = body.string('model')
  if (model === '') body.fail('model', 'the name of a model')
  const { system, messages } = readMessages(body)
  const decoded = defined({
    model,
    system,
    messages,
    ...readTools(body),
    parallelToolCalls: body.maybeBoolean('parallel_tool_calls'),
    ...readSampling(body),
    ...readOutput(body),
    ...readCaller(body),
    reasoning: readReasoning(body),
    stream: body.maybeBoolean('stream') ?? false,
    streamUsage: readStreamUsage(body),
    unread: body.unread,
  })
  return decoded
}

function readSampling(body: Reader): Partial<ChatRequest> {
  // The newer name wins; both are the same limit.
  const limit = body.maybeInteger('max_completion_tokens', 1)
  const olderLimit = body.maybeInteger('max_tokens', 1)
  const candidates = body.maybeInteger('n', 1)
  return defined({
    maxOutputTokens: limit ?? olderLimit,
    temperature: body.maybeNumber('temperature'),
    topP: body.maybeNumber('top_p'),
    topK: body.maybeInteger('top_k', 0),
    stop: readStop(body),
    seed: body.maybeNumber('seed'),
    presencePenalty: body.maybeNumber('presence_penalty'),
    frequencyPenalty: body.maybeNumber('frequency_penalty'),
    candidates: candidates === 1 ? undefined : candidates,
  })
}

function readStop(body: Reader): string[] | undefined {
  const value = body.json('stop')
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) body.fail('stop', 'a string or an array of strings')
  const list = body.maybeStrings('stop')
  return list?.length === 0 ? undefined : list
}

function readOutput(body: Reader): Partial<ChatRequest> {
  return defined({
    output: readFormat(body),
    verbosity: body.maybeOneOf('verbosity', ['low', 'medium', 'high']),
    modalities: readModalities(body),
    audio: readAudio(body),
    image: readImage(body),
  })
}

function readFormat(body: Reader): ChatRequest['output'] {
  const format = body.maybeObject('response_format')
  if (format === undefined) return undefined
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema'])
  if (type === 'text') return undefined
  if (type === 'json_object') return {}
  const wanted = format.object('json_schema')
  return defined({
    name: wanted.string('name'),
    schema: wanted.maybeRecord('schema'),
    description: wanted.maybeString('description'),
    strict: wanted.maybeBoolean('strict'),
  })
}

/** `image` is the word of hosts that serve models which draw. */
function readModalities(body: Reader): ChatRequest['modalities'] {
  return body.maybeStrings('modalities')?.map((name) => {
    if (name === 'text' || name === 'audio' || name === 'image') return name
    return body.fail('modalities', `a list of 'text', 'audio' and 'image'`)
  })
}

function readAudio(body: Reader): ChatRequest['audio'] {
  const audio = body.maybeObject('audio')
  if (audio === undefined) return undefined
  const voice = audio.json('voice')
  const isCustom = typeof voice === 'object' && voice !== null
  return defined({
    voice: isCustom ? audio.object('voice').string('id') : audio.maybeString('voice'),
    format: audio.maybeString('format'),
  })
}

/** `image_config` is OpenRouter's field for drawn replies. */
function readImage(body: Reader): ChatRequest['image'] {
  const image = body.maybeObject('image_config')
  if (image === undefined) return undefined
  return defined({
    aspectRatio: image.maybeString('aspect_ratio'),
    size: image.maybeString('image_size'),
  })
}

/** Who asks, and what the vendor shall keep with the request: the same fields in all of its chat APIs. */
export function readCaller(body: Reader): Partial<ChatRequest> {
  const safetyId = body.maybeString('safety_identifier')
  return defined({
    // `user` is deprecated; where both are given it says something else, and stays unread.
    user: safetyId ?? body.maybeString('user'),
    metadata: readMetadata(body),
    cacheKey: body.maybeString('prompt_cache_key'),
    serviceTier: body.maybeString('service_tier'),
  })
}

function readMetadata(body: Reader): ChatRequest['metadata'] {
  const metadata = body.maybeObject('metadata')
  if (metadata === undefined) return undefined
  return Object.fromEntries(metadata.keys.map((key) => [key, metadata.string(key)]))
}

function readReasoning(body: Reader): ChatRequest['reasoning'] {
  const effort = body.maybeOneOf('reasoning_effort', efforts)
  return effort === undefined ? undefined : { effort }
}

function readStreamUsage(body: Reader): true | undefined {
  const wanted = body.maybeObject('stream_options')?.maybeBoolean('include_usage')
  return wanted === true ? true : undefined
}

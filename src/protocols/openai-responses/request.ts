// Reads a request body (`ResponseCreateParams` of the SDK). What needs a store of responses is left to the face.

import { efforts, type ChatRequest } from '#core/chat'
import { defined } from '#core/json'
import { Reader } from '#core/reader'
import { readCaller } from '../openai-chat/request.ts'
import { readInput } from './input.ts'
import { readTools } from './tools.ts'

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function decodeRequest(value: unknown): ChatRequest {
  const body = Reader.of(value)
  const model = body.string('model')
  if (model === '') body.fail('model', 'the name of a model')
  skipDefaults(body)
  return defined({
    model,
    ...readInput(body),
    ...readTools(body),
    parallelToolCalls: body.maybeBoolean('parallel_tool_calls'),
    maxOutputTokens: body.maybeInteger('max_output_tokens', 1),
    temperature: body.maybeNumber('temperature'),
    topP: body.maybeNumber('top_p'),
    ...readText(body),
    ...readCaller(body),
    reasoning: readReasoning(body),
    stream: body.maybeBoolean('stream') ?? false,
    unread: body.unread,
  })
}

/** Wishes that are always granted: nothing is kept, truncated or padded, and encrypted thoughts are always given. */
function skipDefaults(body: Reader): void {
  const { rest } = body
  if (rest['store'] === false) body.skip('store')
  if (rest['background'] === false) body.skip('background')
  if (rest['truncation'] === 'disabled') body.skip('truncation')
  body.maybeObject('stream_options')?.skip('include_obfuscation')
  const { include } = rest
  if (Array.isArray(include) && include.every((item) => item === 'reasoning.encrypted_content'))
    body.skip('include')
}

function readText(body: Reader): Pick<ChatRequest, 'output' | 'verbosity'> {
  const text = body.maybeObject('text')
  return text === undefined
    ? {}
    : defined({
        output: readFormat(text),
        verbosity: text.maybeOneOf('verbosity', ['low', 'medium', 'high']),
      })
}

function readFormat(text: Reader): ChatRequest['output'] {
  const format = text.maybeObject('format')
  if (format === undefined) return undefined
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema'])
  if (type === 'text') return undefined
  if (type === 'json_object') return {}
  return defined({
    name: format.string('name'),
    schema: format.maybeRecord('schema') ?? format.fail('schema', 'a JSON schema'),
    description: format.maybeString('description'),
    strict: format.maybeBoolean('strict'),
  })
}

function readReasoning(body: Reader): ChatRequest['reasoning'] {
  const reasoning = body.maybeObject('reasoning')
  if (reasoning === undefined) return undefined
  const words = ['auto', 'concise', 'detailed'] as const
  const summary = reasoning.maybeOneOf('summary', words)
  const olderSummary = reasoning.maybeOneOf('generate_summary', words)
  const isAsked = (summary ?? olderSummary) !== undefined
  const effort = reasoning.maybeOneOf('effort', efforts)
  if (effort === undefined && !isAsked) return undefined
  return defined({ effort, visible: isAsked ? true : undefined })
}

/** What a request says about stored responses (all of it unread by the codec). */
export interface HostedState {
  previousResponseId?: string
  /** The id of a conversation. */
  conversation?: string
  /** The vendor stores unless told otherwise. */
  store: boolean
  background: boolean
}

/** The fields of a request that a face with a store serves; it takes them off `unread`. */
export const hostedFields = ['previous_response_id', 'conversation', 'store', 'background'] as const

/** @throws GatewayError `invalid_request` with the path in `param`. */
export function readHostedState(value: unknown): HostedState {
  const body = Reader.of(value)
  const conversation = body.rest['conversation']
  const named = typeof conversation === 'string'
  return {
    ...defined({
      previousResponseId: body.maybeString('previous_response_id'),
      conversation: named ? conversation : body.maybeObject('conversation')?.string('id'),
    }),
    store: body.maybeBoolean('store') ?? true,
    background: body.maybeBoolean('background') ?? false,
  }
}

import type { ChatRequest, Message } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject, parseJson } from '#core/json'
import type { Envelope } from '#core/protocol'
import { Reader } from '#core/reader'
import { decodeReasoning } from '../anthropic-messages/reasoning.ts'
import { assistantBlock, decodeBlocks, textBlock, userBlock } from './blocks-decode.ts'
import { decodeTools } from './tools.ts'

/**
 * Model and streaming are in the path (`/model/{id}/converse-stream`), so the envelope says them.
 * @throws GatewayError `invalid_request` with the path in `param`.
 */
export function decodeRequest(body: unknown, envelope: Envelope = {}): ChatRequest {
  const reader = Reader.of(body)
  const { model, stream = false } = envelope
  if (model === undefined)
    throw new GatewayError('invalid_request', 'modelId is required', { param: 'modelId' })
  const inference = reader.maybeObject('inferenceConfig')
  const more = reader.maybeObject('additionalModelRequestFields') ?? Reader.of({})
  const config = reader.maybeObject('outputConfig')
  const request = defined({
    model,
    system: reader.has('system') ? decodeBlocks(reader, 'system', textBlock) : [],
    messages: reader.list('messages', decodeMessage),
    ...decodeTools(reader),
    maxOutputTokens: inference?.maybeInteger('maxTokens', 1),
    temperature: inference?.maybeNumber('temperature'),
    topP: inference?.maybeNumber('topP'),
    topK: more.maybeInteger('top_k'),
    stop: inference?.maybeStrings('stopSequences'),
    reasoning: decodeReasoning(more, config),
    output: decodeOutput(config),
    serviceTier: reader.maybeObject('serviceTier')?.string('type'),
    metadata: decodeMetadata(reader),
    stream,
  })
  return { ...request, unread: reader.unread }
}

function decodeMessage(reader: Reader): Message {
  const role = reader.oneOf('role', ['user', 'assistant'])
  return role === 'user'
    ? { role, content: decodeBlocks(reader, 'content', userBlock) }
    : { role, content: decodeBlocks(reader, 'content', assistantBlock) }
}

function decodeOutput(config: Reader | undefined): ChatRequest['output'] {
  const format = config?.maybeObject('textFormat')
  if (format === undefined) return undefined
  format.oneOf('type', ['json_schema'])
  const wanted = format.object('structure').object('jsonSchema')
  const schema = parseJson(wanted.string('schema'))
  return defined({
    schema: isObject(schema) ? schema : wanted.fail('schema', 'the text of a JSON Schema'),
    name: wanted.maybeString('name'),
    description: wanted.maybeString('description'),
  })
}

function decodeMetadata(reader: Reader): ChatRequest['metadata'] {
  const metadata = reader.maybeObject('requestMetadata')
  if (metadata === undefined) return undefined
  return Object.fromEntries(metadata.keys.map((key) => [key, metadata.string(key)]))
}

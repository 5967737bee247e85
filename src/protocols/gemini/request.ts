// GenerateContentRequest in both directions (https://ai.google.dev/api/generate-content).

import type { ChatRequest } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Envelope, Target } from '#core/protocol'
import { Reader } from '#core/reader'
import { readConfig, writeConfig } from './config.ts'
import { readContents, readSystem } from './contents.ts'
import { readToolChoice, readTools, writeToolConfig, writeTools } from './tools.ts'
import { writeContents } from './turns.ts'
import { keyOf, serviceTiers, skipEmpty, spelled } from './vocabulary.ts'

/**
 * Reads a body in camelCase or snake_case. Model and streaming are in the path, hence the envelope;
 * a `model` in the body (as `models/<id>`) stands in for it.
 *
 * @throws GatewayError `invalid_request` with the path in `param`.
 */
export function decodeRequest(value: unknown, envelope: Envelope = {}): ChatRequest {
  const body = Reader.of(value)
  const named = body.maybeString('model')
  const model = envelope.model ?? named ?? body.fail('model', 'named in the path')
  const { settings, unread } = readConfig(body)
  const { toolChoice, unread: unreadTools } = readToolChoice(body)
  const tier = body.maybeString(spelled(body, 'serviceTier'))
  const read = defined({
    toolChoice,
    serviceTier: tier === undefined ? undefined : (keyOf(serviceTiers, tier) ?? tier),
    metadata: readLabels(body),
  })
  const request: ChatRequest = {
    model: model.replace(/^models\//, ''),
    system: readSystem(body),
    messages: readContents(body),
    tools: readTools(body),
    ...settings,
    ...read,
    stream: envelope.stream ?? false,
    unread: [],
  }
  skipEmpty(body)
  return { ...request, unread: [...body.unread, ...unread, ...unreadTools] }
}

function readLabels(body: Reader): ChatRequest['metadata'] {
  const labels = body.maybeObject('labels')
  if (labels === undefined || labels.keys.length === 0) return undefined
  return Object.fromEntries(labels.keys.map((key) => [key, labels.string(key)]))
}

/** What a target of this protocol is sent. Model and streaming belong into the path. */
export function encodeRequest(request: ChatRequest, target: Target): JsonObject {
  loseUnsayable(request, target)
  const [first] = request.system
  return defined({
    contents: writeContents(request.messages, target),
    systemInstruction:
      first === undefined ? undefined : { parts: request.system.map(({ text }) => ({ text })) },
    tools: writeTools(request.tools, target),
    toolConfig: writeToolConfig(request, target),
    generationConfig: writeConfig(request, target),
    serviceTier: writeTier(request, target),
    labels: writeLabels(request, target),
  })
}

/** Fields the API has no place for. */
const unsayable = ['verbosity', 'user', 'cacheKey'] as const

function loseUnsayable(request: ChatRequest, { lose }: Target): void {
  for (const field of unsayable)
    if (request[field] !== undefined) lose(field, `${field} is not supported and was left out`)
  if (request.system.some((part) => part.cache !== undefined))
    lose('system', 'cache marks are not supported and were left out')
}

const isTier = (tier: string): tier is keyof typeof serviceTiers =>
  Object.hasOwn(serviceTiers, tier)

function writeTier({ serviceTier }: ChatRequest, { lose }: Target): string | undefined {
  // `auto` leaves the choice to the vendor, as absence does.
  if (serviceTier === undefined || serviceTier === 'auto') return undefined
  if (isTier(serviceTier)) return serviceTiers[serviceTier]
  lose('serviceTier', `the service tier ${serviceTier} is not known and was left out`)
  return undefined
}

const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u

/** Labels are lower-case words; metadata that is not cannot be one. */
function writeLabels({ metadata }: ChatRequest, { lose }: Target): JsonObject | undefined {
  if (metadata === undefined) return undefined
  const labels: JsonObject = {}
  for (const [key, value] of Object.entries(metadata)) {
    if (labelKey.test(key) && labelValue.test(value)) labels[key] = value
    else lose(`metadata.${key}`, 'only lower-case words can be labels: this entry was left out')
  }
  return Object.keys(labels).length === 0 ? undefined : labels
}

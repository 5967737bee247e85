// Rules as JSON files: read strictly, every mistake is named with its path.

import type { AssistantPart } from '#core/chat'
import { finishReasons } from '#core/chat'
import { GatewayError } from '#core/error'
import { defined, isObject } from '#core/json'
import { Reader } from '#core/reader'
import type { MockFailure } from '../dialect.ts'
import { scenarioNames } from '../scenario.ts'
import type { Answer, ScriptedMedia, ScriptedToolCall } from './answer.ts'
import type { NameMatch, TextMatch, When } from './match.ts'
import type { Chaos, Reply, Rule, Strictness } from './scripts.ts'

export interface Fixtures {
  rules: (Omit<Rule, 'name'> & { name?: string })[]
  strict?: Strictness
  chaos?: Chaos
}

/**
 * Reads fixtures: `{ "rules": [{ "when": { "user": "weather" }, "reply": "Sunny" }] }`. Matchers and
 * answers are those of the code; a regular expression is `{ "pattern": "^hi", "flags": "i" }`, media
 * are base64, and `reply` may be a list: one answer for each call, the last one repeats.
 *
 * @throws GatewayError `invalid_request` with the path of what is wrong or unknown.
 */
export function readFixtures(json: unknown): Fixtures {
  const body = Reader.of(json)
  const fixtures: Fixtures = defined({
    rules: body.list('rules', readRule),
    strict: body.maybeOneOf('strict', ['off', 'refuse', 'throw']),
    chaos: readChaos(body.maybeObject('chaos')),
  })
  const [unknown] = body.unread
  if (unknown !== undefined)
    throw new GatewayError('invalid_request', `${unknown} is not known here`, { param: unknown })
  return fixtures
}

function readRule(rule: Reader): Fixtures['rules'][number] {
  const when = rule.maybeObject('when')
  return defined({
    name: rule.maybeString('name'),
    scope: rule.maybeString('scope'),
    times: rule.maybeInteger('times', 1),
    when: when === undefined ? {} : readWhen(when),
    replies: readReplies(rule),
  })
}

const readWhen = (when: Reader): When =>
  defined({
    provider: name(when, 'provider'),
    model: name(when, 'model'),
    method: name(when, 'method'),
    path: name(when, 'path'),
    user: text(when, 'user'),
    system: text(when, 'system'),
    toolResult: boolean(when, 'toolResult') ?? text(when, 'toolResult'),
    toolCallId: when.maybeString('toolCallId'),
    tool: name(when, 'tool'),
    turn: when.maybeInteger('turn'),
    json: when.maybeBoolean('json'),
    stream: when.maybeBoolean('stream'),
    call: when.maybeInteger('call'),
  })

function boolean(reader: Reader, key: string): boolean | undefined {
  const value = reader.json(key)
  return typeof value === 'boolean' ? value : undefined
}

const name = (reader: Reader, key: string): NameMatch | undefined => text(reader, key)

function text(
  reader: Reader,
  key: string,
): Exclude<TextMatch, (text: string) => boolean> | undefined {
  const value = reader.json(key)
  if (value === undefined || typeof value === 'string') return value
  if (Array.isArray(value)) return reader.maybeStrings(key)
  if (!isObject(value)) reader.fail(key, 'a string, a list of strings or a { pattern }')
  const expression = reader.object(key)
  const pattern = expression.string('pattern')
  const flags = expression.maybeString('flags')
  try {
    return new RegExp(pattern, flags)
  } catch {
    return expression.fail('pattern', 'a regular expression')
  }
}

function readReplies(rule: Reader): Reply[] {
  const value = rule.json('reply')
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return [readAnswer(rule.object('reply'))]
  if (value.every((item) => typeof item === 'string')) return value
  return rule.list('reply', readAnswer)
}

function readAnswer(answer: Reader): Answer {
  const status = answer.maybeInteger('status', 200)
  const pace = answer.maybeObject('pace')
  return defined({
    text: answer.maybeString('text'),
    json: answer.json('json'),
    reasoning: answer.maybeString('reasoning'),
    refusal: answer.maybeString('refusal'),
    toolCalls: answer.maybeList('toolCalls', readToolCall),
    parts: answer.maybeList('parts', readPart),
    finish: answer.maybeOneOf('finish', finishReasons),
    usage: readUsage(answer.maybeObject('usage')),
    id: answer.maybeString('id'),
    model: answer.maybeString('model'),
    image: readMedia(answer.maybeObject('image')),
    audio: readMedia(answer.maybeObject('audio')),
    transcript: answer.maybeString('transcript'),
    vector: numbers(answer, 'vector'),
    flagged: answer.maybeStrings('flagged'),
    status,
    headers: strings(answer, 'headers'),
    body: answer.json('body'),
    error: readError(answer),
    pace: pace === undefined ? undefined : readPace(pace),
    cutAfter: answer.maybeInteger('cutAfter'),
    errorAfter: answer.maybeInteger('errorAfter'),
  })
}

const readPace = (pace: Reader) =>
  defined({
    first: pace.maybeNumber('first'),
    between: pace.maybeNumber('between'),
    words: pace.maybeInteger('words', 1),
    jitter: pace.maybeNumber('jitter'),
  })

const readUsage = (usage: Reader | undefined): Answer['usage'] =>
  usage === undefined
    ? undefined
    : defined({
        inputTokens: usage.maybeInteger('inputTokens'),
        outputTokens: usage.maybeInteger('outputTokens'),
        cacheReadTokens: usage.maybeInteger('cacheReadTokens'),
        cacheWriteTokens: usage.maybeInteger('cacheWriteTokens'),
        reasoningTokens: usage.maybeInteger('reasoningTokens'),
        inputAudioTokens: usage.maybeInteger('inputAudioTokens'),
        outputAudioTokens: usage.maybeInteger('outputAudioTokens'),
        outputImageTokens: usage.maybeInteger('outputImageTokens'),
      })

function readToolCall(call: Reader): ScriptedToolCall {
  const given = call.json('arguments')
  return defined({
    name: call.string('name'),
    arguments:
      typeof given === 'string' || isObject(given)
        ? given
        : call.fail('arguments', 'an object or a text'),
    id: call.maybeString('id'),
  })
}

const partTypes = ['text', 'reasoning', 'refusal', 'tool-call', 'file'] as const

function readPart(part: Reader): AssistantPart {
  const type = part.oneOf('type', partTypes)
  switch (type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return { type, text: part.string('text') }
    case 'tool-call':
      return { type, id: part.string('id'), name: part.string('name'), input: part.string('input') }
    case 'file':
      return {
        type,
        mediaType: part.string('mediaType'),
        source: { base64: part.string('base64') },
      }
    default:
      return type satisfies never
  }
}

const readMedia = (media: Reader | undefined): ScriptedMedia | undefined =>
  media === undefined
    ? undefined
    : defined({
        mediaType: media.string('mediaType'),
        base64: media.string('base64'),
        transcript: media.maybeString('transcript'),
      })

function numbers(reader: Reader, key: string): number[] | undefined {
  return reader
    .maybeValues(key)
    ?.map((value) => (typeof value === 'number' ? value : reader.fail(key, 'a list of numbers')))
}

function strings(reader: Reader, key: string): Record<string, string> | undefined {
  const record = reader.maybeRecord(key)
  if (record === undefined) return undefined
  return Object.fromEntries(
    Object.entries(record).map(([header, value]) => [
      header,
      typeof value === 'string' ? value : reader.fail(key, 'an object of strings'),
    ]),
  )
}

const plainKinds = [
  'no-key',
  'bad-key',
  'forbidden',
  'quota',
  'overloaded',
  'server-error',
  'timeout',
  'too-large',
  'moderated',
  'context-length',
] as const satisfies readonly MockFailure['kind'][]
const failureKinds = [...plainKinds, 'rate-limited', 'not-found', 'bad-request'] as const

function readError(answer: Reader): Answer['error'] | undefined {
  if (typeof answer.json('error') === 'string') return answer.oneOf('error', failureKinds)
  const error = answer.maybeObject('error')
  if (error === undefined) return undefined
  const kind = error.oneOf('kind', failureKinds)
  if (kind === 'rate-limited') return { kind, retryAfterSeconds: error.number('retryAfterSeconds') }
  if (kind === 'not-found') return { kind, what: error.string('what') }
  if (kind !== 'bad-request') return { kind }
  return {
    kind,
    message: error.string('message'),
    ...defined({ param: error.maybeString('param') }),
  }
}

function readChaos(chaos: Reader | undefined): Chaos | undefined {
  if (chaos === undefined) return undefined
  return Object.fromEntries(
    scenarioNames.flatMap((scenario) => {
      const chance = chaos.maybeNumber(scenario)
      return chance === undefined ? [] : [[scenario, chance]]
    }),
  )
}

// Arbitrary parts, tools and parameters of the canonical language: the pieces a protocol's `Sayable` is made of.

import fc from 'fast-check'
import { toBase64 } from '#core/bytes'
import type {
  CacheMark,
  ChatRequest,
  Citation,
  FilePart,
  ReasoningPart,
  RefusalPart,
  Signature,
  TextPart,
  Tool,
  ToolCallPart,
  ToolResultPart,
} from '#core/chat'
import { defined } from '#core/json'

/** The fields of a request that stand alone: no messages, no tools. */
export type Parameters = Omit<
  ChatRequest,
  'model' | 'system' | 'messages' | 'tools' | 'toolChoice' | 'unread'
>
export type ParameterArbitraries = {
  [K in keyof Parameters]?: fc.Arbitrary<Exclude<Parameters[K], undefined>>
}

/** Text that is not empty: letters, digits, line ends, quotes, astral characters. */
export const words: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom('a', 'word ', 'é', '🦜', '日本', '\n', '"', '\\', ' ', '1', '{', 'data: '),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.join(''))

/** A name as every vendor allows it for tools; `__x` is how some codecs spell other characters. */
export const identifier: fc.Arbitrary<string> = fc
  .stringMatching(/^[a-z][a-z0-9_]{2,12}$/)
  .filter((name) => !name.includes('__x'))
export const url: fc.Arbitrary<string> = identifier.map((name) => `https://example.com/${name}`)

/** Canonical base64 of one to twelve bytes. */
export const base64: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map(toBase64)

/** A JSON object as `JSON.stringify` writes it, so that parsing and writing it again changes nothing. */
const jsonInput: fc.Arbitrary<string> = fc
  .dictionary(
    identifier,
    fc.oneof(
      words,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(words, { maxLength: 2 }),
    ),
    { maxKeys: 3, noNullPrototype: true },
  )
  .map((value) => JSON.stringify(value))

export const cacheMark = (...ttls: CacheMark['ttl'][]): fc.Arbitrary<CacheMark> =>
  fc.constantFrom(...ttls).map((ttl) => defined({ ttl }))

export const signature = (...protocols: string[]): fc.Arbitrary<Signature> =>
  fc.record({ protocol: fc.constantFrom(...protocols), value: base64 })

/** Present half of the time; never when there is no arbitrary. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T> | undefined): fc.Arbitrary<T | undefined> =>
  arbitrary === undefined ? fc.constant(undefined) : fc.option(arbitrary, { nil: undefined })

// ---- parts

interface Marks {
  cache?: fc.Arbitrary<CacheMark>
  signature?: fc.Arbitrary<Signature>
}

export const textPart = (
  marks: Marks & { citations?: fc.Arbitrary<Citation[]> } = {},
): fc.Arbitrary<TextPart> =>
  fc
    .record({
      type: fc.constant('text' as const),
      text: words,
      cache: maybe(marks.cache),
      signature: maybe(marks.signature),
      citations: maybe(marks.citations),
    })
    .map((part) => defined(part))

export const refusalPart: fc.Arbitrary<RefusalPart> = words.map((text) => ({
  type: 'refusal',
  text,
}))

/** Thoughts: plain, signed, and with `redacted` also hidden ones (without text, as vendors send them). */
export const reasoningPart = (
  marks: { signature?: fc.Arbitrary<Signature>; redacted?: fc.Arbitrary<Signature> } = {},
): fc.Arbitrary<ReasoningPart> => {
  const open = fc
    .record({
      type: fc.constant('reasoning' as const),
      text: words,
      signature: maybe(marks.signature),
    })
    .map((part): ReasoningPart => defined(part))
  return marks.redacted === undefined
    ? open
    : fc.oneof(
        open,
        marks.redacted.map((redacted): ReasoningPart => ({
          type: 'reasoning',
          text: '',
          redacted,
        })),
      )
}

/** The id is replaced: ids are unique in a conversation. */
export const toolCallPart = (
  marks: Marks & { kind?: 'custom'; input?: fc.Arbitrary<string> } = {},
): fc.Arbitrary<ToolCallPart> =>
  fc
    .record({
      type: fc.constant('tool-call' as const),
      id: fc.constant(''),
      name: identifier,
      input: marks.input ?? (marks.kind === 'custom' ? words : jsonInput),
      kind: fc.constant(marks.kind),
      cache: maybe(marks.cache),
      signature: maybe(marks.signature),
    })
    .map((part) => defined(part))

/** A file of one of the media types, from one of the kinds of source. */
export const filePart = (
  mediaTypes: readonly string[],
  source: 'url' | 'base64' | 'reference',
  extras: Marks & { name?: fc.Arbitrary<string>; detail?: fc.Arbitrary<string> } = {},
): fc.Arbitrary<FilePart> =>
  fc
    .record({
      type: fc.constant('file' as const),
      mediaType: fc.constantFrom(...mediaTypes),
      source: sources[source],
      name: maybe(extras.name),
      detail: maybe(extras.detail),
      cache: maybe(extras.cache),
      signature: maybe(extras.signature),
    })
    .map((part) => defined(part))

const sources = {
  url: url.map((value): FilePart['source'] => ({ url: value })),
  base64: base64.map((value): FilePart['source'] => ({ base64: value })),
  reference: identifier.map((value): FilePart['source'] => ({ reference: `file-${value}` })),
}

export const toolResultPart =
  (
    output: fc.Arbitrary<TextPart | FilePart>,
    extras: Pick<Marks, 'cache'> & { isError?: boolean; most?: number } = {},
  ) =>
  (call: ToolCallPart): fc.Arbitrary<ToolResultPart> =>
    fc
      .record({
        type: fc.constant('tool-result' as const),
        id: fc.constant(call.id),
        output: fc.array(output, { minLength: 1, maxLength: extras.most ?? 2 }),
        isError: maybe(extras.isError === true ? fc.constant(true) : undefined),
        cache: maybe(extras.cache),
      })
      .map((part) => defined(part))

// ---- tools

export const functionTool = (
  extras: { strict?: boolean; cache?: fc.Arbitrary<CacheMark> } = {},
): fc.Arbitrary<Tool> =>
  fc
    .record({
      type: fc.constant('function' as const),
      name: identifier,
      description: maybe(words),
      parameters: jsonSchema,
      strict: maybe(extras.strict === true ? fc.boolean() : undefined),
      cache: maybe(extras.cache),
    })
    .map((tool) => defined(tool))

/** The schema of an object with some typed properties. */
export const jsonSchema = fc.uniqueArray(identifier, { maxLength: 3 }).chain((names) =>
  fc
    .array(fc.constantFrom('string', 'number', 'boolean', 'integer'), {
      minLength: names.length,
      maxLength: names.length,
    })
    .map((types) => ({
      type: 'object',
      properties: Object.fromEntries(
        names.map((name, at) => [name, { type: types[at] ?? 'string' }]),
      ),
      required: names,
    })),
)

// ---- parameters

/** One arbitrary for each parameter; protocols take those they have, and narrow what they must. */
export const parameters = {
  parallelToolCalls: fc.boolean(),
  maxOutputTokens: fc.integer({ min: 1, max: 100_000 }),
  temperature: fc.constantFrom(0, 0.25, 0.5, 1),
  topP: fc.constantFrom(0, 0.1, 0.95, 1),
  topK: fc.integer({ min: 1, max: 100 }),
  stop: fc.uniqueArray(identifier, { minLength: 1, maxLength: 4 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  presencePenalty: fc.constantFrom(-2, 0, 0.5, 1.5),
  frequencyPenalty: fc.constantFrom(-2, 0, 0.5, 1.5),
  candidates: fc.integer({ min: 2, max: 8 }),
  output: fc.oneof(
    fc.constant({}),
    fc
      .record({
        schema: jsonSchema,
        name: identifier,
        description: maybe(words),
        strict: maybe(fc.boolean()),
      })
      .map((output) => defined(output)),
  ),
  verbosity: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
  serviceTier: fc.constantFrom('auto', 'flex', 'priority'),
  user: identifier,
  metadata: fc.dictionary(identifier, words, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  cacheKey: identifier,
  stream: fc.boolean(),
} satisfies ParameterArbitraries

// `generationConfig` in both directions.

import type { ChatRequest, Reasoning } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Reader } from '#core/reader'
import { lowerSchema, raiseSchema } from './schema.ts'
import {
  effortBudgets,
  keyOf,
  maybeWord,
  mixesToolsAndJson,
  skipEmpty,
  spelled,
  takesJsonSchema,
  thinkingLevels,
} from './vocabulary.ts'

/** The settings of a request, and the paths of what they cannot express. */
export function readConfig(body: Reader): { settings: Partial<ChatRequest>; unread: string[] } {
  const config = body.maybeObject(spelled(body, 'generationConfig'))
  if (config === undefined) return { settings: {}, unread: [] }
  const number = (name: string): number | undefined => config.maybeNumber(spelled(config, name))
  const { modalities, unread } = readModalities(config)
  const settings = defined({
    temperature: number('temperature'),
    topP: number('topP'),
    topK: number('topK'),
    candidates: config.maybeInteger(spelled(config, 'candidateCount'), 1),
    maxOutputTokens: config.maybeInteger(spelled(config, 'maxOutputTokens'), 1),
    stop: filled(config.maybeStrings(spelled(config, 'stopSequences'))),
    seed: number('seed'),
    presencePenalty: number('presencePenalty'),
    frequencyPenalty: number('frequencyPenalty'),
    output: readOutput(config),
    modalities,
    image: readImage(config),
    audio: readSpeech(config),
    reasoning: readThinking(config),
  })
  skipEmpty(config)
  return { settings, unread }
}

const filled = <T>(list: T[] | undefined): T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list

const modalityWords = { text: 'TEXT', image: 'IMAGE', audio: 'AUDIO' } as const

function readModalities(config: Reader): {
  modalities: ChatRequest['modalities']
  unread: string[]
} {
  const key = spelled(config, 'responseModalities')
  const words = config.maybeStrings(key) ?? []
  const known = words.map((word) => keyOf(modalityWords, word.toUpperCase()))
  const unread = words.flatMap((_, index) =>
    known[index] === undefined ? [`${config.at(key)}[${index}]`] : [],
  )
  return { modalities: filled(known.filter((word) => word !== undefined)), unread }
}

/** JSON, with a schema in either form. Enumerations as bare text (`text/x.enum`) are not read. */
function readOutput(config: Reader): ChatRequest['output'] {
  const typeKey = spelled(config, 'responseMimeType')
  const type = config.json(typeKey)
  if (type === 'text/plain' || type === undefined || type === null) return undefined
  if (typeof type !== 'string') return config.fail(typeKey, 'a string')
  if (type !== 'application/json') {
    config.skip(typeKey)
    return undefined
  }
  const schema = config.maybeRecord(spelled(config, 'responseJsonSchema'))
  const subset = config.maybeRecord(spelled(config, 'responseSchema'))
  return defined({ schema: schema ?? (subset === undefined ? undefined : raiseSchema(subset)) })
}

function readImage(config: Reader): ChatRequest['image'] {
  const image = config.maybeObject(spelled(config, 'imageConfig'))
  if (image === undefined) return undefined
  const read = defined({
    aspectRatio: image.maybeString(spelled(image, 'aspectRatio')),
    size: image.maybeString(spelled(image, 'imageSize')),
  })
  return Object.keys(read).length === 0 ? undefined : read
}

function readSpeech(config: Reader): ChatRequest['audio'] {
  const speech = config.maybeObject(spelled(config, 'speechConfig'))
  const voice = speech?.maybeObject(spelled(speech, 'voiceConfig'))
  const prebuilt = voice?.maybeObject(spelled(voice, 'prebuiltVoiceConfig'))
  const name = prebuilt?.maybeString(spelled(prebuilt, 'voiceName')) ?? voice?.maybeString('voice')
  return name === undefined ? undefined : { voice: name }
}

function readThinking(config: Reader): Reasoning | undefined {
  const thinking = config.maybeObject(spelled(config, 'thinkingConfig'))
  if (thinking === undefined) return undefined
  const level = maybeWord(thinking, spelled(thinking, 'thinkingLevel'), [
    ...Object.values(thinkingLevels),
    'THINKING_LEVEL_UNSPECIFIED',
  ])
  // -1 leaves the amount to the model, which is what saying nothing means elsewhere.
  const budget = thinking.maybeInteger(spelled(thinking, 'thinkingBudget'), -1)
  const read = defined({
    effort: budget === 0 ? 'none' : level === undefined ? undefined : keyOf(thinkingLevels, level),
    budgetTokens: budget === undefined || budget <= 0 ? undefined : budget,
    visible: thinking.maybeBoolean(spelled(thinking, 'includeThoughts')),
  } as const)
  return Object.keys(read).length === 0 ? undefined : read
}

/** `generationConfig` of a request; `undefined` when it would be empty. */
export function writeConfig(request: ChatRequest, target: Target): JsonObject | undefined {
  const config = defined({
    temperature: unlessRejected('temperature', request.temperature, target),
    topP: unlessRejected('topP', request.topP, target),
    topK: unlessRejected('topK', request.topK, target),
    candidateCount: request.candidates,
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: writeStop(request, target),
    seed: request.seed,
    presencePenalty: unlessRejected('presencePenalty', request.presencePenalty, target),
    frequencyPenalty: unlessRejected('frequencyPenalty', request.frequencyPenalty, target),
    ...writeOutput(request, target),
    responseModalities: request.modalities?.map((modality) => modalityWords[modality]),
    imageConfig: writeImage(request),
    speechConfig: writeSpeech(request, target),
    thinkingConfig: writeThinking(request, target),
  })
  return Object.keys(config).length === 0 ? undefined : config
}

const rejections = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  stop: 'stop',
  presencePenalty: 'penalties',
  frequencyPenalty: 'penalties',
} as const

function unlessRejected<T>(
  field: keyof typeof rejections,
  value: T | undefined,
  { model, lose }: Target,
): T | undefined {
  if (value === undefined || model.rejects?.includes(rejections[field]) !== true) return value
  lose(field, `${field} is not supported by this model and was left out`)
  return undefined
}

/** The API takes five. */
const maxStops = 5

function writeStop(request: ChatRequest, target: Target): string[] | undefined {
  const stop = unlessRejected('stop', request.stop, target)
  if (stop === undefined || stop.length <= maxStops) return stop
  target.lose('stop', `only the first ${maxStops} of ${stop.length} stop sequences were kept`)
  return stop.slice(0, maxStops)
}

function writeOutput(request: ChatRequest, target: Target): JsonObject {
  const { output } = request
  if (output === undefined) return {}
  const hasFunctions = request.tools.some((tool) => tool.type !== 'opaque')
  if (hasFunctions && !mixesToolsAndJson(target.model)) {
    target.lose('output', 'this model cannot promise JSON and call functions: the tools were kept')
    return {}
  }
  if (output.description !== undefined)
    target.lose('output.description', 'the description of the output was left out')
  const responseMimeType = 'application/json'
  if (output.schema === undefined) return { responseMimeType }
  return takesJsonSchema(target.model)
    ? { responseMimeType, responseJsonSchema: output.schema }
    : { responseMimeType, responseSchema: lowerSchema(output.schema) }
}

function writeImage({ image }: ChatRequest): JsonObject | undefined {
  if (image === undefined) return undefined
  return defined({ aspectRatio: image.aspectRatio, imageSize: image.size })
}

function writeSpeech({ audio }: ChatRequest, { lose }: Target): JsonObject | undefined {
  if (audio?.format !== undefined)
    lose('audio.format', 'the format of spoken replies cannot be chosen with this model')
  return audio?.voice === undefined
    ? undefined
    : { voiceConfig: { prebuiltVoiceConfig: { voiceName: audio.voice } } }
}

/** Levels where the model takes them, budgets elsewhere: one may stand in for the other, never both. */
function writeThinking({ reasoning }: ChatRequest, target: Target): JsonObject | undefined {
  if (reasoning === undefined) return undefined
  const { model, lose } = target
  if (model.can?.includes('reasoning') === false) {
    lose('reasoning', 'this model does not reason: the setting was left out')
    return undefined
  }
  const steering = defined({
    ...writeAmount(reasoning, target),
    includeThoughts: reasoning.visible,
  })
  return Object.keys(steering).length === 0 ? undefined : steering
}

function writeAmount({ effort, budgetTokens }: Reasoning, { model, lose }: Target): JsonObject {
  const takes = (way: 'effort' | 'budget' | 'off'): boolean =>
    model.reasoning?.includes(way) !== false
  if (effort === 'none') {
    if (takes('off')) return { thinkingBudget: 0 }
    lose('reasoning.effort', 'this model cannot be kept from reasoning: it will do little of it')
    return takes('effort') ? { thinkingLevel: thinkingLevels.minimal } : { thinkingBudget: 512 }
  }
  if (budgetTokens !== undefined && (effort === undefined || !takes('effort'))) {
    if (takes('budget')) return { thinkingBudget: budgetTokens }
    const nearest = effortOf(budgetTokens)
    lose(
      'reasoning.budgetTokens',
      `a budget of ${budgetTokens} tokens became the effort ${nearest}`,
    )
    return { thinkingLevel: thinkingLevels[nearest] }
  }
  if (effort === undefined) return {}
  if (budgetTokens !== undefined)
    lose('reasoning.budgetTokens', 'the effort decides: the budget was left out')
  if (!takes('effort')) return { thinkingBudget: effortBudgets[effort] }
  if (effort === 'max') {
    lose('reasoning.effort', `the effort max became ${highest}, the most there is`)
    return { thinkingLevel: thinkingLevels[highest] }
  }
  return { thinkingLevel: thinkingLevels[effort] }
}

const highest = 'high'

const effortOf = (budget: number): 'low' | 'medium' | 'high' =>
  budget <= effortBudgets.low ? 'low' : budget <= effortBudgets.medium ? 'medium' : 'high'

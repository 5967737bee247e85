// Which requests a rule is for.

import type { ChatRequest, Message, ToolResultPart } from '#core/chat'
import { isObject } from '#core/json'

/** A string is contained in the text; a list needs all of its strings. */
export type TextMatch = string | readonly string[] | RegExp | ((text: string) => boolean)
/** A string is the whole name. */
export type NameMatch = string | readonly string[] | RegExp

/**
 * Everything given must fit. Requests that only look (lists, polls of jobs, downloads) are answered
 * by rules that name their path or method, and by no others.
 */
export interface When {
  /** The id of a provider. */
  provider?: NameMatch
  model?: NameMatch
  method?: NameMatch
  /** Of the URL, without the query. */
  path?: NameMatch
  /** The text of the last user message, or the prompt or input of a media request. */
  user?: TextMatch
  system?: TextMatch
  /** Whether the request ends in tool results, or what their text holds. */
  toolResult?: boolean | TextMatch
  /** The id of a tool call that the request answers. */
  toolCallId?: string
  /** A tool the model is offered. */
  tool?: NameMatch
  /** How many times the model has spoken before. */
  turn?: number
  /** Whether JSON is asked for. */
  json?: boolean
  stream?: boolean
  /** Which of the requests that fit the rest, from 0. */
  call?: number
  where?: (asked: Asked) => boolean
}

/** A request as rules see it. */
export interface Asked {
  scope: string
  provider?: string
  method: string
  path: string
  /** Parsed JSON, or the fields of a form. */
  body: unknown
  model?: string
  /** The last user text, or the prompt or input of a media request. */
  text: string
  /** Present for chat. */
  chat?: ChatRequest
}

/** Whether the request fits, `call` aside. */
export function fits(when: When, asked: Asked): boolean {
  const { chat } = asked
  return (
    (isOrder(asked) || when.path !== undefined || when.method !== undefined) &&
    nameFits(when.provider, asked.provider) &&
    nameFits(when.model, asked.model) &&
    nameFits(when.method, asked.method) &&
    nameFits(when.path, asked.path) &&
    textFits(when.user, asked.text) &&
    (when.system === undefined ||
      (chat !== undefined && textFits(when.system, systemText(chat)))) &&
    resultFits(when, chat) &&
    (when.tool === undefined || toolNames(chat).some((name) => nameFits(when.tool, name))) &&
    (when.turn === undefined || when.turn === turns(chat)) &&
    (when.json === undefined || when.json === (chat?.output !== undefined)) &&
    (when.stream === undefined || when.stream === streams(asked)) &&
    (when.where === undefined || when.where(asked))
  )
}

/** Whether a request orders something; the others only look. */
export const isOrder = ({ method }: Pick<Asked, 'method'>): boolean => method === 'POST'

const streams = ({ chat, body }: Asked): boolean =>
  chat?.stream ?? (isObject(body) && (body.stream === true || body.stream === 'true'))

function nameFits(match: NameMatch | undefined, name: string | undefined): boolean {
  if (match === undefined) return true
  if (name === undefined) return false
  if (match instanceof RegExp) return name.search(match) >= 0
  return typeof match === 'string' ? match === name : match.includes(name)
}

function textFits(match: TextMatch | undefined, text: string): boolean {
  if (match === undefined) return true
  if (typeof match === 'string') return text.includes(match)
  if (typeof match === 'function') return match(text)
  // `search` does not move the lastIndex of a global pattern, as `test` does.
  if (match instanceof RegExp) return text.search(match) >= 0
  return match.every((part) => text.includes(part))
}

function resultFits(when: When, chat: ChatRequest | undefined): boolean {
  if (when.toolResult === undefined && when.toolCallId === undefined) return true
  const results = chat === undefined ? [] : lastResults(chat)
  if (when.toolCallId !== undefined && !results.some(({ id }) => id === when.toolCallId))
    return false
  if (when.toolResult === undefined) return true
  if (typeof when.toolResult === 'boolean') return when.toolResult === results.length > 0
  return results.length > 0 && textFits(when.toolResult, results.map(resultText).join('\n'))
}

/** The tool results the request ends in: those after the model's last words. */
export function lastResults(chat: ChatRequest): ToolResultPart[] {
  const spoken = chat.messages.findLastIndex((message) => message.role === 'assistant')
  return chat.messages
    .slice(spoken + 1)
    .flatMap((message) =>
      message.role === 'user'
        ? message.content.flatMap((part) => (part.type === 'tool-result' ? [part] : []))
        : [],
    )
}

export const resultText = (result: ToolResultPart): string => textIn(result.output)

const textIn = (content: Message['content'] | ToolResultPart['output']): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')

/** The text of the last user message that has any. */
export function lastText(chat: ChatRequest): string {
  const texts = chat.messages.flatMap((message) =>
    message.role === 'user' ? [textIn(message.content)] : [],
  )
  return texts.findLast((text) => text !== '') ?? ''
}

/** The system text of the whole conversation. */
export const systemText = (chat: ChatRequest): string =>
  [
    textIn(chat.system),
    ...chat.messages.flatMap((message) =>
      message.role === 'system' ? [textIn(message.content)] : [],
    ),
  ].join('\n')

const turns = (chat: ChatRequest | undefined): number =>
  chat?.messages.filter((message) => message.role === 'assistant').length ?? 0

const toolNames = (chat: ChatRequest | undefined): string[] =>
  (chat?.tools ?? []).flatMap((tool) => (tool.type === 'opaque' ? [] : [tool.name]))

const textKeys = ['prompt', 'text', 'input', 'text_prompt', 'content', 'parts'] as const

/** The prompt or input of a media request, wherever its vendor puts it. */
export function mediaText(body: unknown, depth = 0): string {
  if (typeof body === 'string') return depth === 0 ? '' : body
  if (depth > 4) return ''
  if (Array.isArray(body))
    return body.flatMap((item) => mediaText(item, depth + 1) || []).join('\n')
  if (!isObject(body)) return ''
  for (const key of textKeys) {
    const text = mediaText(body[key], depth + 1)
    if (text !== '') return text
  }
  return ''
}

/** The model of a media request: a field, or part of the path. */
export function mediaModel(body: unknown, path: string): string | undefined {
  if (isObject(body) && typeof body.model === 'string') return body.model
  return /\/models\/([^:]+?)(?::[^/]*|\/predictions)?$/.exec(path)?.[1]
}

// Token counts as plausible as a tokenizer's: about four characters a token, one for each CJK character.

import { fromBase64 } from './bytes.ts'
import type { ChatRequest, FilePart, Message, Tool } from './chat.ts'
import { probe } from './probe.ts'

/** What a tokenizer might take for words. */
export const pieces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu

export const lettersPerToken = 6

/** How many tokens a text is. */
export function countTokens(text: string): number {
  let count = 0
  for (const [piece] of text.matchAll(pieces)) count += Math.ceil(piece.length / lettersPerToken)
  return count
}

const perPrompt = 3
const perMessage = 4
const perTool = 8

/** How many tokens a whole prompt is: system text, messages, tools, files and the wanted schema. */
export function countRequest(request: ChatRequest): number {
  const system = request.system.reduce((sum, part) => sum + countTokens(part.text) + perMessage, 0)
  const messages = request.messages.reduce((sum, message) => sum + countMessage(message), 0)
  const tools = request.tools.reduce((sum, tool) => sum + countTool(tool), 0)
  const schema = request.output?.schema
  return system + messages + tools + (schema === undefined ? 0 : countJson(schema)) + perPrompt
}

const countJson = (value: unknown): number => countTokens(JSON.stringify(value))

const countTool = (tool: Tool): number =>
  perTool + countJson(tool.type === 'opaque' ? tool.value : tool)

function countMessage(message: Message): number {
  return message.content.reduce((sum, part) => sum + countPart(part), perMessage)
}

export function countPart(part: Message['content'][number]): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return countTokens(part.text)
    case 'file':
      return countFile(part)
    case 'tool-call':
      return perTool + countTokens(part.name) + countTokens(part.input)
    case 'tool-result':
      return part.output.reduce((sum, output) => sum + countPart(output), perTool)
    case 'opaque':
      return countJson(part.value)
    default:
      return part satisfies never
  }
}

/** Tokens of an image tile of 28 x 28 pixels are one, a second of sound 32, a page of a document 250. */
export function countFile(part: FilePart): number {
  if (!('base64' in part.source)) return 258
  const bytes = fromBase64(part.source.base64)
  const media = probe(bytes)
  if (media?.width !== undefined && media.height !== undefined)
    return Math.max(1, Math.min(1600, Math.ceil((media.width * media.height) / 784)))
  if (media?.seconds !== undefined) return Math.ceil(media.seconds * 32)
  return Math.max(1, Math.ceil(bytes.length / 1000) * 25)
}

// What a test may tell a mock to answer.

import { fromBase64, toBase64 } from '#core/bytes'
import type { AssistantPart, Finish, Usage } from '#core/chat'
import { defined, type Json, type JsonObject } from '#core/json'
import type { Transcript } from '#core/media'
import { digits } from '../chance.ts'
import type { MockFailure } from '../dialect.ts'
import type { Pace } from '../world.ts'

/** One scripted answer. What it leaves out is made as for any other request. */
export interface Answer {
  /** What the model says. */
  text?: string
  /** What the model says, as JSON. */
  json?: Json
  reasoning?: string
  refusal?: string
  toolCalls?: ScriptedToolCall[]
  /** The parts of the reply in their order; instead of the fields above. */
  parts?: AssistantPart[]
  finish?: Finish['reason']
  usage?: Partial<Usage>
  id?: string
  /** The model that claims to have answered. */
  model?: string
  /** A picture in a chat reply, or the one an image route delivers. */
  image?: ScriptedMedia
  /** A sound in a chat reply, or the one a speech route delivers. */
  audio?: ScriptedMedia
  /** What a transcription hears. */
  transcript?: string | Partial<Transcript>
  /** The vector of every embedding. */
  vector?: number[]
  /** The categories a moderation flags; none when empty. */
  flagged?: string[]
  /** An HTTP reply as it is, instead of everything above. */
  status?: number
  headers?: Record<string, string>
  body?: Json
  /** The vendor's own refusal. */
  error?: MockFailure['kind'] | MockFailure
  /** How the reply arrives, where it differs from the world's pace. */
  pace?: Partial<Pace>
  /** The connection breaks after so many chunks. */
  cutAfter?: number
  /** A stream carries the vendor's error event after so many chunks. */
  errorAfter?: number
}

export interface ScriptedToolCall {
  name: string
  /** Arguments, or JSON text as it shall be sent, broken JSON included. */
  arguments: JsonObject | string
  id?: string
}

export type ScriptedMedia = { mediaType: string; transcript?: string } & (
  | { base64: string }
  | { bytes: Uint8Array }
)

export const bytesOf = (media: ScriptedMedia): Uint8Array<ArrayBuffer> =>
  new Uint8Array('bytes' in media ? media.bytes : fromBase64(media.base64))

/** Whether the answer says how a chat reply reads; otherwise the mind decides. */
export const saysChat = (answer: Answer): boolean =>
  chatFields.some((field) => answer[field] !== undefined)

const chatFields = [
  'text',
  'json',
  'reasoning',
  'refusal',
  'toolCalls',
  'parts',
  'image',
  'audio',
] as const
const mediaFields = ['image', 'audio', 'transcript', 'vector', 'flagged'] as const

/** Whether an answer has something for a chat, or for another request; a failure is for both. */
export function isFor(answer: Answer, isChat: boolean): boolean {
  const chat = saysChat(answer)
  const media = mediaFields.some((field) => answer[field] !== undefined)
  return chat === media || (isChat ? chat : media)
}

const retrySeconds = 1

/** The failure an answer names, in full. */
export function failureIn(error: NonNullable<Answer['error']>): MockFailure {
  if (typeof error !== 'string') return error
  switch (error) {
    case 'rate-limited':
      return { kind: error, retryAfterSeconds: retrySeconds }
    case 'not-found':
      return { kind: error, what: 'what was asked for' }
    case 'bad-request':
      return { kind: error, message: 'The request is invalid' }
    case 'no-key':
    case 'bad-key':
    case 'forbidden':
    case 'quota':
    case 'overloaded':
    case 'server-error':
    case 'timeout':
    case 'too-large':
    case 'moderated':
    case 'context-length':
      return { kind: error }
    default:
      return error satisfies never
  }
}

/** The parts of a scripted chat reply. @param seed What the ids of tool calls follow from. */
export function partsOf(answer: Answer, seed: string): AssistantPart[] {
  if (answer.parts !== undefined) return answer.parts
  const parts: AssistantPart[] = []
  if (answer.reasoning !== undefined) parts.push({ type: 'reasoning', text: answer.reasoning })
  const text = answer.text ?? (answer.json === undefined ? undefined : JSON.stringify(answer.json))
  if (text !== undefined) parts.push({ type: 'text', text })
  if (answer.refusal !== undefined) parts.push({ type: 'refusal', text: answer.refusal })
  for (const media of [answer.image, answer.audio])
    if (media !== undefined) parts.push(filePart(media))
  const calls = answer.toolCalls ?? []
  return [
    ...parts,
    ...calls.map((call, index): AssistantPart => {
      const input =
        typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
      const id = call.id ?? digits(`${seed} call ${index}`, 24)
      return { type: 'tool-call', id, name: call.name, input }
    }),
  ]
}

function filePart(media: ScriptedMedia): AssistantPart {
  const { mediaType, transcript } = media
  const base64 = 'base64' in media ? media.base64 : toBase64(media.bytes)
  return { type: 'file', source: { base64 }, ...defined({ mediaType, transcript }) }
}

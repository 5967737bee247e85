// The small language in the middle: every chat protocol decodes into it and encodes out of it.

import type { Json, JsonObject } from './json.ts'

/** A position up to which the prompt may be cached (Anthropic `cache_control`, OpenAI `prompt_cache_breakpoint`). */
export interface CacheMark {
  ttl?: '5m' | '30m' | '1h' | '12h'
}

/** What any part may carry besides its content. */
export interface PartExtras {
  cache?: CacheMark
  /** An opaque proof the vendor wants back byte for byte, with the protocol it belongs to. */
  signature?: Signature
  /** Fields only one protocol has, by protocol id; other protocols report them as lost. */
  extra?: { [protocol: string]: JsonObject }
}

export interface Signature {
  protocol: string
  value: string
}

export interface TextPart extends PartExtras {
  type: 'text'
  text: string
  citations?: Citation[]
}

/** A span of the text that rests on a source. Offsets count UTF-16 units of the part's text. */
export interface Citation {
  url?: string
  title?: string
  quote?: string
  start?: number
  end?: number
  extra?: { [protocol: string]: JsonObject }
}

/** The model declined; OpenAI gives it a place of its own beside the text. */
export interface RefusalPart extends PartExtras {
  type: 'refusal'
  text: string
}

/** An image, a sound, a video or a document, in either direction. */
export interface FilePart extends PartExtras {
  type: 'file'
  /** `image/png`, `audio/wav`, `application/pdf` ...; `image/*` when only the kind is known. */
  mediaType: string
  source: { url: string } | { base64: string } | { reference: string }
  /** A file name. */
  name?: string
  /** OpenAI's `detail` for images. */
  detail?: string
  /** What is said in a sound the model produced. */
  transcript?: string
  /** The provider's id for a sound it produced, and until when (seconds since the epoch) it is kept. */
  id?: string
  expiresAt?: number
}

export interface ReasoningPart extends PartExtras {
  type: 'reasoning'
  /** Empty when the vendor hides it. */
  text: string
  /** An encrypted body kept instead of text (Anthropic `redacted_thinking`, OpenAI `encrypted_content`). */
  redacted?: Signature
}

export interface ToolCallPart extends PartExtras {
  type: 'tool-call'
  id: string
  name: string
  /** The arguments as the model wrote them: raw JSON text (or free text for a custom tool), never re-serialised. */
  input: string
  /** A free-form tool (OpenAI `custom`); `function` when absent. */
  kind?: 'function' | 'custom'
}

export interface ToolResultPart extends PartExtras {
  type: 'tool-result'
  id: string
  output: (TextPart | FilePart)[]
  isError?: boolean
}

/** A block only its own protocol understands: kept, never read. */
export interface OpaquePart extends PartExtras {
  type: 'opaque'
  protocol: string
  value: Json
}

export type UserPart = TextPart | FilePart | ToolResultPart | OpaquePart
export type AssistantPart =
  | TextPart
  | RefusalPart
  | FilePart
  | ReasoningPart
  | ToolCallPart
  | OpaquePart

export interface UserMessage {
  role: 'user'
  content: UserPart[]
  name?: string
}
export interface AssistantMessage {
  role: 'assistant'
  content: AssistantPart[]
  name?: string
}
/** A system or developer message after the conversation has begun; the leading ones are in `ChatRequest.system`. */
export interface SystemMessage {
  role: 'system'
  content: TextPart[]
}
export type Message = UserMessage | AssistantMessage | SystemMessage

export type JsonSchema = JsonObject

export interface FunctionTool {
  type: 'function'
  name: string
  description?: string
  /** JSON Schema of the arguments, as the caller wrote it; absent means no arguments. */
  parameters?: JsonSchema
  strict?: boolean
  cache?: CacheMark
  extra?: { [protocol: string]: JsonObject }
}
/** A tool that takes free text (OpenAI `custom`). */
export interface CustomTool {
  type: 'custom'
  name: string
  description?: string
  /** The grammar the text must follow, as OpenAI writes it. */
  format?: JsonObject
}
/** A tool only its own protocol knows (server tools, connectors). */
export interface OpaqueTool {
  type: 'opaque'
  protocol: string
  value: JsonObject
}
export type Tool = FunctionTool | CustomTool | OpaqueTool

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
export type Effort = (typeof efforts)[number]

export interface Reasoning {
  effort?: Effort
  /** Tokens the model may spend on thinking. */
  budgetTokens?: number
  /** Whether the caller wants to see the thoughts (or their summary). */
  visible?: boolean
}

export interface ChatRequest {
  /** The name the caller used. Adapters write the target's own id instead. */
  model: string
  system: TextPart[]
  messages: Message[]
  tools: Tool[]
  toolChoice?: ToolChoice
  parallelToolCalls?: boolean
  maxOutputTokens?: number
  temperature?: number
  topP?: number
  topK?: number
  stop?: string[]
  seed?: number
  presencePenalty?: number
  frequencyPenalty?: number
  /** How many answers are wanted; 1 when absent. */
  candidates?: number
  reasoning?: Reasoning
  /** Present when JSON is wanted; with a schema, JSON that fits it. */
  output?: { schema?: JsonSchema; name?: string; description?: string; strict?: boolean }
  verbosity?: 'low' | 'medium' | 'high'
  /** What the reply may be made of; text when absent. */
  modalities?: ('text' | 'image' | 'audio')[]
  /** How a spoken reply should sound. */
  audio?: { voice?: string; format?: string }
  /** How a drawn reply should look. */
  image?: { aspectRatio?: string; size?: string }
  serviceTier?: string
  /** The end user's id, for the vendor's abuse checks. */
  user?: string
  metadata?: { [key: string]: string }
  /** Groups requests that share a prompt prefix (OpenAI `prompt_cache_key`). */
  cacheKey?: string
  stream: boolean
  /** Whether the caller asked for token counts in the stream (OpenAI `stream_options.include_usage`); other protocols always give them. */
  streamUsage?: boolean
  /** Paths in the caller's body that the decoder did not understand: reported, or refused when strict. */
  unread: string[]
}

export const finishReasons = ['stop', 'length', 'tool-calls', 'content-filter', 'other'] as const
export interface Finish {
  reason: (typeof finishReasons)[number]
  /** The vendor's own word, for callers who speak the same protocol. */
  raw?: string
  /** The stop sequence that ended the text. */
  sequence?: string
}

/** Token counts. Totals include their subsets; each codec converts its vendor's habit. */
export interface Usage {
  /** All prompt tokens, cached ones included. */
  inputTokens: number
  /** All produced tokens, reasoning included. */
  outputTokens: number
  cacheReadTokens?: number
  cacheWriteTokens?: number
  reasoningTokens?: number
  inputAudioTokens?: number
  outputAudioTokens?: number
  outputImageTokens?: number
}

export interface Candidate {
  content: AssistantPart[]
  finish: Finish
}

/** A whole reply: what a stream folds into. */
export interface ChatReply {
  id: string
  /** The model that answered, as the vendor names it. */
  model: string
  /** Seconds since the epoch, where the vendor says. */
  created?: number
  /** One per answer; never empty. */
  candidates: [Candidate, ...Candidate[]]
  usage: Usage
  serviceTier?: string
  /** Reply fields only one protocol has, by protocol id. */
  extra?: { [protocol: string]: JsonObject }
}

/**
 * One step of a reply. Part indexes are dense from 0 over the whole reply, in order of appearance;
 * a part belongs to the answer its `part-start` names. Failure is not an event: the stream throws.
 */
export type ChatEvent =
  | {
      type: 'start'
      id: string
      model: string
      created?: number
      serviceTier?: string
      /** What is known of it already: the prompt's tokens; `end` has all of it. */
      usage?: Usage
    }
  /** Text, refusal, reasoning and tool-call parts start with what is known and grow by deltas; file and opaque parts may come whole. */
  | { type: 'part-start'; index: number; candidate?: number; part: AssistantPart }
  /** Appended to `text`, `input` or `source.base64`; `transcript` to a sound's transcript. */
  | { type: 'part-delta'; index: number; delta: string; transcript?: string }
  /** `set` overrides fields of the part known only at its end: signature, citations, expiresAt. */
  | { type: 'part-end'; index: number; set?: PartEnd }
  /** Exactly once, last. One finish per answer. */
  | {
      type: 'end'
      finishes: [Finish, ...Finish[]]
      usage: Usage
      serviceTier?: string
      extra?: { [protocol: string]: JsonObject }
    }

export interface PartEnd {
  signature?: Signature
  citations?: Citation[]
  id?: string
  expiresAt?: number
  redacted?: Signature
}

/** Events in the batches they arrived in: one network chunk, one batch (see README, Decisions). */
export type ChatStream = AsyncIterable<readonly ChatEvent[]>

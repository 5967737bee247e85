// Requests and results of everything that is not chat.

import type { JsonObject } from './json.ts'
import type { Bytes } from './transport.ts'

/** A piece of media: where it is, or what it is. A stream is read once. */
export interface Asset {
  mediaType: string
  body:
    | { url: string }
    | { bytes: Uint8Array }
    /** `base64` is the same as text, where it came so; one of the two is read. */
    | { stream: Bytes; base64?: Bytes }
  /** A file name, where one is known. */
  name?: string
}

/** What a media request used, in the units vendors bill. */
export interface MediaUsage {
  inputTokens?: number
  outputTokens?: number
  inputTextTokens?: number
  inputImageTokens?: number
  inputAudioTokens?: number
  images?: number
  seconds?: number
  characters?: number
}

/** What every media request has. */
export interface MediaRequest {
  /** The name the caller used. */
  model: string
  /** The end user's id, for the vendor's abuse checks. */
  user?: string
  /**
   * Fields of the caller's body that the face did not understand, with the protocol they belong to:
   * carried to targets that speak it, reported as lost elsewhere.
   */
  extra: { protocol: string; fields: JsonObject }
}

export interface EmbeddingRequest extends MediaRequest {
  /** Texts, or token lists where the caller sent tokens. */
  inputs: (string | number[])[]
  dimensions?: number
  /** What the vectors are for (Gemini `taskType`): `RETRIEVAL_QUERY` ... */
  task?: string
  title?: string
}
export interface EmbeddingResult {
  vectors: (number[] | Float32Array)[]
  model: string
  usage: MediaUsage
}

export const imageFormats = ['png', 'jpeg', 'webp'] as const
export type ImageFormat = (typeof imageFormats)[number]
export type ImageQuality = 'low' | 'medium' | 'high'

export interface ImageRequest extends MediaRequest {
  operation: 'generate' | 'edit' | 'variation'
  /** Empty for a variation. */
  prompt: string
  count: number
  /** In pixels; absent means the model chooses. */
  size?: { width: number; height: number }
  /** `16:9`; at most one of `size` and `aspectRatio` is set by faces. */
  aspectRatio?: string
  format?: ImageFormat
  /** 0 to 100. */
  compression?: number
  quality?: ImageQuality
  background?: 'transparent' | 'opaque'
  seed?: number
  negativePrompt?: string
  /** How far the result may leave the input image: 0 keeps it, 1 ignores it. */
  strength?: number
  style?: string
  moderation?: string
  inputFidelity?: 'high' | 'low'
  /** Inputs of an edit or a variation, or reference images; the first one is what a mask applies to. */
  images: Asset[]
  /** Transparent where the image may change (OpenAI's convention). */
  mask?: Asset
  stream: boolean
  /** How many previews a stream should show; 0 to 3. */
  partialImages?: number
}

/** What a model takes, as data; `fitImage` brings a request inside it and reports each change. */
export interface ImageLimits {
  /** `WxH` sizes the model makes; absent where it is steered by ratio. */
  sizes?: readonly string[]
  /** Free sizes: every side a multiple of `step`, at most `maxSide`, ratio within 1:`maxRatio`. */
  freeSize?: {
    step: number
    minSide: number
    maxSide: number
    maxRatio: number
    minPixels?: number
    maxPixels?: number
  }
  ratios?: readonly string[]
  formats: readonly ImageFormat[]
  /** The most images of one call; the gateway makes several calls above it where `repeat` is set. */
  maxCount: number
  /** Whether more images may be had by calling again. */
  repeat?: boolean
  qualities?: readonly ImageQuality[]
  /** Optional fields of `ImageRequest` the model understands. */
  takes: readonly ImageOption[]
  operations: readonly ImageRequest['operation'][]
  /** The most input images of an edit. */
  maxInputs?: number
}
export type ImageOption =
  | 'background'
  | 'compression'
  | 'seed'
  | 'negativePrompt'
  | 'strength'
  | 'mask'
  | 'style'
  | 'moderation'
  | 'inputFidelity'
  | 'user'

export type ImageEvent =
  | { type: 'partial'; index: number; asset: Asset }
  /** In order; the asset must be read before the next event is asked for. */
  | { type: 'image'; asset: Asset; seed?: number; revisedPrompt?: string }
  | { type: 'end'; usage: MediaUsage; details?: JsonObject }
export type ImageStream = AsyncIterable<ImageEvent>

export const speechFormats = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const
export type SpeechFormat = (typeof speechFormats)[number]

export interface SpeechRequest extends MediaRequest {
  text: string
  /** A voice name, in the caller's or the provider's vocabulary. */
  voice: string
  format: SpeechFormat
  /** 0.25 to 4; 1 is normal. */
  speed?: number
  /** How to speak, in words. */
  instructions?: string
  /** BCP 47. */
  language?: string
}
export interface SpeechResult {
  mediaType: string
  audio: Bytes
  /** Known once `audio` has been read. */
  usage(): MediaUsage
}

export const transcriptFormats = [
  'json',
  'text',
  'srt',
  'verbose_json',
  'vtt',
  'diarized_json',
] as const
export type TranscriptFormat = (typeof transcriptFormats)[number]

export interface TranscriptionRequest extends MediaRequest {
  audio: Asset & { body: { bytes: Uint8Array } }
  task: 'transcribe' | 'translate'
  /** ISO 639-1 or BCP 47. */
  language?: string
  prompt?: string
  keywords?: string[]
  temperature?: number
  format: TranscriptFormat
  timestamps: ('word' | 'segment')[]
  stream: boolean
}
/** Times are seconds from the start of the sound. */
export interface Transcript {
  text: string
  language?: string
  seconds?: number
  segments?: TranscriptSegment[]
  words?: { word: string; start: number; end: number; speaker?: string }[]
  usage: MediaUsage
  /** Reply fields only one protocol has, by protocol id. */
  extra?: { [protocol: string]: JsonObject }
}
export interface TranscriptSegment {
  text: string
  start: number
  end: number
  speaker?: string
  extra?: { [protocol: string]: JsonObject }
}
export type TranscriptEvent =
  | { type: 'delta'; text: string }
  | { type: 'end'; transcript: Transcript }
export type TranscriptStream = AsyncIterable<TranscriptEvent>

export interface ModerationRequest extends MediaRequest {
  inputs: ({ type: 'text'; text: string } | { type: 'image'; url: string })[]
  /** True when the inputs are judged together, as one message (OpenAI's list of parts). */
  together: boolean
}
export interface ModerationResult {
  id: string
  model: string
  results: {
    flagged: boolean
    categories: { [category: string]: boolean }
    scores: { [category: string]: number }
    /** Which kinds of input each category looked at. */
    appliedTo: { [category: string]: ('text' | 'image')[] }
  }[]
}

import type { ChatRequest, ChatStream } from './chat.ts'
import type { GatewayError } from './error.ts'
import type { Json } from './json.ts'
import type {
  Asset,
  EmbeddingRequest,
  EmbeddingResult,
  ImageLimits,
  ImageRequest,
  ImageStream,
  ModerationRequest,
  ModerationResult,
  SpeechFormat,
  SpeechRequest,
  SpeechResult,
  TranscriptFormat,
  TranscriptionRequest,
  TranscriptStream,
} from './media.ts'
import type { Transport, WireRequest, WireResponse } from './transport.ts'

/** Request and result of each modality: one line per modality. */
export interface Modalities {
  chat: [ChatRequest, ChatStream]
  embedding: [EmbeddingRequest, EmbeddingResult]
  image: [ImageRequest, ImageStream]
  speech: [SpeechRequest, SpeechResult]
  transcription: [TranscriptionRequest, TranscriptStream]
  moderation: [ModerationRequest, ModerationResult]
}
export type Modality = keyof Modalities
export type RequestOf<M extends Modality> = Modalities[M][0]
export type ResultOf<M extends Modality> = Modalities[M][1]

/** Tells that a field of the caller's request could not be carried, or was changed: reported, or refused when strict. */
export type Lose = (field: string, message: string) => void

/** Everything an adapter may touch. */
export interface Call {
  /**
   * Sends with the provider's credentials (only to its own origin) and the call's signal, and checks:
   * a status of 400 or more is thrown as the `GatewayError` that the provider's `readError` makes of it.
   */
  send: Transport
  origin: string
  /** The provider's settings: its own defaults with the operator's over them. */
  settings: Settings
  /** The target's catalogue entry; `model.id` is the vendor's own id. */
  model: Model
  signal: AbortSignal
  lose: Lose
  /** Brings an asset's bytes, from wherever it is, through the URL guard. */
  fetchAsset(asset: Asset | { url: string }): Promise<FetchedAsset>
}
/** @throws GatewayError `invalid_request` for a URL that is not allowed, `upstream` when it cannot be read. */
export type FetchAsset = (
  asset: Asset | { url: string },
  signal: AbortSignal,
) => Promise<FetchedAsset>

export interface FetchedAsset {
  mediaType: string
  stream: AsyncIterable<Uint8Array>
  bytes(): Promise<Uint8Array>
}

/** Answers in one exchange. */
export interface Immediate<M extends Modality> {
  run(request: RequestOf<M>, call: Call): Promise<ResultOf<M>>
  /** Input tokens of the request, as the vendor counts them; present where the vendor has an endpoint for it. */
  count?(request: RequestOf<M>, call: Call): Promise<number>
  /** Present where the target speaks a chat protocol: the caller's own bytes may be forwarded to it. */
  forward?: Forward | ((model: Model, protocol: string) => Forward | undefined)
  carries?: Carries
  start?: never
}

/**
 * Whether a field of a media request's `extra` reaches the vendor; the gateway reports those that do not.
 * Absent: none does.
 */
export type Carries = (protocol: string, field: string) => boolean

/** Sends a caller's body of the same protocol as it is, but for the model's name. */
export interface Forward {
  protocol: string
  send(raw: RawRequest, call: Call): Promise<WireResponse>
}
export interface RawRequest {
  /** The caller's JSON text. */
  text: string
  /** The model name in it, where the protocol puts it in the body. */
  model: string
  stream: boolean
  /** The protocol's own request headers worth carrying (`anthropic-beta`). */
  headers: Record<string, string>
}

/** Answers later: the engine in `jobs/` starts it and polls it. Adapters never sleep and never loop. */
export interface Deferred<M extends Modality> {
  start(request: RequestOf<M>, call: Call): Promise<JobState<M>>
  poll(ticket: Json, call: Call): Promise<JobState<M>>
  cancel?(ticket: Json, call: Call): Promise<void>
  carries?: Carries
  run?: never
  forward?: never
  count?: never
}
export type JobState<M extends Modality> =
  | { status: 'pending'; ticket: Json; pollAfterMs: number; progress?: number }
  | { status: 'done'; result: ResultOf<M> }

export type Adapter<M extends Modality> = Immediate<M> | Deferred<M>

export interface Model {
  /** The vendor's own id. */
  id: string
  /** What it can be asked for. */
  does: readonly Modality[]
  name?: string
  /** Other ids the vendor answers to. */
  aliases?: readonly string[]
  /** `YYYY-MM-DD`. */
  released?: string
  /** Switched off by the vendor: requests go to `successor` (`model` here or `provider/model`), with a warning. */
  retired?: { on: string; successor: string }
  /** The day the vendor announced for its end. */
  shutdown?: string
  /** Tokens. */
  context?: number
  maxOutput?: number
  /** Kinds of chat input besides text. */
  accepts?: readonly ('image' | 'audio' | 'video' | 'pdf')[]
  /** Kinds of chat output besides text. */
  replies?: readonly ('image' | 'audio')[]
  /** `system-messages`: system messages after the conversation has begun. */
  can?: readonly ('tools' | 'json' | 'reasoning' | 'system-messages')[]
  /** How its reasoning is steered, and whether it can be switched off; absent means in any way. */
  reasoning?: readonly ('effort' | 'budget' | 'off')[]
  /** Chat parameters the vendor rejects for this model: dropped with a warning instead of a 400. */
  rejects?: readonly ('temperature' | 'topP' | 'topK' | 'stop' | 'prefill' | 'penalties')[]
  image?: ImageLimits
  speech?: {
    formats: readonly SpeechFormat[]
    voices: readonly string[]
    instructions?: boolean
    speed?: boolean
  }
  transcription?: { formats: readonly TranscriptFormat[]; translates?: boolean; streams?: boolean }
  embedding?: { dimensions: number; reducible?: boolean }
  price?: Price
}

/** US dollars, with where and when the figure was read. Absent prices are unknown, not zero. */
export interface Price {
  /** Per million tokens. */
  input?: number
  cachedInput?: number
  output?: number
  /** Per image, per second of sound, per million characters. */
  image?: number
  second?: number
  characters?: number
  source: string
}

export interface Provider {
  id: string
  name: string
  /** `https://host`, without a trailing slash; a keyless one may be on this machine: `http://localhost:port`. */
  origin: string
  /** The name of the environment variable or secret that holds the key. */
  secret: string
  /** What to set, for messages, where the secret alone is not enough: `A_KEY and A_REGION`. */
  needs?: string
  /** Needs no key. It is live where the operator says where it is (`originVariable`), with a key if there is one. */
  keyless?: true
  models: readonly Model[]
  /** Set where most models are other makers' own: a bare name that several providers have leads to the maker first. */
  resells?: boolean
  /** What requests need besides key and origin (a region, a project), with the values that the mock goes by. */
  settings?: Settings
  /**
   * Reads from the environment what one secret at one origin does not say. `undefined`: not set up
   * here, as without a key. Absent: the key is `secret`, at `origin`.
   */
  setup?(variable: (name: string) => string | undefined): Setup | undefined
  /** A model the catalogue does not list but the provider may serve. */
  resolve?(id: string): Model | undefined
  /** Absence means "does not do this". */
  adapters: { [M in Modality]?: Adapter<M> }
  /** Headers that carry the key, and those every request to this vendor needs. */
  auth: (key: string) => Record<string, string>
  /**
   * Instead of `auth`, where a signature covers the request or a token is to be had first.
   * @throws GatewayError when there is no token to be had.
   */
  sign?(request: WireRequest, key: string, context: SignContext): Promise<WireRequest>
  /** Reads a refusal (status >= 400) of this provider. The body has been read whole, and may be any text. */
  readError: (failure: Failure) => GatewayError
  /** The provider's own wire, mocked: routes relative to the host (`/v1/messages`). */
  mock: MockUpstream
  /** Other hosts the mock answers (`replicate.delivery`), each with its own app. */
  mockHosts?: { [host: string]: MockUpstream }
}

export type Settings = { readonly [name: string]: string }

/** How the operator reaches a provider. */
export interface Setup {
  /** The credentials, in a form that the provider's `auth` or `sign` understands. */
  key: string
  /** `https://host`, where it is not the provider's `origin`. */
  origin?: string
  settings?: Settings
}

export interface SignContext {
  settings: Settings
  /** Milliseconds since the epoch. */
  now: () => number
  /** The network as it is: no credentials are added, no status is an error. */
  send: Transport
}

/** A server in this process; a Hono app is one. `world` is what mocks may know of the outside. */
export interface MockUpstream {
  fetch(request: Request, world?: object): Response | Promise<Response>
}

export interface Failure {
  status: number
  header(name: string): string | undefined
  text: string
  /** The parsed body, `undefined` when it is not JSON. */
  json: unknown
}

/** The environment variable that says where a provider is, in place of its `origin`. */
export const originVariable = (provider: string): string =>
  `MIMUS_${provider.toUpperCase().replaceAll('-', '_')}_ORIGIN`

/** Checks nothing at run time; gives the definition its type. */
export const defineProvider = (provider: Provider): Provider => provider

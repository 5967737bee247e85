import { transcriptFormats, type ImageLimits, type Model, type SpeechFormat } from '#kit'
import { allSizes, sizesOf } from './sizes.ts'
import { tokens } from './models-chat.ts'
import { voiceNames } from './voices.ts'

const limits = (sizes: readonly string[], maxInputs: number): ImageLimits => ({
  sizes,
  // The developer's API makes what it makes (`ImageConfig.outputMimeType` is not supported there).
  formats: ['png'],
  maxCount: 1,
  repeat: true,
  takes: ['seed'],
  operations: ['generate', 'edit', 'variation'],
  maxInputs,
})

const image = (id: string, sizes: readonly string[], facts: Partial<Model>): Model => ({
  id,
  does: ['image', 'chat'],
  context: 65_536,
  maxOutput: 32_768,
  accepts: ['image'],
  replies: ['image'],
  can: [],
  image: limits(sizes, 14),
  ...facts,
})

const imageModels: readonly Model[] = [
  image('gemini-nano-banana-2.1', allSizes, { name: 'Nano Banana 2.1' }),
  image('gemini-3-pro-image', sizesOf(['1K', '2K', '4K'], false), {
    name: 'Nano Banana Pro',
    aliases: ['nano-banana-pro-preview'],
    released: '2026-05-28',
    price: tokens(2, 120),
  }),
  image('gemini-3.1-flash-image', allSizes, {
    name: 'Nano Banana 2',
    released: '2026-05-28',
    price: tokens(0.5, 60),
  }),
  image('gemini-3.1-flash-lite-image', sizesOf(['1K'], true), {
    name: 'Nano Banana 2 Lite',
    price: tokens(0.25, 30),
  }),
  image('gemini-2.5-flash-image', sizesOf(['first'], false), {
    name: 'Nano Banana',
    released: '2025-10-02',
    shutdown: '2026-10-02',
    context: 32_768,
    price: tokens(0.3, 30),
    image: limits(sizesOf(['first'], false), 3),
  }),
]

const speech = (id: string, formats: readonly SpeechFormat[], facts: Partial<Model>): Model => ({
  id,
  // Google's own clients ask for speech as they ask for a chat.
  does: ['speech', 'chat'],
  replies: ['audio'],
  can: [],
  context: 8192,
  maxOutput: 16_384,
  speech: { formats, voices: voiceNames, instructions: true },
  ...facts,
})

/** Since 3.8 the format can be chosen (`AudioResponseFormat.mimeType`); before, it is raw PCM. */
const chosen: readonly SpeechFormat[] = ['wav', 'mp3', 'opus', 'pcm']
const raw: readonly SpeechFormat[] = ['wav', 'pcm']

const speechModels: readonly Model[] = [
  speech('gemini-3.8-flash-tts', chosen, { name: 'Gemini 3.8 Flash TTS' }),
  speech('gemini-3.8-flash-lite-tts', chosen, {
    name: 'Gemini 3.8 Flash-Lite TTS',
    price: { input: 0.5, output: 6, source: 'vercel.com/ai-gateway, November 2026' },
  }),
  speech('gemini-3.1-flash-tts-preview', raw, { shutdown: '2026-12-18' }),
  speech('gemini-2.5-flash-preview-tts', raw, { shutdown: '2026-12-18', price: tokens(0.5, 10) }),
  speech('gemini-2.5-pro-preview-tts', raw, { shutdown: '2026-12-18', price: tokens(1, 20) }),
]

const embedding = (id: string, context: number, price: number, shutdown?: string): Model => ({
  id,
  does: ['embedding'],
  context,
  embedding: { dimensions: 3072, reducible: true },
  price: { input: price, source: 'ai.google.dev/gemini-api/docs/pricing, October 2026' },
  ...(shutdown === undefined ? {} : { shutdown }),
})

export const mediaModels: readonly Model[] = [
  ...imageModels,
  ...speechModels,
  {
    id: 'gemini-3.5-transcribe',
    name: 'Gemini 3.5 Transcribe',
    does: ['transcription', 'chat'],
    accepts: ['audio'],
    can: [],
    transcription: { formats: transcriptFormats },
  },
  embedding('gemini-embedding-2', 8192, 0.2),
  embedding('gemini-embedding-001', 2048, 0.15),
  // Video and music, which only the Interactions API makes.
  ...['gemini-omni-1.2-flash', 'gemini-omni-1.1-flash', 'lyria-3.5'].map((id): Model => ({
    id,
    does: [],
  })),
]

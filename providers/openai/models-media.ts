import { speechFormats, type ImageLimits, type Model, type Price } from '#kit'

const pricePage = '@pydantic/genai-prices 0.1.8, September 2026'

/** The three sizes of every GPT Image model (openai 7.57, `ImageGenerateParams.size`). */
const fixedSizes: ImageLimits = {
  sizes: ['1024x1024', '1536x1024', '1024x1536'],
  formats: ['png', 'jpeg', 'webp'],
  maxCount: 10,
  qualities: ['low', 'medium', 'high'],
  takes: ['background', 'compression', 'moderation', 'inputFidelity', 'mask', 'user'],
  operations: ['generate', 'edit'],
  maxInputs: 16,
}

const { sizes: _, ...common } = fixedSizes
/** Since gpt-image-2: sides in steps of 16, ratio within 1:3, up to 3840x2160; no `input_fidelity`. */
const freeSizes: ImageLimits = {
  ...common,
  freeSize: {
    step: 16,
    minSide: 16,
    maxSide: 3840,
    maxRatio: 3,
    // Measured (apiyi.com, November 2026).
    minPixels: 655_360,
    maxPixels: 3840 * 2160,
  },
  takes: ['background', 'compression', 'moderation', 'mask', 'user'],
}

const tokens = (input: number, cachedInput: number, output: number): Price => ({
  input,
  cachedInput,
  output,
  source: pricePage,
})

const image = (id: string, limits: ImageLimits, facts: Partial<Model> = {}): Model => ({
  id,
  does: ['image'],
  image: limits,
  ...facts,
})

const imageModels: readonly Model[] = [
  image('gpt-image-2.6-sunburst', freeSizes),
  image('gpt-image-2.6-flare', freeSizes),
  image('gpt-image-2.5-sunburst', freeSizes),
  image('gpt-image-2.5-sunburst-2026-09-08', freeSizes),
  image('gpt-image-2.5-flare', freeSizes),
  image('gpt-image-2.5-flare-2026-09-08', freeSizes),
  image('gpt-image-2', freeSizes, { price: tokens(5, 1.25, 30) }),
  image('gpt-image-2-2026-04-21', freeSizes, { price: tokens(5, 1.25, 30) }),
  ...['gpt-image-1.5', 'gpt-image-1.5-2025-12-16'].map((id) =>
    image(id, fixedSizes, { price: tokens(5, 1.25, 32), shutdown: '2026-12-01' }),
  ),
  image('gpt-image-1-mini', fixedSizes, { price: tokens(2, 0.2, 8), shutdown: '2026-12-01' }),
  image('chatgpt-image-latest', fixedSizes, { shutdown: '2026-12-01' }),
]

/** Models whose `quality` goes on to `xhigh` and `max` (openai 7.57, `ImageGenerateParams.quality`). */
export const hasFinerQualities = (id: string): boolean => /^gpt-image-2\.[5-9]/.test(id)

const firstVoices = ['alloy', 'ash', 'coral', 'echo', 'fable', 'onyx', 'nova', 'sage', 'shimmer']
/** Every voice there is (openai 7.57, `SpeechCreateParams.voice`). */
export const voices = [...firstVoices, 'ballad', 'verse', 'marin', 'cedar']

const speech = (id: string, price: Price, spoken: Partial<Model['speech']> = {}): Model => ({
  id,
  does: ['speech'],
  speech: { formats: speechFormats, voices: firstVoices, speed: true, ...spoken },
  price,
  shutdown: '2027-01-06',
})

const perCharacter = (characters: number): Price => ({
  characters,
  source: 'openai.com/api/pricing, 2025',
})
const miniSpeech: Price = { input: 0.6, output: 12, source: pricePage }
const steerable = { voices, instructions: true }

const speechModels: readonly Model[] = [
  speech('gpt-4o-mini-tts', miniSpeech, steerable),
  speech('gpt-4o-mini-tts-2025-12-15', miniSpeech, steerable),
  speech('gpt-4o-mini-tts-2025-03-20', miniSpeech, steerable),
  speech('tts-1', perCharacter(15)),
  speech('tts-1-hd', perCharacter(30)),
]

/** Models that can tell the sound in events, and with it the tokens they used. */
export const speaksInEvents = (id: string): boolean => !id.startsWith('tts-1')

/** `text` is the JSON reply's text, so every model gives it. */
const transcribing: Model['transcription'] = { formats: ['json', 'text'], streams: true }

const transcription = (id: string, price: Price): Model => ({
  id,
  does: ['transcription'],
  transcription: transcribing,
  price,
  shutdown: '2027-02-26',
})

// Input prices are those of sound; the prompt's text costs 2.5 and 1.25 dollars.
const bigTranscribe: Price = { input: 6, output: 10, source: pricePage }
const miniTranscribe: Price = { input: 3, output: 5, source: pricePage }

const transcriptionModels: readonly Model[] = [
  {
    id: 'gpt-transcribe',
    does: ['transcription'],
    transcription: transcribing,
    price: { second: 0.27 / 3600, source: pricePage },
  },
  transcription('gpt-4o-transcribe', bigTranscribe),
  transcription('gpt-4o-mini-transcribe', miniTranscribe),
  transcription('gpt-4o-mini-transcribe-2025-12-15', miniTranscribe),
  {
    ...transcription('gpt-4o-transcribe-diarize', bigTranscribe),
    transcription: { formats: ['json', 'text', 'diarized_json'], streams: true },
  },
  {
    ...transcription('whisper-1', { second: 0.36 / 3600, source: pricePage }),
    transcription: {
      formats: ['json', 'text', 'srt', 'verbose_json', 'vtt'],
      translates: true,
      streams: false,
    },
  },
]

const embedding = (id: string, dimensions: number, input: number): Model => ({
  id,
  does: ['embedding'],
  context: 8192,
  embedding: { dimensions, reducible: id !== 'text-embedding-ada-002' },
  price: { input, source: pricePage },
})

const moderation = (id: string): Model => ({
  id,
  does: ['moderation'],
  price: { input: 0, source: 'developers.openai.com/api/docs/guides/moderation: free of charge' },
})

export const mediaModels: readonly Model[] = [
  ...imageModels,
  ...speechModels,
  ...transcriptionModels,
  embedding('text-embedding-3-small', 1536, 0.02),
  embedding('text-embedding-3-large', 3072, 0.13),
  embedding('text-embedding-ada-002', 1536, 0.1),
  moderation('omni-moderation-latest'),
  moderation('omni-moderation-2024-09-26'),
]

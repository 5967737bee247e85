import {
  countTokens,
  defined,
  fromBase64,
  hear,
  isObject,
  MockRefusal,
  type Json,
  type JsonObject,
  type Model,
  type Transcript,
} from '#kit'
import type { MockContext } from './mock-target.ts'

interface Order {
  body: JsonObject
  model: Model
}

/** `:generateContent` of a transcription model. */
export function transcribe(c: MockContext, { body, model }: Order): Response {
  const config = record(record(body['generationConfig'])['audioTranscriptionConfig'])
  const isTimed = config['wordTimestamp'] === true
  const isDiarized = config['diarization'] === true
  if (isTimed && Array.isArray(config['customVocabulary']))
    throw refused('custom_vocabulary cannot be used with word_timestamp')
  const { bytes, mediaType } = audioIn(body)
  const [language] = Array.isArray(config['languageCodes']) ? config['languageCodes'] : []
  const heard = hear(
    bytes,
    defined({
      mediaType,
      language: typeof language === 'string' ? language : undefined,
      call: c.var.call,
    }),
  )
  const parts =
    isTimed || isDiarized ? turns(heard, { isTimed, isDiarized }) : [{ text: heard.text }]
  const output = countTokens(heard.text)
  const input = Math.ceil((heard.seconds ?? 0) * tokensPerSecond)
  return c.json({
    candidates: [{ content: { parts, role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: input }],
    },
    modelVersion: model.id,
    responseId: c.var.call.requestId.slice(0, 22),
  })
}

/** Of sound (ai.google.dev/gemini-api/docs/audio). */
const tokensPerSecond = 32

const record = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const refused = (message: string): MockRefusal => new MockRefusal({ kind: 'bad-request', message })

function audioIn(body: JsonObject): { bytes: Uint8Array; mediaType: string } {
  const contents = Array.isArray(body['contents']) ? body['contents'] : []
  for (const content of contents) {
    const parts = record(content)['parts']
    for (const part of Array.isArray(parts) ? parts : []) {
      const { data, mimeType } = record(record(part)['inlineData'])
      if (typeof data === 'string' && typeof mimeType === 'string')
        return { bytes: fromBase64(data), mediaType: mimeType }
    }
  }
  throw refused('The request has no audio')
}

/** One part for each sentence when speakers are told apart, else one for all. */
function turns(
  { text, segments = [], words = [] }: Transcript,
  { isTimed, isDiarized }: { isTimed: boolean; isDiarized: boolean },
): JsonObject[] {
  const stretches = isDiarized ? segments : [{ text, start: 0, end: Infinity }]
  return stretches.map((stretch, index) => {
    const spoken = words.filter(({ start }) => start >= stretch.start && start < stretch.end)
    return {
      text: stretch.text,
      audioTranscription: defined({
        text: stretch.text,
        speakerLabel: isDiarized ? `spk_${(index % 2) + 1}` : undefined,
        words: isTimed
          ? spoken.map(({ word, start, end }) => ({
              word,
              startOffset: `${start}s`,
              endOffset: `${end}s`,
            }))
          : undefined,
      }),
    }
  })
}

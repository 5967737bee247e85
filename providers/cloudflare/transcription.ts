import {
  defined,
  isObject,
  toBase64,
  type Immediate,
  type JsonObject,
  type Transcript,
  type TranscriptStream,
} from '#kit'
import { resultOf, run } from './run.ts'

/** Whisper large v3 turbo (@cloudflare/workers-types, `Ai_Cf_Openai_Whisper_Large_V3_Turbo_Input`). */
export const transcription: Immediate<'transcription'> = {
  async run(request, call) {
    const { audio, task, language, prompt, keywords, temperature } = request
    if (temperature !== undefined)
      call.lose('temperature', 'temperature is not supported by this model and was left out')
    const hints = [prompt, ...(keywords ?? [])].filter((hint) => hint !== undefined)
    const response = await run(
      call,
      defined({
        audio: toBase64(audio.body.bytes),
        task,
        language,
        initial_prompt: hints.length === 0 ? undefined : hints.join(' '),
      }),
    )
    return whole(readTranscript(await resultOf(response)))
  },
}

async function* whole(transcript: Transcript): TranscriptStream {
  yield { type: 'end', transcript }
}

function readTranscript(result: JsonObject): Transcript {
  const info = isObject(result['transcription_info']) ? result['transcription_info'] : {}
  const { language, duration } = info
  const seconds = typeof duration === 'number' ? duration : undefined
  const segments = Array.isArray(result['segments']) ? result['segments'].filter(isObject) : []
  return defined({
    text: text(result['text']),
    language: typeof language === 'string' ? language : undefined,
    seconds,
    segments: segments.map(timed),
    words: segments.flatMap(({ words }) =>
      Array.isArray(words)
        ? words.filter(isObject).map((word) => ({
            word: text(word['word']),
            start: number(word['start']),
            end: number(word['end']),
          }))
        : [],
    ),
    usage: seconds === undefined ? {} : { seconds },
  })
}

const timed = (segment: JsonObject) => ({
  text: text(segment['text']),
  start: number(segment['start']),
  end: number(segment['end']),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

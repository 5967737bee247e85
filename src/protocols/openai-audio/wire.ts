import { defined, isObject, type JsonObject } from '#core/json'
import type { MediaUsage } from '#core/media'
import { numberIn } from '../openai-media.ts'

/** The id under which fields of this protocol travel in `extra`. */
export const audioProtocol = 'openai-audio'

/** Token or duration usage (openai 7.57, `Transcription.Tokens` and `.Duration`). */
export function decodeAudioUsage(wire: unknown): MediaUsage {
  if (!isObject(wire)) return {}
  const details = isObject(wire['input_token_details']) ? wire['input_token_details'] : {}
  return defined({
    seconds: numberIn(wire['seconds']),
    inputTokens: numberIn(wire['input_tokens']),
    outputTokens: numberIn(wire['output_tokens']),
    inputTextTokens: numberIn(details['text_tokens']),
    inputAudioTokens: numberIn(details['audio_tokens']),
  })
}

/** `undefined` where neither tokens nor time are known. */
export function encodeAudioUsage(usage: MediaUsage): JsonObject | undefined {
  const { seconds, inputTokens, outputTokens, inputTextTokens, inputAudioTokens } = usage
  if (inputTokens === undefined && outputTokens === undefined)
    return seconds === undefined ? undefined : { type: 'duration', seconds }
  const details = defined({ text_tokens: inputTextTokens, audio_tokens: inputAudioTokens })
  return defined({
    type: 'tokens',
    ...tokenTotals(inputTokens ?? 0, outputTokens ?? 0),
    input_token_details: Object.keys(details).length === 0 ? undefined : details,
  })
}

export const tokenTotals = (input: number, output: number) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output,
})

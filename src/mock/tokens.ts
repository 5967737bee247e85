// Token counts of what mocks make.

import type { Candidate, FilePart, Usage } from '#core/chat'
import { defined } from '#core/json'
import { countFile, countPart, lettersPerToken, pieces } from '#core/tokens'

/** As much of the text as so many tokens are. */
export function firstTokens(text: string, most: number): string {
  let left = most
  for (const match of text.matchAll(pieces)) {
    const [piece] = match
    left -= Math.ceil(piece.length / lettersPerToken)
    if (left < 0) {
      const fits = piece.length + left * lettersPerToken
      return text.slice(0, match.index + Math.max(0, fits)).trimEnd()
    }
  }
  return text
}

/** What a reply costs: its parts, and thoughts that were not shown. */
export function countReply(
  candidates: readonly Candidate[],
  hiddenThoughts = 0,
): Omit<Usage, 'inputTokens'> {
  let output = hiddenThoughts
  let reasoning = hiddenThoughts
  let audio = 0
  let image = 0
  for (const part of candidates.flatMap(({ content }) => content)) {
    const tokens = part.type === 'file' ? countMade(part) : countPart(part)
    output += tokens
    if (part.type === 'reasoning') reasoning += tokens
    if (part.type === 'file' && part.mediaType.startsWith('audio/')) audio += tokens
    if (part.type === 'file' && part.mediaType.startsWith('image/')) image += tokens
  }
  return defined({
    outputTokens: output,
    reasoningTokens: reasoning || undefined,
    outputAudioTokens: audio || undefined,
    outputImageTokens: image || undefined,
  })
}

// https://ai.google.dev/gemini-api/docs/image-generation: a picture of 1024 x 1024 is 1290 tokens.
const perPicture = 1290

const countMade = (part: FilePart): number =>
  part.mediaType.startsWith('image/') ? perPicture : countFile(part)

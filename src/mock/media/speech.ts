// How long a text takes to say.

const wordsPerSecond = 2.5
// Han, kana and Hangul are written without spaces; a speaker says about this many a second.
const syllablesPerSecond = 4.5
// Bounds texts with few spaces, such as links and code.
const lettersPerSecond = 20
const shortest = 0.4

const syllable = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/** Seconds a voice takes for the text at a speed (1 when not given); at least 0.4. */
export const speechSeconds = (text: string, speed = 1): number => {
  const syllables = text.match(syllable)?.length ?? 0
  const words = text.replace(syllable, ' ').match(/\S+/g) ?? []
  const letters = words.reduce((total, word) => total + word.length, 0)
  const spoken = Math.max(words.length / wordsPerSecond, letters / lettersPerSecond)
  return Math.max(shortest, (spoken + syllables / syllablesPerSecond) / speed)
}

import { dice, hash } from './chance.ts'
import type { MockCall } from './world.ts'

export interface Moderation {
  flagged: boolean
  categories: { [category: string]: boolean }
  /** 0 to 1. */
  scores: { [category: string]: number }
}

// The categories of omni-moderation-latest (openai 7.57, Moderation.Categories), and words that raise each.
const words = {
  harassment: /\b(idiot|stupid|loser|harass\w*|bully\w*|insult\w*)\b/i,
  'harassment/threatening': /\b(i will (hurt|kill|find) you|threat\w*)\b/i,
  hate: /\b(hate (them|those people|all)|hateful|inferior race|racis\w*)\b/i,
  'hate/threatening': /\b(exterminate|wipe them out)\b/i,
  illicit: /\b(shoplift\w*|steal\w*|counterfeit\w*|launder\w*|drugs?)\b/i,
  'illicit/violent': /\b(bombs?|explosives?|make a weapon)\b/i,
  'self-harm': /\b(self[- ]harm|suicid\w*|cut myself)\b/i,
  'self-harm/intent': /\b(kill myself|end my life|hurt myself)\b/i,
  'self-harm/instructions': /\bhow to (kill myself|commit suicide|self[- ]harm)\b/i,
  sexual: /\b(sexual|porn\w*|nudes?|erotic\w*)\b/i,
  'sexual/minors': /\b(sexual\w*|nudes?)\b.*\b(minors?|child(ren)?|kids?)\b/i,
  violence: /\b(kill\w*|murder\w*|shoot\w*|stab\w*|bombs?|attack\w*)\b/i,
  'violence/graphic': /\b(gore|gory|dismember\w*|blood everywhere|behead\w*)\b/i,
} as const satisfies Record<string, RegExp>

/**
 * Judges a text by a few plain words, in the category names of OpenAI's moderation; a script of the
 * call may say what is flagged.
 */
export function moderate(text: string, call?: MockCall): Moderation {
  const scripted = call?.scripted?.flagged
  const roll = dice(hash(text))
  const scores: Moderation['scores'] = {}
  const categories: Moderation['categories'] = {}
  for (const [category, pattern] of Object.entries(words)) {
    const flagged = scripted?.includes(category) ?? pattern.test(text)
    categories[category] = flagged
    scores[category] = flagged ? 0.7 + roll(2900) / 10_000 : (roll(990) + 10) / 1_000_000
  }
  return { flagged: Object.values(categories).includes(true), categories, scores }
}

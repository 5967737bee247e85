// The prebuilt voices (ai.google.dev/gemini-api/docs/speech-generation) and what OpenAI's names sound like among them.

export const voiceNames: readonly string[] = [
  'Zephyr',
  'Puck',
  'Charon',
  'Kore',
  'Fenrir',
  'Leda',
  'Orus',
  'Aoede',
  'Callirrhoe',
  'Autonoe',
  'Enceladus',
  'Iapetus',
  'Umbriel',
  'Algieba',
  'Despina',
  'Erinome',
  'Algenib',
  'Rasalgethi',
  'Laomedeia',
  'Achernar',
  'Alnilam',
  'Schedar',
  'Gacrux',
  'Pulcherrima',
  'Achird',
  'Zubenelgenubi',
  'Vindemiatrix',
  'Sadachbia',
  'Sadaltager',
  'Sulafat',
]

export const usualVoice = 'Kore'

/** By the character Google and OpenAI give their voices: bright, firm, warm, ... */
const alike: Record<string, string | undefined> = {
  alloy: 'Kore',
  ash: 'Orus',
  ballad: 'Enceladus',
  cedar: 'Algieba',
  coral: 'Aoede',
  echo: 'Iapetus',
  fable: 'Sadaltager',
  marin: 'Zephyr',
  nova: 'Leda',
  onyx: 'Charon',
  sage: 'Vindemiatrix',
  shimmer: 'Autonoe',
  verse: 'Puck',
}

/** The voice a name stands for, and whether it is that voice's own. */
export function voiceFor(name: string): { voice: string; isOwn: boolean } {
  const own = voiceNames.find((voice) => voice.toLowerCase() === name.toLowerCase())
  return own === undefined
    ? { voice: alike[name.toLowerCase()] ?? usualVoice, isOwn: false }
    : { voice: own, isOwn: true }
}

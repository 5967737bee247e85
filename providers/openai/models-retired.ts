import type { Modality, Model } from '#kit'

interface Wave {
  on: string
  does?: readonly Modality[]
  /** Successor by id. */
  ids: { [id: string]: string }
}

const big = 'gpt-6.1-sol'
const middle = 'gpt-6.1-terra'
const small = 'gpt-6-luna'

/** Ids of one model under several dates. */
const all = (ids: string[], successor: string): { [id: string]: string } =>
  Object.fromEntries(ids.map((id) => [id, successor]))

/** What OpenAI has switched off, newest first (openai 7.57, deprecated values of `ChatModel` and `ImageModel`). */
const waves: readonly Wave[] = [
  {
    on: '2026-10-23',
    ids: {
      ...all(['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14'], small),
      ...all(['o4-mini', 'o4-mini-2025-04-16', 'o3-mini', 'o3-mini-2025-01-31'], middle),
      ...all(['o1', 'o1-2024-12-17', 'gpt-4o-2024-05-13'], big),
      ...all(['gpt-4-turbo', 'gpt-4-turbo-2024-04-09', 'gpt-4-1106-preview'], big),
      ...all(['gpt-4', 'gpt-4-0613'], big),
      ...all(['gpt-3.5-turbo', 'gpt-3.5-turbo-0125'], small),
    },
  },
  { on: '2026-10-23', does: ['image'], ids: { 'gpt-image-1': 'gpt-image-2.5-sunburst' } },
  { on: '2026-09-28', ids: { 'gpt-3.5-turbo-1106': small } },
  {
    // Video; the endpoints went with the models.
    on: '2026-09-24',
    does: [],
    ids: all(['sora-2', 'sora-2-pro'], 'gemini/gemini-omni-1.2-flash'),
  },
  { on: '2026-08-10', ids: all(['gpt-5.3-chat-latest', 'gpt-5.2-chat-latest'], big) },
  {
    on: '2026-07-23',
    ids: {
      ...all(['gpt-5.1-codex', 'gpt-5.1-chat-latest', 'gpt-5-chat-latest'], big),
      ...all(['gpt-4o-search-preview', 'gpt-4o-search-preview-2025-03-11'], middle),
      ...all(['gpt-4o-mini-search-preview', 'gpt-4o-mini-search-preview-2025-03-11'], small),
    },
  },
  {
    on: '2026-05-12',
    does: ['image'],
    ids: { 'dall-e-3': 'gpt-image-2.6-sunburst', 'dall-e-2': 'gpt-image-2.6-flare' },
  },
  {
    on: '2026-05-07',
    ids: {
      ...all(['', '-2024-12-17', '-2025-06-03'].map(dated('gpt-4o-audio-preview')), 'gpt-audio'),
      ...all(['', '-2024-12-17'].map(dated('gpt-4o-mini-audio-preview')), 'gpt-audio-mini'),
    },
  },
  {
    on: '2026-03-26',
    ids: all(['gpt-4-0125-preview', 'gpt-4-turbo-preview', 'gpt-4-0314'], big),
  },
  { on: '2026-02-17', ids: { 'chatgpt-4o-latest': big } },
  { on: '2026-02-12', ids: { 'codex-mini-latest': middle } },
  { on: '2025-10-27', ids: all(['o1-mini', 'o1-mini-2024-09-12'], middle) },
  {
    on: '2025-10-27',
    does: ['moderation'],
    ids: all(['text-moderation-latest', 'text-moderation-stable'], 'omni-moderation-latest'),
  },
  { on: '2025-10-10', ids: { 'gpt-4o-audio-preview-2024-10-01': 'gpt-audio' } },
  { on: '2025-07-28', ids: all(['o1-preview', 'o1-preview-2024-09-12'], big) },
  { on: '2025-06-06', ids: all(['gpt-4-32k', 'gpt-4-32k-0314', 'gpt-4-32k-0613'], big) },
  { on: '2024-12-06', ids: { 'gpt-4-vision-preview': big } },
  {
    on: '2024-09-13',
    ids: all(['16k', '0301', '0613', '16k-0613'].map(dated('gpt-3.5-turbo-')), small),
  },
]

function dated(id: string): (end: string) => string {
  return (end) => id + end
}

export const retiredModels: readonly Model[] = waves.flatMap(({ on, does = ['chat'], ids }) =>
  Object.entries(ids).map(([id, successor]): Model => ({ id, does, retired: { on, successor } })),
)

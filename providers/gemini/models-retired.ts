import type { Modality, Model } from '#kit'

interface Wave {
  on: string
  does?: readonly Modality[]
  /** Successor by id. */
  ids: { [id: string]: string }
}

const all = (ids: readonly string[], successor: string): { [id: string]: string } =>
  Object.fromEntries(ids.map((id) => [id, successor]))

const flash = 'gemini-3.8-flash'
const lite = 'gemini-3.5-flash-lite'
const pro = 'gemini-3.1-pro-preview'
const picture = 'gemini-3.1-flash-image'
const video = 'gemini-omni-1.2-flash'

/** What Google has switched off on this API, newest first. */
const waves: readonly Wave[] = [
  {
    on: '2026-10-22',
    does: [],
    ids: all(
      [
        'veo-3.1-generate-preview',
        'veo-3.1-fast-generate-preview',
        'veo-3.1-lite-generate-preview',
      ],
      video,
    ),
  },
  {
    on: '2026-08-17',
    does: ['image'],
    ids: {
      'imagen-4.0-ultra-generate-001': 'gemini-3-pro-image',
      'imagen-4.0-generate-001': picture,
      'imagen-4.0-fast-generate-001': 'gemini-3.1-flash-lite-image',
    },
  },
  {
    on: '2026-06-25',
    does: ['image', 'chat'],
    ids: {
      'gemini-3.1-flash-image-preview': picture,
      'gemini-3-pro-image-preview': 'gemini-3-pro-image',
    },
  },
  {
    on: '2026-06-01',
    ids: {
      ...all(['gemini-2.0-flash', 'gemini-2.0-flash-001'], flash),
      ...all(['gemini-2.0-flash-lite', 'gemini-2.0-flash-lite-001'], lite),
    },
  },
  { on: '2026-05-25', ids: { 'gemini-3.1-flash-lite-preview': 'gemini-3.1-flash-lite' } },
  { on: '2026-03-09', ids: { 'gemini-3-pro-preview': pro } },
  {
    on: '2026-01-14',
    does: ['embedding'],
    ids: { 'text-embedding-004': 'gemini-embedding-001' },
  },
  {
    on: '2025-12-02',
    ids: all(
      ['03-25', '05-06', '06-05'].map((date) => `gemini-2.5-pro-preview-${date}`),
      pro,
    ),
  },
  {
    on: '2025-11-14',
    does: ['image', 'chat'],
    ids: { 'gemini-2.0-flash-preview-image-generation': picture },
  },
  {
    on: '2025-11-10',
    does: ['image'],
    ids: { 'imagen-3.0-generate-002': picture },
  },
  {
    on: '2025-09-24',
    ids: {
      ...all(
        ['', '-001', '-002', '-latest'].map((end) => `gemini-1.5-pro${end}`),
        pro,
      ),
      ...all(
        ['', '-001', '-002', '-latest'].map((end) => `gemini-1.5-flash${end}`),
        flash,
      ),
      ...all(
        ['', '-001', '-latest'].map((end) => `gemini-1.5-flash-8b${end}`),
        lite,
      ),
    },
  },
  { on: '2025-02-15', ids: all(['gemini-pro', 'gemini-1.0-pro', 'gemini-1.0-pro-001'], pro) },
]

export const retiredModels: readonly Model[] = waves.flatMap(({ on, does = ['chat'], ids }) =>
  Object.entries(ids).map(([id, successor]): Model => ({ id, does, retired: { on, successor } })),
)

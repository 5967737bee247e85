// What the folders of hosts with an API like OpenAI's have in common.

import type { Provider } from '#core/provider'
import { accented, type Accent } from './openai-chat/accent.ts'
import { openaiChat } from './openai-chat/index.ts'
import { speaksEmbeddings } from './speaks-media.ts'
import { speaks } from './speaks.ts'

export interface CompatibleOptions {
  /** The path before `/chat/completions`: `/v1`. */
  base: string
  accent: Accent
  /** Whether it has `/embeddings`. */
  embeds?: boolean
  /** What it does besides. */
  adapters?: Provider['adapters']
}

/** Adapters, credentials and errors of a host: `defineProvider({ id, ..., ...compatible({ base, accent }) })`. */
export const compatible = ({
  base,
  accent,
  embeds,
  adapters,
}: CompatibleOptions): Pick<Provider, 'adapters' | 'auth' | 'readError'> => ({
  adapters: {
    chat: speaks(openaiChat, { path: `${base}/chat/completions`, ...accented(accent) }),
    ...(embeds === true ? { embedding: speaksEmbeddings(`${base}/embeddings`) } : {}),
    ...adapters,
  },
  auth: bearer,
  readError: openaiChat.error.decode,
})

/** `authorization: Bearer <key>`; nothing for the empty key of a host that needs none. */
export const bearer = (key: string): Record<string, string> =>
  key === '' ? {} : { authorization: `Bearer ${key}` }

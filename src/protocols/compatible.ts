// What the folders of hosts with an API like OpenAI's have in common.

import type { Immediate, Model, Provider } from '#core/provider'
import { accented, type Accent } from './openai-chat/accent.ts'
import { openaiChat } from './openai-chat/index.ts'
import { speaksEmbeddings } from './speaks-media.ts'
import { speaks } from './speaks.ts'

export interface CompatibleOptions {
  /** The path before `/chat/completions`: `/v1`. */
  base: string
  accent: Accent
  /** Set where it has `/embeddings`: the fields of its body that the host does not know. */
  embeds?: { lacks: readonly string[] }
  /** Models whose answers are just as this protocol's clients expect them; all when absent. */
  forwards?: (model: Model) => boolean
  /** What it does besides. */
  adapters?: Provider['adapters']
}

/** Adapters, credentials and errors of a host: `defineProvider({ id, ..., ...compatible({ base, accent }) })`. */
export const compatible = ({
  base,
  accent,
  embeds,
  forwards,
  adapters,
}: CompatibleOptions): Pick<Provider, 'adapters' | 'auth' | 'readError'> => ({
  adapters: {
    chat: withForward(
      speaks(openaiChat, { path: `${base}/chat/completions`, ...accented(accent) }),
      forwards,
    ),
    ...(embeds === undefined
      ? {}
      : { embedding: speaksEmbeddings(`${base}/embeddings`, embeds.lacks) }),
    ...adapters,
  },
  auth: bearer,
  readError: (failure) => openaiChat.error.decode(failure),
})

function withForward(
  chat: Immediate<'chat'>,
  forwards: CompatibleOptions['forwards'],
): Immediate<'chat'> {
  const { forward } = chat
  if (forwards === undefined || typeof forward !== 'object') return chat
  return { ...chat, forward: (model) => (forwards(model) ? forward : undefined) }
}

/** `authorization: Bearer <key>`; nothing for the empty key of a host that needs none. */
export const bearer = (key: string): Record<string, string> =>
  key === '' ? {} : { authorization: `Bearer ${key}` }

// Short words for requests in the tests of this protocol.

import type { AssistantPart, ChatRequest, Message, UserPart } from '#core/chat'
import type { Model } from '#core/provider'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { ableModel, encodeRequest, plainRequest } from '../kit/codec.ts'

export const encode = (changes: Partial<ChatRequest>, model: Partial<Model> = {}) =>
  encodeRequest(
    anthropicMessages,
    { ...plainRequest, stream: false, maxOutputTokens: 4000, ...changes },
    { ...ableModel('some-model'), ...model },
  )
export const decode = (changes: object) =>
  anthropicMessages.request.decode({
    model: 'some-model',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hi' }],
    ...changes,
  })

export const user = (...content: UserPart[]): Message => ({ role: 'user', content })
export const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content })
export const text = (words: string) => ({ type: 'text' as const, text: words })
export const call = (id: string, name = 'look', input = '{}') => ({
  type: 'tool-call' as const,
  id,
  name,
  input,
})
export const result = (id: string, words: string) => ({
  type: 'tool-result' as const,
  id,
  output: [text(words)],
})

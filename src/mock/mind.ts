// The deterministic model behind every chat mock.

import type { AssistantPart, Candidate, ChatReply, ChatRequest } from '#core/chat'
import type { Model } from '#core/provider'
import { digits } from './chance.ts'
import { countRequest, countTokens } from './tokens.ts'

/** Answers a chat request: the same request and seed give the same answer. */
export function think(request: ChatRequest, model: Model | undefined): ChatReply {
  const id = digits(JSON.stringify({ ...request, stream: false, streamUsage: false }))
  const text = `You said: ${lastText(request)}`
  const content: AssistantPart[] = [{ type: 'text', text }]
  const candidate: Candidate = { content, finish: { reason: 'stop' } }
  return {
    id,
    model: model?.id ?? request.model,
    candidates: [candidate],
    usage: { inputTokens: countRequest(request), outputTokens: countTokens(text) },
  }
}

/** The text the user said last. */
export function lastText(request: ChatRequest): string {
  const message = request.messages.findLast((candidate) => candidate.role === 'user')
  const texts = message?.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])) ?? []
  return texts.join('\n')
}

import type { AssistantPart, Candidate, ChatReply, ChatRequest, Finish } from '#core/chat'
import { countRequest } from '#core/tokens'
import { countReply } from '../tokens.ts'
import { partsOf, saysChat, type Answer } from './answer.ts'

/** The reply a script gives; what it does not say is as in `thought`, the mind's own. */
export function scriptedReply(answer: Answer, request: ChatRequest, thought: ChatReply): ChatReply {
  const [first] = thought.candidates
  const content = saysChat(answer) ? partsOf(answer, thought.id) : first.content
  const finish: Finish =
    answer.finish === undefined
      ? saysChat(answer)
        ? { reason: finishOf(content) }
        : first.finish
      : { reason: answer.finish }
  const candidate: Candidate = { content, finish }
  const usage = saysChat(answer)
    ? { inputTokens: countRequest(request), ...countReply([candidate]) }
    : thought.usage
  return {
    ...thought,
    id: answer.id ?? thought.id,
    model: answer.model ?? thought.model,
    candidates: saysChat(answer) ? [candidate] : [candidate, ...thought.candidates.slice(1)],
    usage: { ...usage, ...answer.usage },
  }
}

const finishOf = (content: readonly AssistantPart[]): Finish['reason'] =>
  content.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop'

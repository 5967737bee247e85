// Asks a world's scripts about a call, and puts what they say to work.

import { defined } from '#core/json'
import type { MockFailure } from './dialect.ts'
import { MockRefusal } from './failure.ts'
import { failureIn, type Answer } from './script/answer.ts'
import { isOrder, type Asked } from './script/match.ts'
import type { MockCall } from './world.ts'

/**
 * What a script answers to the call.
 * @throws MockRefusal or Error where nothing does and the scope is strict.
 */
export async function scriptFor(
  call: MockCall,
  facts: Omit<Asked, 'scope' | 'provider'>,
): Promise<Answer | undefined> {
  const { world, scope, entry } = call
  const asked: Asked = { ...facts, scope, ...defined({ provider: world.provider }) }
  if (entry !== undefined && asked.model !== undefined) entry.model = asked.model
  if (world.scripts === undefined) return undefined
  const found = await world.scripts.answer(asked)
  if (found !== undefined) {
    if (entry !== undefined) entry.rule = found.rule.name
    return applied(found.answer, call)
  }
  const strict = world.scripts.strict(scope)
  if (strict === 'off' || !isOrder(asked)) return undefined
  const names = world.scripts.rules().map((rule) => rule.name)
  const message =
    `No scripted answer fits ${asked.method} ${asked.path}` +
    ` (model ${asked.model ?? 'unknown'}, last user text ${JSON.stringify(asked.text.slice(0, 120))});` +
    ` the rules are: ${names.length === 0 ? 'none' : names.join(', ')}`
  if (strict === 'throw') throw new Error(message)
  throw new MockRefusal({ kind: 'bad-request', message })
}

/** Notes on the call how the answer arrives. */
function applied(answer: Answer, call: MockCall): Answer {
  call.scripted = answer
  call.pace = { ...call.pace, ...answer.pace }
  if (answer.cutAfter !== undefined) call.cutAfter = answer.cutAfter
  return answer
}

/** The reply an answer is by itself: a refusal, or HTTP as it is. */
export function outright(answer: Answer): MockFailure | Response | undefined {
  if (answer.error !== undefined) return failureIn(answer.error)
  const { status, headers, body } = answer
  if (status === undefined && body === undefined) return undefined
  const isText = typeof body === 'string'
  const text = body === undefined ? null : isText ? body : JSON.stringify(body)
  return new Response(text, {
    status: status ?? 200,
    headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...headers },
  })
}

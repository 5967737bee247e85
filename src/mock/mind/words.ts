// What the mind says when nothing tells it what to say: about the request, never about nothing.

import type { ChatRequest } from '#core/chat'
import type { Model } from '#core/provider'
import { dice, hash } from '../chance.ts'
import { lastResults, lastText, resultText } from '../script/match.ts'
import { attachments, describe } from './sight.ts'

/** A useful answer: it names what was asked, what is attached and what tools have found. */
export function answerText(request: ChatRequest, model: Model | undefined, seed: string): string {
  const roll = dice(hash(seed))
  const results = lastResults(request)
  if (results.length > 0) {
    const failed = results.some(({ isError }) => isError === true)
    const found = results.map((result) => shorten(resultText(result), 400)).join('; ')
    const opening = failed ? 'The tool reported a problem' : pick(findings, roll)
    return `${opening}: ${found === '' ? 'nothing' : found}`
  }
  const files = attachments(request).map(describe)
  const seen = files.length === 0 ? '' : ` You sent ${listed(files)}.`
  return opening(lastText(request), roll) + seen + closing(request, model, roll)
}

const findings = ['Here is what I found', 'According to the tool', 'This is the result']

function opening(text: string, roll: (limit: number) => number): string {
  const asked = shorten(text, 240)
  if (asked === '') return pick(['Here is my answer.', 'I have read your message.'], roll)
  if (/^\s*(?:hi|hello|hey|good (?:morning|evening|afternoon))\b/i.test(text))
    return `${pick(['Hello!', 'Hi there!'], roll)} You said "${asked}".`
  return /\?\s*$/.test(text)
    ? `${pick(['You asked', 'Your question was', 'You want to know'], roll)}: "${asked}"`
    : `${pick(['You said', 'You wrote', 'Your message was'], roll)}: "${asked}".`
}

function closing(
  request: ChatRequest,
  model: Model | undefined,
  roll: (limit: number) => number,
): string {
  const turn = request.messages.filter(({ role }) => role === 'assistant').length + 1
  const name = model?.name ?? model?.id ?? request.model
  const place = turn === 1 ? '' : `, turn ${turn} of our conversation`
  return ` ${pick(closings, roll)} from ${name}${place}: the same request always gets it, so a test can rely on it.`
}

const closings = [
  'This is a mock answer',
  'This answer was made without a model and stands in for one',
  'No real model was asked; this is a stand-in',
]

/** What the model thinks before it answers. */
export function thoughts(request: ChatRequest, seed: string): string {
  const roll = dice(hash(seed, 1))
  const asked = shorten(lastText(request), 120)
  const first = pick(['The user says', 'The request is', 'I am asked'], roll)
  const then = pick(
    ['I will answer directly and mention it.', 'A short answer that names it is best.'],
    roll,
  )
  const tools =
    request.tools.length === 0 ? '' : ` There are ${request.tools.length} tools I could use.`
  return `${first}: "${asked}".${tools} ${then}`
}

const pick = (from: readonly string[], roll: (limit: number) => number): string =>
  from[roll(from.length)] ?? ''

/** On one line, and not longer than that many characters. */
function shorten(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

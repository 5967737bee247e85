// Bodies that callers write in a vendor's own protocol with another vendor's answers in them.

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '#core/json'
import { foreignProof, ownThoughts } from '#protocols/anthropic-messages/own'
import { signedCalls } from '#protocols/gemini/own'
import { ableModel } from '../kit/codec.ts'

const lost: string[] = []
const lose = (field: string): void => void lost.push(field)

describe('thoughts in a body for Anthropic', () => {
  const model = ableModel('claude-opus-5-5')
  const text = { type: 'text', text: 'Yes' }
  const own = { type: 'thinking', thinking: 'Hm', signature: 'EqQB+/==' }
  const body = (...content: JsonObject[]): JsonObject => ({
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'image', source: { type: 'base64', data: '@' } }] },
    ],
  })

  it('stay when they are its own, and the body is the same object', () => {
    const mine = body(own, { type: 'redacted_thinking', data: 'EmwK' }, text)
    expect(ownThoughts(mine, model, lose)).toBe(mine)
    const { messages: _, ...none } = mine
    expect(ownThoughts(none, model, lose)).toBe(none)
  })

  it('are left out when another vendor signed them, or nobody, and each is told', () => {
    const others = [
      { type: 'thinking', thinking: 'Hm', signature: '@gemini:abc' },
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'thinking', thinking: 'Hm', signature: '@@openai-responses:abc' },
      { type: 'redacted_thinking', data: '@openai-responses:abc' },
    ]
    for (const other of others) {
      lost.length = 0
      const mixed = body(own, other, text)
      expect(JSON.stringify(mixed)).toMatch(foreignProof)
      expect(ownThoughts(mixed, model, lose)).toEqual(body(own, text))
      expect(lost).toEqual(['messages[1].content[1]'])
    }
  })

  it('take a message with them that has nothing else', () => {
    const only = body({ type: 'thinking', thinking: 'Hm', signature: '@gemini:abc' })
    const { messages } = ownThoughts(only, model, lose)
    expect(messages).toHaveLength(2)
  })
})

describe('calls in a body for Gemini', () => {
  const model = ableModel('gemini-3.8-flash')
  const call: JsonObject = { functionCall: { name: 'f', args: {} } }
  const other: JsonObject = { functionCall: { name: 'g', args: {} } }
  const signed: JsonObject = { ...call, thoughtSignature: 'abc' }
  const standIn: JsonObject = { ...call, thoughtSignature: 'skip_thought_signature_validator' }
  const turn = (role: string, ...parts: JsonObject[]): JsonObject => ({ role, parts })
  const body = (...contents: JsonObject[]): JsonObject => ({ contents })

  it('stay when their step is signed, in whichever of its contents', () => {
    const whole = body(turn('user', { text: 'Hi' }), turn('model', signed, call))
    expect(signedCalls(whole, model, lose)).toBe(whole)
    const pieces = body(turn('model', signed), turn('model', call), turn('user', { text: 'Hi' }))
    expect(signedCalls(pieces, model, lose)).toBe(pieces)
  })

  it('get the stand-in, once a step, when another model made them', () => {
    const made = body(
      turn('model', call, other),
      turn('user'),
      turn('model', { text: 'A' }, { ...call }),
    )
    lost.length = 0
    expect(signedCalls(made, model, lose)).toEqual(
      body(turn('model', standIn, other), turn('user'), turn('model', { text: 'A' }, standIn)),
    )
    expect(lost).toEqual(['contents'])
  })

  it('stay as they are for models that want no signature', () => {
    const made = body(turn('model', call))
    expect(signedCalls(made, ableModel('gemini-2.5-flash'), lose)).toBe(made)
  })
})

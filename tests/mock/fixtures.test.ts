import { describe, expect, it } from 'vitest'
import type { Json } from '#core/json'
import { createMockOf } from '#mock/public'
import { readFixtures } from '#mock/script/fixtures'
import { ask, plainProvider, says, textOfReply } from '../kit/mock-provider.ts'

const rule = (changes: { [field: string]: Json }): Json => ({
  rules: [{ when: {}, reply: 'Hi', ...changes }],
})

describe('fixtures', () => {
  it('say in JSON what can be said in code', async () => {
    const mock = createMockOf([plainProvider()])
    mock.load({
      strict: 'refuse',
      rules: [
        { name: 'sun', when: { user: { pattern: '^weather', flags: 'i' } }, reply: 'Sunny' },
        {
          when: { user: ['tool', 'please'] },
          reply: { toolCalls: [{ name: 'f', arguments: { a: 1 } }] },
        },
        { when: { user: 'again' }, reply: ['one', 'two'], times: 2 },
        {
          when: { user: 'fail' },
          reply: { error: { kind: 'rate-limited', retryAfterSeconds: 3 } },
        },
        {
          when: { user: 'parts' },
          reply: { parts: [{ type: 'text', text: 'P' }], usage: { outputTokens: 9 } },
        },
      ],
    })
    const send = (text: string) => mock.fetch(ask(says(text)))
    const text = async (said: string) => textOfReply(await (await send(said)).json())
    expect(await text('Weather?')).toBe('Sunny')
    expect(mock.last()?.rule).toBe('sun')
    expect(await (await send('a tool, please')).json()).toMatchObject({
      candidates: [{ content: [{ name: 'f', input: '{"a":1}' }] }],
    })
    expect([await text('again'), await text('again')]).toEqual(['one', 'two'])
    expect((await send('again')).status).toBe(400)
    expect((await send('fail')).headers.get('retry-after')).toBe('3')
    expect(await (await send('parts')).json()).toMatchObject({ usage: { outputTokens: 9 } })
  })

  it('belong to the scope that loads them', async () => {
    const mock = createMockOf([plainProvider()])
    mock.scope('a').load(rule({}))
    expect(textOfReply(await (await mock.fetch(ask({}, 'mock:a'))).json())).toBe('Hi')
    expect(textOfReply(await (await mock.fetch(ask({}, 'mock:b'))).json())).not.toBe('Hi')
  })

  it.each<[string, Json]>([
    ['rules', {}],
    ['rules[0]', { rules: ['x'] }],
    ['rules[0].reply', { rules: [{ when: {} }] }],
    ['rules[0].when.usr', rule({ when: { usr: 'typo' } })],
    ['rules[0].when.user', rule({ when: { user: 7 } })],
    ['rules[0].when.user.pattern', rule({ when: { user: { pattern: '(' } } })],
    ['rules[0].times', rule({ times: 0 })],
    ['rules[0].reply.error', rule({ reply: { error: 'tired' } })],
    [
      'rules[0].reply.error.retryAfterSeconds',
      rule({ reply: { error: { kind: 'rate-limited' } } }),
    ],
    [
      'rules[0].reply[1].toolCalls[0].name',
      rule({ reply: [{ text: 'a' }, { toolCalls: [{ arguments: {} }] }] }),
    ],
    ['rules[0].reply.parts[0].type', rule({ reply: { parts: [{ type: 'sound' }] } })],
    ['rules[0].reply.txt', rule({ reply: { txt: 'typo' } })],
    ['chaos.boredom', { rules: [], chaos: { boredom: 1 } }],
  ])('name the mistake at %s', (param, fixtures) => {
    expect(() => readFixtures(fixtures)).toThrow(
      expect.objectContaining({
        kind: 'invalid_request',
        details: expect.objectContaining({ param }),
      }),
    )
  })
})

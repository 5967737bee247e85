import { describe, expect, it } from 'vitest'
import { createMockOf } from '#mock/public'
import { ask, origin, plainProvider, says } from '../kit/mock-provider.ts'

describe('the journal', () => {
  const mock = createMockOf([plainProvider()])

  it('keeps what was sent and how it was answered', async () => {
    mock.reset()
    mock.when({ user: 'weather' }).named('sun').reply('Sunny')
    await (await mock.fetch(ask(says('weather?'), 'mock:w'))).text()
    const entry = mock.last()
    expect(entry).toMatchObject({
      provider: 'plain',
      method: 'POST',
      path: '/chat',
      scope: 'w',
      scenario: 'plain',
      model: 'plain-1',
      rule: 'sun',
      status: 200,
      delivery: 'whole',
      body: { model: 'plain-1', messages: says('weather?').messages },
    })
    expect(entry?.at).toBeGreaterThan(1_700_000_000_000)
    expect(entry?.requestId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('never holds the key', async () => {
    mock.reset()
    const secret = 'sk-very/secret+1'
    const request = new Request(`${origin}/chat?key=${encodeURIComponent(secret)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        cookie: 'session=abc',
        'x-other': `a ${secret} b`,
        'x-api-key': 'another-secret',
      },
      body: '{}',
    })
    await mock.fetch(request)
    const { url, headers } = mock.last() ?? {}
    expect(JSON.stringify({ url, headers })).not.toMatch(/secret|abc/)
    expect(headers?.['authorization']).toBe('***')
  })

  it('tells broken, refused and abandoned replies apart', async () => {
    mock.reset()
    await expect((await mock.fetch(ask({ stream: true }, 'mock-cut'))).text()).rejects.toThrow()
    expect(mock.last()).toMatchObject({ scenario: 'cut', status: 200, delivery: 'broken' })
    await (await mock.fetch(ask({}, 'mock-quota'))).text()
    expect(mock.last()).toMatchObject({ scenario: 'quota', status: 402, delivery: 'whole' })
    const left = await mock.fetch(ask({ stream: true }))
    await left.body?.cancel()
    expect(mock.last()).toMatchObject({ status: 200, delivery: 'left' })
  })

  it('can be searched and cleared in parts', async () => {
    mock.reset()
    await mock.fetch(ask({}, 'mock:a'))
    await mock.fetch(ask({ model: 'thinker' }, 'mock:a'))
    await mock.fetch(ask({}, 'mock-invalid:b'))
    const count = (filter: Parameters<typeof mock.requests>[0]) => mock.requests(filter).length
    expect(count({ scope: 'a' })).toBe(2)
    expect(count({ model: 'thinker' })).toBe(1)
    expect(count({ status: 401 })).toBe(1)
    expect(count({ path: /^\/ch/, method: 'POST' })).toBe(3)
    expect(count({ where: ({ scenario }) => scenario === 'invalid' })).toBe(1)
    mock.scope('a').reset()
    expect(count({})).toBe(1)
  })
})

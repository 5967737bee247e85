import { describe, expect, it } from 'vitest'
import { parseEvents } from '#protocols/sse'
import { createInternet } from '#mock/internet'
import { spoil } from '#mock/play'
import { readKey, refusals, scenarioNames, scenarios, writeKey } from '#mock/scenario'
import { mockClock } from '../kit/mock-clock.ts'
import { ask, origin, plainProvider, says } from '../kit/mock-provider.ts'

const clock = mockClock()
const internet = createInternet([plainProvider()], clock.world)
const answer = (key: string, stream = false) => internet.fetch(ask({ stream }, key))

const drawing = (key: string) =>
  internet.fetch(
    new Request(`${origin}/pictures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a fox' }),
    }),
  )

describe('a key', () => {
  it('names a scenario and a scope', () => {
    expect(readKey('mock')).toEqual({ scenario: 'plain', scope: '' })
    expect(readKey('mock:test-17')).toEqual({ scenario: 'plain', scope: 'test-17' })
    expect(readKey('mock-slow:a:b')).toEqual({ scenario: 'slow', scope: 'a:b' })
    expect(readKey('mock-rate-limited')).toEqual({ scenario: 'rate-limited', scope: '' })
  })

  it('of any other kind is plain, and a scope of its own', () => {
    for (const key of ['sk-123', 'mock-unheard-of', 'mocking:bird', 'mockslow'])
      expect(readKey(key)).toEqual({ scenario: 'plain', scope: key })
  })

  it('is read as it was written', () => {
    for (const scenario of [...scenarioNames, 'plain' as const])
      for (const scope of ['', 'x', 'a:b'])
        expect(readKey(writeKey(scope, scenario))).toEqual({ scenario, scope })
  })
})

describe('a mock', () => {
  it('answers a plain key, with its headers', async () => {
    const response = await answer('mock')
    expect(response.status).toBe(200)
    expect(response.headers.get('limit-remaining')).toBe('99')
    expect(response.headers.get('request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(await response.json()).toMatchObject({ id: expect.stringMatching(/^reply_/) })
  })

  it('gives every request an id of its own', async () => {
    const ids = await Promise.all(
      ['mock', 'mock', 'mock-invalid'].map(async (key) =>
        (await answer(key)).headers.get('request-id'),
      ),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('refuses a request without a key, a missing path and a model it does not have', async () => {
    const bare = await internet.fetch(new Request(`${origin}/chat`, { method: 'POST' }))
    expect([bare.status, await bare.json()]).toEqual([401, { error: { kind: 'no-key' } }])
    const lost = await internet.fetch(ask({}, 'mock', '/nowhere'))
    expect(await lost.json()).toEqual({ error: { kind: 'not-found', what: '/nowhere' } })
    for (const model of ['unknown', 'gone']) {
      const response = await internet.fetch(ask({ model }))
      expect([response.status, await response.json()]).toEqual([
        404,
        { error: { kind: 'not-found', what: model } },
      ])
    }
  })

  it('says what is wrong with a request, in the words of its dialect', async () => {
    const wrong = await internet.fetch(ask({ messages: 7 }))
    expect(await wrong.json()).toMatchObject({ error: { kind: 'bad-request', param: 'messages' } })
    const wide = await internet.fetch(
      new Request(`${origin}/pictures`, {
        method: 'POST',
        headers: { authorization: 'Bearer mock' },
        body: '{"prompt":"x","width":65}',
      }),
    )
    expect(await wide.json()).toEqual({
      error: { kind: 'bad-request', message: 'Too wide', param: 'width' },
    })
    const long = await internet.fetch(ask(says('word '.repeat(20_000))))
    expect(await long.json()).toEqual({ error: { kind: 'context-length' } })
  })

  it('rejects a thought whose signature is not its own', async () => {
    const reasoning = { effort: 'low', visible: true } as const
    const first = await (
      await internet.fetch(ask({ model: 'thinker', reasoning }))
    ).json<{
      candidates: { content: { type: string; text: string; signature: { value: string } }[] }[]
    }>()
    const content = first.candidates[0]?.content ?? []
    const [thought] = content
    expect(thought?.signature.value.length).toBeGreaterThan(100)
    const turn = (parts: object[]) =>
      internet.fetch(
        ask({
          model: 'thinker',
          messages: JSON.parse(
            JSON.stringify([
              { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
              { role: 'assistant', content: parts },
              { role: 'user', content: [{ type: 'text', text: 'And?' }] },
            ]),
          ),
        }),
      )
    expect((await turn(content)).status).toBe(200)
    const changed = await turn([{ ...thought, text: `${thought?.text} not` }])
    expect(await changed.json()).toMatchObject({
      error: { message: 'The signature at 1.0 is not ours' },
    })
  })
})

describe('garbage in a stream of named events', () => {
  it('has a name too, so that no client skips it', async () => {
    const call = { scenario: 'garbage' } as const
    const named = new Response('event: start\ndata: {}\n\n', {
      headers: { 'content-type': 'text/event-stream' },
    })
    const spoilt = await spoil(named, call)
    const text = spoilt instanceof Response ? await spoilt.text() : ''
    expect(parseEvents(text).map(({ event }) => event)).toEqual(['start', 'start'])
  })
})

describe('a scenario', () => {
  it.each(Object.entries(refusals))(
    '%s is refused as the vendor refuses',
    async (name, failure) => {
      for (const response of [await answer(`mock-${name}`), await drawing(`mock-${name}:x`)]) {
        expect(response.ok).toBe(false)
        expect(await response.json()).toEqual({ error: failure })
      }
    },
  )

  it('flaky fails every other time, in each scope', async () => {
    const ask5 = async (key: string) => {
      const statuses = []
      for (let time = 0; time < 4; time++) statuses.push((await answer(key)).status)
      return statuses
    }
    expect(await ask5('mock-flaky:a')).toEqual([503, 200, 503, 200])
    expect(await ask5('mock-flaky:b')).toEqual([503, 200, 503, 200])
  })

  it('timeout answers after ten minutes, with the vendor’s own error', async () => {
    const before = clock.now()
    expect((await answer('mock-timeout')).status).toBe(504)
    expect(clock.now() - before).toBe(600_000)
  })

  it('slow is late, and then paced', async () => {
    clock.slept.length = 0
    const text = await (await answer('mock-slow', true)).text()
    expect(parseEvents(text).length).toBeGreaterThan(5)
    const [head, ...pauses] = clock.slept.filter((pause) => pause > 0)
    expect(head).toBe(2000)
    expect(new Set(pauses)).toEqual(new Set([100]))
  })

  it('cut breaks in the middle, of a stream and of a whole body', async () => {
    for (const response of [
      await answer('mock-cut', true),
      await answer('mock-cut'),
      await drawing('mock-cut'),
    ]) {
      expect(response.status).toBe(200)
      const whole = response.headers.get('content-type')?.includes('json')
      const { received, broke } = await receive(response)
      expect(broke).toBe(true)
      expect(received.length).toBeGreaterThan(0)
      if (whole === true) expect(() => JSON.parse(received)).toThrow(SyntaxError)
      expect(received).not.toContain('"type":"end"')
    }
  })

  it('error-in-stream ends a stream in the vendor’s event, and fails elsewhere', async () => {
    const events = parseEvents(await (await answer('mock-error-in-stream', true)).text())
    expect(events.at(-1)?.event).toBe('error')
    expect(events.length).toBeGreaterThan(1)
    expect(events.some(({ data }) => data.includes('"type":"end"'))).toBe(false)
    expect((await answer('mock-error-in-stream')).status).toBe(500)
    expect((await drawing('mock-error-in-stream')).status).toBe(500)
  })

  it('garbage is no reply, though its status says so', async () => {
    const whole = await answer('mock-garbage')
    expect(whole.status).toBe(200)
    await expect(whole.json()).rejects.toThrow(SyntaxError)
    const last = parseEvents(await (await answer('mock-garbage', true)).text()).at(-1)
    expect(() => JSON.parse(last?.data ?? '')).toThrow(SyntaxError)
    const bytes = new Uint8Array(await (await drawing('mock-garbage')).arrayBuffer())
    expect(bytes[0]).not.toBe(0x89)
  })

  it('not-json is a page and empty is nothing, both with status 200', async () => {
    const page = await answer('mock-not-json')
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(await page.text()).toContain('<html>')
    const empty = await answer('mock-empty')
    expect([empty.status, await empty.text()]).toEqual([200, ''])
  })

  it('is described, every one', () => {
    for (const name of scenarioNames) expect(scenarios[name].length).toBeGreaterThan(10)
  })
})

async function receive(response: Response): Promise<{ received: string; broke: boolean }> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let received = ''
  try {
    for (;;) {
      const next = await reader?.read()
      if (next?.value === undefined) return { received, broke: false }
      received += decoder.decode(next.value, { stream: true })
    }
  } catch {
    return { received, broke: true }
  }
}

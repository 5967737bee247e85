import { describe, expect, it } from 'vitest'
import { gather, textOf, utf8 } from '#core/bytes'
import { parseEvents } from '#protocols/sse'
import { createInternet } from '#mock/internet'
import { createJournal } from '#mock/journal'
import { synthesize } from '#mock/media/index'
import {
  ask,
  chatRequest,
  fold,
  host,
  origin,
  plainProvider,
  textOfReply,
} from '../kit/mock-provider.ts'

const internet = createInternet([plainProvider()])
const headers = { authorization: 'Bearer mock', 'content-type': 'application/json' }
const post = { method: 'POST', url: `${origin}/chat`, headers }
const body = (changes: object = {}) => JSON.stringify({ ...chatRequest(), ...changes })

describe('the mock internet', () => {
  it('knows its hosts, those of delivered files included', async () => {
    expect(internet.hosts).toEqual([host, 'files.plain.test'])
    expect(await (await internet.fetch(new Request('https://files.plain.test/a'))).text()).toBe(
      'a file',
    )
  })

  it('says which host it does not know', async () => {
    await expect(internet.fetch(new Request('https://elsewhere.test/'))).rejects.toThrow(
      'No mock answers for elsewhere.test',
    )
    await expect(
      internet.send({ method: 'GET', url: 'https://elsewhere.test/', headers: {} }),
    ).rejects.toMatchObject({ kind: 'upstream' })
  })

  it('sends plain data and answers with plain data', async () => {
    const response = await internet.send({ ...post, body: body() })
    expect(response.status).toBe(200)
    expect(response.header('Content-Type')).toContain('json')
    expect([...response.headers()].map(([name]) => name)).toContain('request-id')
    expect(textOfReply(JSON.parse(await response.text()))).toContain('Hello there')
  })

  it('takes bytes, streams and forms as bodies', async () => {
    const bytes = utf8.encode(body())
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 10))
        controller.enqueue(bytes.slice(10))
        controller.close()
      },
    })
    expect((await internet.send({ ...post, body: bytes })).status).toBe(200)
    expect((await internet.send({ ...post, body: stream })).status).toBe(200)
    const form = new FormData()
    const sound = await gather(synthesize({ text: 'a', seconds: 2, format: 'wav' }))
    form.set('file', new File([new Uint8Array(sound)], 'a.wav', { type: 'audio/wav' }))
    const heard = await internet.send({
      method: 'POST',
      url: `${origin}/transcripts`,
      headers: { authorization: 'Bearer mock' },
      body: form,
    })
    expect(JSON.parse(await heard.text())).toMatchObject({ seconds: 2, language: 'en' })
  })

  it('streams a reply in many chunks that make up the whole one', async () => {
    const response = await internet.send({ ...post, body: body({ stream: true }) })
    const chunks: string[] = []
    for await (const chunk of response.body) chunks.push(textOf(chunk))
    expect(chunks.length).toBeGreaterThan(10)
    const events = parseEvents(chunks.join('')).map(({ data }) => JSON.parse(data))
    const whole = await (
      await internet.fetch(ask())
    ).json<{ candidates: unknown; usage: unknown }>()
    const { candidates, usage } = fold(events)
    expect({ candidates, usage }).toEqual({ candidates: whole.candidates, usage: whole.usage })
  })

  it('streams one growing array where that is asked for', async () => {
    const response = await internet.fetch(ask({ stream: true }, 'mock', '/chat/array'))
    expect(response.headers.get('content-type')).toContain('json')
    const events = await response.json<{ type: string }[]>()
    expect(events.at(-1)?.type).toBe('end')
  })

  it('makes nothing before it is asked for', async () => {
    let made = 0
    const slow = createInternet([
      {
        ...plainProvider(),
        mock: {
          fetch: () =>
            new Response(
              new ReadableStream(
                {
                  pull(controller) {
                    made++
                    controller.enqueue(utf8.encode('x'))
                  },
                },
                { highWaterMark: 0 },
              ),
            ),
        },
      },
    ])
    const response = await slow.send({ ...post, body: body() })
    const reader = response.body[Symbol.asyncIterator]()
    await reader.next()
    await reader.next()
    expect(made).toBeLessThanOrEqual(3)
    await reader.return?.()
  })
})

describe('a caller who leaves', () => {
  it('is told at once, before the head', async () => {
    const gone = new AbortController()
    const sent = internet.send({
      ...post,
      headers: { ...headers, authorization: 'Bearer mock-timeout' },
      body: body(),
      signal: gone.signal,
    })
    setTimeout(() => gone.abort(), 5)
    await expect(sent).rejects.toMatchObject({ kind: 'cancelled' })
    await expect(
      internet.send({ ...post, body: body(), signal: gone.signal }),
    ).rejects.toMatchObject({
      kind: 'cancelled',
    })
  })

  it('is told at once in the middle of the body, and the body is let go', async () => {
    const gone = new AbortController()
    let released = false
    const endless = createInternet([
      {
        ...plainProvider(),
        mock: {
          fetch: () =>
            new Response(
              new ReadableStream({
                start(controller) {
                  controller.enqueue(utf8.encode('x'))
                },
                cancel() {
                  released = true
                },
              }),
            ),
        },
      },
    ])
    const response = await endless.send({ ...post, body: body(), signal: gone.signal })
    const before = Date.now()
    await expect(
      (async () => {
        for await (const _ of response.body) setTimeout(() => gone.abort(), 5)
      })(),
    ).rejects.toMatchObject({ kind: 'cancelled' })
    expect(Date.now() - before).toBeLessThan(1000)
    expect(released).toBe(true)
  })

  it('ends a paced stream of a mock', async () => {
    const paced = createInternet([plainProvider()], {
      pace: { first: 0, between: 60_000, words: 1, jitter: 0 },
    })
    const gone = new AbortController()
    const response = await paced.send({
      ...post,
      body: body({ stream: true }),
      signal: gone.signal,
    })
    setTimeout(() => gone.abort(), 5)
    await expect(
      (async () => {
        for await (const _ of response.body) continue
      })(),
    ).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('may let go of a body without reading it', async () => {
    const journal = createJournal()
    const watched = createInternet([plainProvider()], { journal })
    const response = await watched.send({ ...post, body: body({ stream: true }) })
    expect(journal.last()?.delivery).toBe('open')
    await response.discard()
    expect(journal.last()?.delivery).toBe('left')
  })
})

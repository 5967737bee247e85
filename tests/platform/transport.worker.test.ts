import { afterEach, describe, expect, it, vi } from 'vitest'
import { gather } from '#core/bytes'
import { createTransport } from '../../src/platform/cloudflare/transport.ts'

const transport = createTransport({ firstByte: 100, idle: 100, limit: 1000 })
const send = (signal?: AbortSignal) =>
  transport({
    method: 'GET',
    url: 'https://a.example/',
    headers: {},
    ...(signal === undefined ? {} : { signal }),
  })

afterEach(() => vi.unstubAllGlobals())

/** Answers as the runtime's fetch would, its signal included. */
function answering(answer: (signal: AbortSignal) => Promise<Response>): void {
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) =>
    Promise.race([
      answer(signal),
      new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ]),
  )
}

/** A body of one chunk that never ends, unless it is aborted. */
const stalling = (signal: AbortSignal): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([1]))
      signal.addEventListener('abort', () => controller.error(signal.reason))
    },
  })

describe('the network on Workers', () => {
  it('reads a reply, whole or as it comes', async () => {
    answering(
      async () => new Response('hello', { headers: { 'x-one': '1', 'content-length': '5' } }),
    )
    const reply = await send()
    expect([reply.status, reply.header('x-one'), reply.header('none'), await reply.text()]).toEqual(
      [200, '1', undefined, 'hello'],
    )
    expect(await gather((await send()).body)).toHaveLength(5)
  })

  it('names a provider that does not begin to answer', async () => {
    answering(() => new Promise(() => undefined))
    await expect(send()).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/begin/),
    })
  })

  it('names a provider that stops answering', async () => {
    answering(async (signal) => new Response(stalling(signal)))
    await expect(gather((await send()).body)).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/stopped/),
    })
  })

  it('names a connection that fails', async () => {
    answering(() => Promise.reject(new TypeError('Network connection lost.')))
    await expect(send()).rejects.toMatchObject({ kind: 'upstream' })
  })

  it('bounds what it reads whole, declared or not', async () => {
    answering(async () => new Response('x'.repeat(1001)))
    await expect((await send()).text()).rejects.toThrow(/larger than the 1000 bytes/)
    answering(async () => new Response('x'.repeat(1001), { headers: { 'content-length': '1001' } }))
    await expect((await send()).text()).rejects.toThrow(/larger than the 1000 bytes/)
  })

  it('ends at once when it is cancelled', async () => {
    answering(() => new Promise(() => undefined))
    const controller = new AbortController()
    const waiting = send(controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

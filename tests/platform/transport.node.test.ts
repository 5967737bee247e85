import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gather, textOf } from '#core/bytes'
import { createTransports, type LocalTransports } from '../../src/platform/local/transport.ts'
import { startUpstream, type Upstream } from '../kit/servers.ts'

let upstream: Upstream
let transports: LocalTransports

beforeAll(async () => {
  upstream = await startUpstream((request, reply) => {
    const path = request.url ?? ''
    if (path === '/silent') return
    if (path === '/stalls') reply.writeHead(200).write('one')
    else if (path === '/big') reply.writeHead(200).end('x'.repeat(2000))
    else if (path === '/resets') reply.socket?.resetAndDestroy()
    else if (path === '/cut') {
      reply.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => reply.destroy(), 20)
    } else if (path === '/redirect') reply.writeHead(302, { location: '/echo' }).end()
    else {
      reply.setHeader('x-many', ['a', 'b'])
      reply.end(
        JSON.stringify({
          method: request.method,
          type: request.headers['content-type'],
          body: upstream.requests.at(-1)?.body,
        }),
      )
    }
  })
  transports = createTransports({ connect: 500, firstByte: 300, idle: 300, limit: 1000 })
})
afterAll(async () => {
  await transports.close()
  await upstream.close()
})

const send = (path: string, more: object = {}) =>
  transports.send({ method: 'GET', url: `${upstream.url}${path}`, headers: {}, ...more })

describe('the network on Node', () => {
  it('sends what it is given and reads what comes', async () => {
    const reply = await send('/echo', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
    })
    expect([
      reply.status,
      reply.header('x-many'),
      [...reply.headers()].filter(([name]) => name === 'x-many'),
    ]).toEqual([
      200,
      'a, b',
      [
        ['x-many', 'a'],
        ['x-many', 'b'],
      ],
    ])
    expect(JSON.parse(await reply.text())).toEqual({
      method: 'POST',
      type: 'text/plain',
      body: 'hello',
    })
  })

  it('writes forms and streams', async () => {
    const form = new FormData()
    form.append('a', '1')
    form.append('file', new File(['bytes'], 'f.txt', { type: 'text/plain' }))
    const written = JSON.parse(await (await send('/echo', { method: 'POST', body: form })).text())
    expect(written.type).toMatch(/^multipart\/form-data; boundary=/)
    expect(written.body).toContain('name="file"; filename="f.txt"')
    const stream = new Blob(['one', 'two']).stream()
    const streamed = await send('/echo', { method: 'POST', body: stream })
    expect(JSON.parse(await streamed.text()).body).toBe('onetwo')
  })

  it('reads a body as it comes', async () => {
    const { body } = await send('/echo')
    expect(textOf(await gather(body))).toContain('"method":"GET"')
  })

  it('does not follow redirects', async () => {
    expect((await send('/redirect')).status).toBe(302)
  })

  it.each([
    ['/silent', 'timeout', /did not begin to answer/],
    ['/resets', 'upstream', /broke the connection/],
  ])('names what failed before an answer: %s', async (path, kind, message) => {
    await expect(send(path)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['/stalls', 'timeout', /stopped answering/],
    ['/cut', 'upstream', /broke the connection/],
    ['/big', 'upstream', /larger than the 1000 bytes/],
  ])('names what failed in an answer: %s', async (path, kind, message) => {
    const reply = await send(path)
    await expect(reply.text()).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    })
  })

  it('names a refused connection', async () => {
    const request = { method: 'GET', url: 'http://127.0.0.1:1/', headers: {} }
    await expect(transports.send(request)).rejects.toMatchObject({
      kind: 'upstream',
      message: 'The provider refused the connection',
      details: { code: 'ECONNREFUSED' },
    })
  })

  it('ends at once when it is cancelled: before, during and after the head', async () => {
    const before = new AbortController()
    before.abort()
    await expect(send('/echo', { signal: before.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    const during = new AbortController()
    const waiting = send('/silent', { signal: during.signal })
    setTimeout(() => during.abort(), 30)
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' })
    const after = new AbortController()
    const reply = await send('/stalls', { signal: after.signal })
    setTimeout(() => after.abort(), 30)
    await expect(gather(reply.body)).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('does not reach private addresses for strangers, whatever a name resolves to', async () => {
    const url = upstream.url.replace('127.0.0.1', 'localhost')
    await expect(transports.sendPublic({ method: 'GET', url, headers: {} })).rejects.toMatchObject({
      message: 'The URL of a file must lead to a public host',
    })
  })
})

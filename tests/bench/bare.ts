// The yardstick on Node: the simplest proxy Hono and undici make. It knows no protocol and checks nothing.

import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Readable } from 'node:stream'
import { Agent, request } from 'undici'

const upstream = process.env['UPSTREAM'] ?? ''
const dispatcher = new Agent()

const app = new Hono().post('*', async (c) => {
  const type = c.req.header('content-type') ?? ''
  const { body: upload } = type.startsWith('multipart/') ? c.req.raw : { body: null }
  const reply = await request(upstream + c.req.path, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': type, authorization: 'Bearer bench', 'x-api-key': 'bench' },
    body: upload === null ? await c.req.text() : Readable.from(upload),
  })
  const contentType = String(reply.headers['content-type'])
  const length = Number(reply.headers['content-length'] ?? Infinity)
  const headers = { 'content-type': contentType }
  return length < 65_536
    ? new Response(await reply.body.text(), { status: reply.statusCode, headers })
    : new Response(Readable.toWeb(reply.body), { status: reply.statusCode, headers })
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) })

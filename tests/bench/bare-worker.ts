// The yardstick on workerd: the simplest proxy Hono and fetch make.

import { Hono } from 'hono'

const app = new Hono<{ Bindings: { UPSTREAM: string } }>().post('*', async (c) => {
  const type = c.req.header('content-type') ?? ''
  const reply = await fetch(c.env.UPSTREAM + c.req.path, {
    method: 'POST',
    headers: { 'content-type': type, authorization: 'Bearer bench', 'x-api-key': 'bench' },
    body: type.startsWith('multipart/') ? c.req.raw.body : await c.req.text(),
  })
  return new Response(reply.body, {
    status: reply.status,
    headers: { 'content-type': reply.headers.get('content-type') ?? '' },
  })
})

export default app

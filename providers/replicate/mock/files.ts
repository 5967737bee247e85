import type { Hono } from 'hono'
import type { FileObject } from 'replicate'
import { GatewayError, parseJson, remember, isObject, type MockEnv } from '#kit'

interface StoredFile {
  file: FileObject
  bytes: Uint8Array
}

/** Uploads are kept for a day. */
const keptMs = 24 * 60 * 60 * 1000
const base = 'https://api.replicate.com/v1/files'

export const files = remember<StoredFile>()
const lists = remember<string[]>()

/** `/v1/files`: upload, list, get and delete. */
export function addFiles(mock: Hono<MockEnv>): void {
  mock.post('/v1/files', async (c) => {
    const form = await c.req.formData()
    const content = form.get('content')
    if (!(content instanceof Blob))
      throw new GatewayError('invalid_request', 'content is required', { param: '' })
    const { requestId, scope, world } = c.var.call
    const bytes = new Uint8Array(await content.arrayBuffer())
    const metadata = form.get('metadata')
    const parsed = parseJson(metadata instanceof Blob ? await metadata.text() : (metadata ?? '{}'))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const id = `${sha256.slice(0, 16)}${requestId.slice(0, 16)}`
    const file: FileObject = {
      id,
      content_type: content.type === '' ? 'application/octet-stream' : content.type,
      size: bytes.length,
      checksums: { sha256 },
      metadata: isObject(parsed) ? parsed : {},
      created_at: new Date(world.now()).toISOString(),
      expires_at: new Date(world.now() + keptMs).toISOString(),
      urls: { get: `${base}/${id}` },
    }
    files.set(id, { file, bytes })
    lists.set(scope, [id, ...(lists.get(scope) ?? [])].slice(0, 100))
    return c.json(file, 201)
  })
  mock.get('/v1/files', (c) => {
    const results = (lists.get(c.var.call.scope) ?? []).flatMap((id) => {
      const stored = files.get(id)
      return stored === undefined ? [] : [stored.file]
    })
    return c.json({ previous: null, next: null, results })
  })
  mock.get('/v1/files/:id', (c) => {
    const stored = files.get(c.req.param('id'))
    if (stored === undefined) throw new GatewayError('not_found', c.req.param('id'))
    return c.json(stored.file)
  })
  mock.delete('/v1/files/:id', (c) => {
    files.delete(c.req.param('id'))
    return c.body(null, 204)
  })
}

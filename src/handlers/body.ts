// Reading what callers send, within bounds.

import { gather, textOf } from '#core/bytes'
import { GatewayError } from '#core/error'
import { parseJson } from '#core/json'
import type { Bytes } from '#core/transport'
import type { Ctx } from './context.ts'

/** The caller's JSON, as text and as value. @throws GatewayError `too_large`, `invalid_request`. */
export async function readJson(c: Ctx): Promise<{ text: string; body: unknown }> {
  const limit = c.get('gateway').config.limits.json
  const declared = checkLength(c, limit)
  const text =
    declared === undefined ? textOf(await gather(bodyOf(c), limit)) : await c.req.raw.text()
  const body = parseJson(text)
  if (body === undefined)
    throw new GatewayError(
      'invalid_request',
      text === '' ? 'The request has no body' : 'The request body is not valid JSON',
    )
  return { text, body }
}

/** The caller's multipart form. @throws GatewayError `too_large`, `invalid_request`. */
export async function readForm(c: Ctx): Promise<FormData> {
  const limit = c.get('gateway').config.limits.upload
  const declared = checkLength(c, limit)
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('multipart/form-data'))
    throw new GatewayError(
      'invalid_request',
      `The request must be multipart/form-data, but is ${type === '' ? 'of no type' : type}`,
    )
  try {
    if (declared !== undefined) return await c.req.raw.formData()
    return await new Response(await gather(bodyOf(c), limit), {
      headers: { 'content-type': type },
    }).formData()
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('invalid_request', 'The request body is not a valid multipart form', {
      cause,
    })
  }
}

/** The declared length, `undefined` for a chunked body. */
function checkLength(c: Ctx, limit: number): number | undefined {
  const header = c.req.header('content-length')
  if (header === undefined) return undefined
  const length = Number(header)
  if (length > limit)
    throw new GatewayError(
      'too_large',
      `The request body has ${length} bytes; at most ${limit} are allowed`,
    )
  return length
}

async function* bodyOf(c: Ctx): Bytes & AsyncGenerator<Uint8Array> {
  const { body } = c.req.raw
  if (body !== null) for await (const chunk of body) yield chunk
}

// The endpoints around `POST /v1/responses`.

import { GatewayError } from '#core/error'
import { isObject, type Json, type JsonObject } from '#core/json'
import { openaiResponses } from '#protocols/openai-responses/index'
import { chat } from '../chat.ts'
import { readJson } from '../body.ts'
import type { Ctx } from '../context.ts'
import { countPrompt } from '../count-tokens.ts'
import { responseState } from './state.ts'
import { find, forget, type KeptResponse } from './store.ts'

export const createResponse = chat({ protocol: openaiResponses, state: responseState })

export async function getResponse(c: Ctx): Promise<Response> {
  if (c.req.query('stream') === 'true')
    throw new GatewayError('unsupported', 'A kept response is not streamed again', {
      param: 'stream',
    })
  return c.json((await known(c)).response)
}

export async function deleteResponse(c: Ctx): Promise<Response> {
  await known(c)
  await forget(c, idOf(c))
  return c.json({ id: idOf(c), object: 'response', deleted: true })
}

/** Only what runs in the background can be cancelled, and nothing here does. */
export async function cancelResponse(c: Ctx): Promise<Response> {
  await known(c)
  throw new GatewayError(
    'invalid_request',
    'Only responses of background requests can be cancelled',
  )
}

/** `GET /v1/responses/{id}/input_items`: newest first unless `order=asc`, 20 a page (openai 7.57, `ResponseItemList`). */
export async function listInputItems(c: Ctx): Promise<Response> {
  const { input } = await known(c)
  const items = input.map((item, index) => withId(item, `${idOf(c)}_${index}`))
  if (c.req.query('order') !== 'asc') items.reverse()
  const after = items.findIndex((item) => item['id'] === c.req.query('after'))
  const limit = Math.min(Math.max(Number(c.req.query('limit') ?? 20) || 20, 1), 100)
  const page = items.slice(after + 1, after + 1 + limit)
  return c.json({
    object: 'list',
    data: page,
    first_id: page[0]?.['id'] ?? null,
    last_id: page.at(-1)?.['id'] ?? null,
    has_more: after + 1 + limit < items.length,
  })
}

export async function countInputTokens(c: Ctx): Promise<Response> {
  const { body } = await readJson(c)
  const request = openaiResponses.request.decode(body)
  const { value, headers } = await countPrompt(c, request, openaiResponses.names)
  return c.json({ object: 'response.input_tokens', input_tokens: value }, { headers })
}

const idOf = (c: Ctx): string => c.req.param('id') ?? ''

async function known(c: Ctx): Promise<KeptResponse> {
  const kept = await find(c, idOf(c))
  if (kept === undefined)
    throw new GatewayError('not_found', `Response with id '${idOf(c)}' not found.`)
  return kept
}

/** Items as lists show them: each has an id, and messages say what they are. */
function withId(item: Json, id: string): JsonObject {
  if (!isObject(item)) return { id, value: item }
  const content = item['content']
  return {
    id: `${item['type'] === 'message' || item['type'] === undefined ? 'msg' : 'item'}_${id}`,
    ...(item['type'] === undefined ? { type: 'message' } : {}),
    ...item,
    ...(typeof content === 'string' ? { content: [{ type: 'input_text', text: content }] } : {}),
  }
}

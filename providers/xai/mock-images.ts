import type { Context, Hono } from 'hono'
import { findModel, GatewayError, isObject, picture, toBase64, type MockEnv } from '#kit'
import { imageModels } from './models.ts'

/** `/v1/images/generations` and `/v1/images/edits`: pictures of about a million pixels. */
export function mockImages(mock: Hono<MockEnv>): void {
  mock.post('/v1/images/generations', (c) => draw(c, false))
  mock.post('/v1/images/edits', (c) => draw(c, true))
}

async function draw(c: Context<MockEnv>, isEdit: boolean): Promise<Response> {
  const body: unknown = await c.req.json()
  const { model, prompt, n, aspect_ratio: ratio, image, images } = isObject(body) ? body : {}
  if (typeof model !== 'string' || typeof prompt !== 'string')
    throw new GatewayError('invalid_request', 'model and prompt must be strings')
  const { image: limits } = findModel(imageModels, model)
  if (isEdit && image === undefined && images === undefined)
    throw new GatewayError('invalid_request', 'An edit needs an image')
  const asked = typeof ratio === 'string' ? ratio : '1:1'
  if (limits?.ratios?.includes(asked) !== true)
    throw new GatewayError('invalid_request', `aspect_ratio '${asked}' is not supported`)
  const [across = 1, down = 1] = asked.split(':').map(Number)
  const side = (share: number): number => Math.round(Math.sqrt(share) * 128) * 8
  const size = { width: side(across / down), height: side(down / across) }
  const data = await Promise.all(
    Array.from({ length: typeof n === 'number' ? n : 1 }, async (_, seed) => ({
      b64_json: toBase64(
        await picture(c.var.call, {
          prompt,
          ...size,
          format: 'jpeg',
          seed: seed + (isEdit ? 99 : 0),
        }),
      ),
      revised_prompt: '',
    })),
  )
  return c.json({ data, usage: { cost_in_usd_ticks: 200_000_000 * data.length } })
}

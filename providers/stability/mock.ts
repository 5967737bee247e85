import type { Context } from 'hono'
import {
  GatewayError,
  imageFormats,
  mockApp,
  picture,
  probe,
  remember,
  toBase64,
  type ImageFormat,
  type MockCall,
  type MockEnv,
} from '#kit'
import { dialect } from './dialect.ts'
import { readForm, type Form } from './form.ts'

/** Pixels of a megapixel picture, by `aspect_ratio`. */
const sizes: Record<string, [number, number]> = {
  '21:9': [1536, 640],
  '16:9': [1344, 768],
  '3:2': [1216, 832],
  '5:4': [1088, 896],
  '1:1': [1024, 1024],
  '4:5': [896, 1088],
  '2:3': [832, 1216],
  '9:16': [768, 1344],
  '9:21': [640, 1536],
}

/** What the synchronous endpoints after `/v2beta/stable-image/` cannot do without. */
const endpoints: Record<string, readonly string[] | undefined> = {
  'generate/ultra': ['prompt'],
  'generate/core': ['prompt'],
  'generate/sd3': ['prompt'],
  'edit/inpaint': ['prompt', 'image'],
  'edit/erase': ['image'],
  'edit/outpaint': ['image'],
  'edit/search-and-replace': ['prompt', 'image', 'search_prompt'],
  'edit/search-and-recolor': ['prompt', 'image', 'select_prompt'],
  'edit/remove-background': ['image'],
  'control/sketch': ['prompt', 'image'],
  'control/structure': ['prompt', 'image'],
  'control/style': ['prompt', 'image'],
  'upscale/fast': ['image'],
  'upscale/conservative': ['prompt', 'image'],
}
const scales: Record<string, number | undefined> = {
  'upscale/fast': 4,
  'upscale/conservative': 2,
  'upscale/creative': 2,
}
const models = ['sd3.5-large', 'sd3.5-large-turbo', 'sd3.5-medium', 'sd3.5-flash']
/** How long an asynchronous upscale takes. */
const upscaleMs = 1_500
/** Results are kept for a day. */
const keptMs = 24 * 60 * 60 * 1000

interface Picture {
  bytes: Uint8Array
  format: ImageFormat
  seed: number
}

/** `api.stability.ai`: Stable Image v2beta, its asynchronous results, and the account's balance. */
export const mock = mockApp(dialect)
const results = remember<Picture & { readyAt: number }>()

mock.post('/v2beta/stable-image/upscale/creative', async (c) => {
  const form = await readForm(c, ['prompt', 'image'])
  const id = c.var.call.requestId.padEnd(64, '0')
  const picture = await draw('upscale/creative', form, c.var.call)
  results.set(`${c.var.call.scope} ${id}`, {
    ...picture,
    readyAt: c.var.call.world.now() + upscaleMs,
  })
  return c.json({ id })
})

mock.post('/v2beta/stable-image/:group/:operation', async (c) => {
  const operation = `${c.req.param('group')}/${c.req.param('operation')}`
  const wanted = endpoints[operation]
  if (wanted === undefined) throw new GatewayError('not_found', new URL(c.req.url).pathname)
  const form = await readForm(c, wanted)
  if (operation.startsWith('generate/')) checkGenerate(operation, form)
  return deliver(c, await draw(operation, form, c.var.call))
})

mock.get('/v2beta/results/:id', (c) => {
  const id = c.req.param('id')
  const result = results.get(`${c.var.call.scope} ${id}`)
  const now = c.var.call.world.now()
  if (result === undefined || now > result.readyAt + keptMs) throw new GatewayError('not_found', id)
  if (now < result.readyAt) return c.json({ id, status: 'in-progress' }, 202)
  return deliver(c, result)
})

mock.get('/v1/user/balance', (c) => c.json({ credits: 1000 }))

function checkGenerate(operation: string, form: Form): void {
  const image = form.file('image')
  form.oneOf('aspect_ratio', Object.keys(sizes))
  if (operation !== 'generate/sd3') {
    if (image !== undefined) form.need('strength')
    return
  }
  form.oneOf('model', models)
  const mode = form.oneOf('mode', ['text-to-image', 'image-to-image'])
  if (mode !== 'image-to-image') return form.refuse(['image', 'strength'], 'text-to-image')
  form.need('image')
  form.need('strength')
  form.refuse(['aspect_ratio'], 'image-to-image')
}

async function draw(operation: string, form: Form, call: MockCall): Promise<Picture> {
  const format = form.oneOf('output_format', imageFormats) ?? 'png'
  const seed = form.number('seed', 0, 4_294_967_294) ?? 0
  form.number('strength', 0, 1)
  const image = form.file('image')
  const input = image === undefined ? undefined : probe(image)
  if (image !== undefined && input?.width === undefined)
    form.fail('image: must be a jpeg, png or webp image')
  const { width = 1024, height = 1024 } = input ?? {}
  const scale = scales[operation] ?? 1
  const ratio = sizes[form.text('aspect_ratio') ?? '1:1'] ?? [1024, 1024]
  const [wide, high] = image === undefined ? ratio : [width * scale, height * scale]
  const shown = form.text('prompt') ?? operation
  const bytes = await picture(call, {
    prompt: shown,
    width: Math.min(wide, 4096),
    height: Math.min(high, 4096),
    format,
    seed,
    transparent: operation === 'edit/remove-background',
  })
  // Seed 0 asks for a random one, which a mock takes from what it was asked.
  return { bytes, format, seed: seed === 0 ? form.fingerprint : seed }
}

function deliver(c: Context<MockEnv>, { bytes, format, seed }: Picture): Response {
  const accept = c.req.header('accept') ?? '*/*'
  if (accept.includes('application/json'))
    return c.json({ image: toBase64(bytes), finish_reason: 'SUCCESS', seed })
  if (!accept.includes('image/*') && !accept.includes('*/*'))
    throw new GatewayError('invalid_request', 'must be one of image/*, application/json', {
      param: 'accept',
    })
  return c.body(new Uint8Array(bytes), 200, {
    'content-type': probe(bytes)?.mediaType ?? `image/${format}`,
    'finish-reason': 'SUCCESS',
    seed: String(seed),
  })
}

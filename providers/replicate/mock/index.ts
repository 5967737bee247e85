import type { Context } from 'hono'
import {
  GatewayError,
  isObject,
  mockApp,
  parseJson,
  remember,
  type JsonObject,
  type MockCall,
  type MockEnv,
} from '#kit'
import { imageModels } from '../catalogue.ts'
import { resolve } from '../models.ts'
import { dialect } from './dialect.ts'
import { addFiles } from './files.ts'
import { describeModel, versionOf } from './model.ts'
import { answer, doneAt, isTextModel, predictions, viewAt, type Stored } from './store.ts'

/** What a body may have besides `input` (and `version`); anything else is refused. */
const known = ['input', 'version', 'webhook', 'webhook_events_filter', 'stream']
/** The longest that `Prefer: wait` holds, in seconds; also when it names no number. */
const longestHold = 60

/** `api.replicate.com`: predictions, models, files and the account. Any `owner/name` is a model. */
export const mock = mockApp(dialect)
/** Whose a version is that the catalogue does not know. */
const unlisted = 'someone/unlisted'
/** Ids of a scope's predictions, newest first. */
const lists = remember<string[]>()

mock.post('/v1/predictions', async (c) => {
  const body = await readBody(c)
  const { version } = body
  if (typeof version !== 'string') throw invalid('version is required', '')
  const model = modelOf(version)
  if (model === undefined)
    throw new GatewayError(
      'invalid_request',
      'The specified version does not exist (or perhaps you do not have permission to use it?)',
    )
  return create(c, model, body)
})
mock.post('/v1/models/:owner/:name/predictions', async (c) =>
  create(c, named(c), await readBody(c)),
)
mock.post('/v1/deployments/:owner/:name/predictions', async (c) =>
  create(c, named(c), await readBody(c), { deployment: named(c) }),
)

mock.get('/v1/predictions', (c) => {
  const { scope, world } = c.var.call
  const results = (lists.get(scope) ?? []).flatMap((id) => {
    const stored = predictions.get(id)
    return stored === undefined ? [] : [viewAt(stored, world.now())]
  })
  return c.json({ previous: null, next: null, results })
})
mock.get('/v1/predictions/:id', (c) => c.json(viewAt(find(c), c.var.call.world.now())))
mock.post('/v1/predictions/:id/cancel', (c) => {
  const stored = find(c)
  const now = c.var.call.world.now()
  if (now < doneAt(stored)) predictions.set(stored.id, { ...stored, canceledAt: now })
  return c.json(viewAt(find(c), now))
})

mock.get('/v1/models/:owner/:name', (c) => c.json(describeModel(named(c))))
mock.get('/v1/models/:owner/:name/versions', (c) =>
  c.json({ previous: null, next: null, results: [versionOf(named(c))] }),
)
mock.get('/v1/account', (c) =>
  c.json({ type: 'organization', username: 'mimus', name: 'Mimus', github_url: null }),
)
addFiles(mock)

const named = (c: Context<MockEnv>): string =>
  `${c.req.param('owner') ?? ''}/${c.req.param('name') ?? ''}`

const invalid = (message: string, param: string): GatewayError =>
  new GatewayError('invalid_request', message, { param })

async function readBody(c: Context<MockEnv>): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  if (!isObject(body)) throw invalid('Invalid type. Expected: object', '')
  if (body['input'] === undefined) throw invalid('input is required', '')
  for (const name of Object.keys(body))
    if (!known.includes(name)) throw invalid(`Additional property ${name} is not allowed`, '')
  return body
}

/** The model of a version: a hash, `owner/name:hash` or `owner/name`. */
function modelOf(version: string): string | undefined {
  const byHash = imageModels.find(({ inputs }) => inputs.version === version)
  if (byHash !== undefined) return byHash.id
  if (/^[0-9a-f]{64}$/.test(version)) return unlisted
  return resolve(version) === undefined ? undefined : version.split(':')[0]
}

async function create(
  c: Context<MockEnv>,
  model: string,
  body: JsonObject,
  more: JsonObject = {},
): Promise<Response> {
  const { input } = body
  const { requestId, scope, world, signal } = c.var.call
  if (!isObject(input)) throw invalid('Invalid type. Expected: object', 'input')
  // SDXL has a prompt of its own for who brings none.
  if (typeof input['prompt'] !== 'string' && model !== 'stability-ai/sdxl')
    throw invalid('prompt is required', 'input')
  const { input: _, version: __, stream: ___, ...extra } = body
  const stored: Stored = {
    id: await idOf([scope, requestId, model, input]),
    model,
    version: imageModels.find(({ id }) => id === model)?.inputs.version ?? 'hidden',
    input,
    createdAt: world.now(),
    madeBy: c.var.call,
    result: await resultOf(model, input, c.var.call),
    extra: { ...extra, ...more },
  }
  predictions.set(stored.id, stored)
  lists.set(scope, [stored.id, ...(lists.get(scope) ?? [])].slice(0, 100))
  const held = heldMs(c.req.header('prefer'))
  if (held > 0) await world.sleep(Math.min(held, doneAt(stored) - world.now()), signal)
  return c.json(viewAt(stored, world.now()), 201)
}

async function resultOf(
  model: string,
  input: JsonObject,
  call: MockCall,
): Promise<Stored['result']> {
  if (isTextModel(model)) return { words: await answer(model, input, call) }
  const count = input['num_outputs']
  return { pictures: typeof count === 'number' ? Math.max(1, Math.min(count, 4)) : 1 }
}

/** `wait` or `wait=<seconds>`. */
function heldMs(prefer: string | undefined): number {
  const [found, seconds = longestHold] = /^wait(?:=(\d+))?$/.exec(prefer ?? '') ?? []
  return found === undefined ? 0 : Math.min(Number(seconds), longestHold) * 1000
}

async function idOf(facts: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(facts))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest]
    .map((byte) => (byte & 31).toString(32))
    .join('')
    .slice(0, 26)
}

function find(c: Context<MockEnv>): Stored {
  const id = c.req.param('id') ?? ''
  const stored = predictions.get(id)
  if (stored === undefined) throw new GatewayError('not_found', id)
  return stored
}

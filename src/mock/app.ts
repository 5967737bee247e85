// A provider's mock server: keys, scenarios, scripts, request ids and refusals, written once for all vendors.

import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { GatewayError } from '#core/error'
import { defined } from '#core/json'
import { digits } from './chance.ts'
import { isChat } from './chat.ts'
import { deliver, pausesOf } from './deliver.ts'
import type { MockDialect, MockFailure } from './dialect.ts'
import { failureOf } from './failure.ts'
import { hide, maskHeaders, readBody } from './journal.ts'
import { play, spoil } from './play.ts'
import { readKey } from './scenario.ts'
import { mediaModel, mediaText } from './script/match.ts'
import { outright, scriptFor } from './scripted.ts'
import { countUp, worldOf, type MockCall, type MockEnv } from './world.ts'

/**
 * A Hono app that behaves as this vendor does before and after any route: a request without a key is
 * refused, the key's scenario is played, every reply has a request id, and a `GatewayError` thrown by
 * a route leaves as the vendor's own error.
 *
 * A `not_found` becomes `{ kind: 'not-found', what }` with the error's message as `what`: throw it
 * with the bare name of what is missing. For a path nobody serves, `what` is the path (it begins with `/`).
 */
export function mockApp(dialect: MockDialect): Hono<MockEnv> {
  const app = new Hono<MockEnv>()
  app.use(entrance(dialect))
  app.onError((error, c) => {
    const { entry, requestId } = c.var.call
    if (entry !== undefined && error instanceof GatewayError && error.kind === 'cancelled')
      entry.delivery = 'left'
    return dialect.refuse(failureOf(error), requestId)
  })
  app.notFound((c) => dialect.refuse({ kind: 'not-found', what: pathOf(c) }, c.var.call.requestId))
  return app
}

const pathOf = (c: Context<MockEnv>): string => new URL(c.req.url).pathname

const entrance = (dialect: MockDialect): MiddlewareHandler<MockEnv> =>
  async function enter(c, next) {
    const key = dialect.keyOf(c.req.raw) ?? ''
    const call = callOf(c, key)
    c.set('call', call)
    const body = await noted(c, call)
    const early =
      key === '' ? ({ kind: 'no-key' } as const) : ((await play(call)) ?? (await script(c, body)))
    if (early === undefined) await next()
    else c.res = responseOf(early)
    if (c.res.ok) {
      addHeaders(c, dialect.headers(call.requestId))
      c.res = responseOf(await spoil(c.res, call))
    }
    const pause = pausesOf(call)
    await call.world.sleep(pause(call.pace.first), call.signal)
    c.res = deliver(c.res, call, pause)

    function responseOf(answer: MockFailure | Response): Response {
      return answer instanceof Response ? answer : dialect.refuse(answer, call.requestId)
    }
  }

function callOf(c: Context<MockEnv>, key: string): MockCall {
  const world = worldOf(c.env)
  const { scenario, scope } = readKey(key)
  const count = countUp(world.memory, scope, 'calls')
  const requestId = digits(`${count} ${scope} ${c.req.method} ${c.req.url}`)
  return { requestId, key, scenario, scope, world, pace: world.pace, signal: c.req.raw.signal }
}

/** The body, where somebody will look at it: for the journal, for scripts of media. The route reads its own. */
async function noted(c: Context<MockEnv>, call: MockCall): Promise<unknown> {
  const { journal, scripts, provider } = call.world
  if (journal === undefined && scripts === undefined) return undefined
  const body = await readBody(c.req.raw.clone())
  if (journal === undefined) return body
  const { key, requestId, scope, scenario } = call
  call.entry = {
    at: call.world.now(),
    requestId,
    scope,
    scenario,
    ...defined({ provider }),
    method: c.req.method,
    path: pathOf(c),
    url: hide(c.req.url, key),
    headers: maskHeaders(c.req.raw.headers, key),
    body,
    delivery: 'open',
  }
  journal.record(call.entry)
  return body
}

/** What a script answers to anything but chat: chat routes ask for themselves, since they understand the request. */
async function script(
  c: Context<MockEnv>,
  body: unknown,
): Promise<MockFailure | Response | undefined> {
  const handlers = matchedRoutes(c).map(({ handler }) => handler)
  if (c.var.call.world.scripts === undefined || isChat(handlers)) return undefined
  const path = pathOf(c)
  const model = mediaModel(body, path)
  const { method } = c.req
  const facts = { method, path, body, text: mediaText(body), ...defined({ model }) }
  const answer = await scriptFor(c.var.call, facts)
  return answer === undefined ? undefined : outright(answer)
}

function addHeaders(c: Context<MockEnv>, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers))
    if (!c.res.headers.has(name)) c.res.headers.set(name, value)
}

import { encodeSse, GatewayError, mockApp, toReadable, utf8, type MockCall } from '#kit'
import { openDialect } from './dialect.ts'
import { doneAt, isExpired, predictions, tokens, type Stored } from './store.ts'

/** `stream.replicate.com`: what a text model says, as it says it. */
export const streamMock = mockApp(openDialect)

streamMock.get('/v1/predictions/:id', (c) => {
  const { id } = c.req.param()
  const stored = predictions.get(id)
  if (stored === undefined || isExpired(stored, c.var.call.world.now()))
    throw new GatewayError('not_found', id)
  return c.body(toReadable(events(stored, c.var.call)), 200, {
    'content-type': 'text/event-stream',
  })
})

async function* events(stored: Stored, { world, signal }: MockCall) {
  const time = Math.floor(stored.createdAt / 1000)
  const words = 'words' in stored.result ? tokens(stored.result.words) : []
  let index = 0
  const event = (name: string, data: string): Uint8Array =>
    utf8.encode(encodeSse({ event: name, id: `${time}:${index++}`, data }))
  for (const word of words) yield event('output', word)
  // The prediction is done when its stream is.
  const left = doneAt(stored) - world.now()
  if (left > 0 && stored.canceledAt === undefined) await world.sleep(left, signal)
  const isCanceled = predictions.get(stored.id)?.canceledAt !== undefined
  yield event('done', isCanceled ? '{"reason":"canceled"}' : '{}')
}

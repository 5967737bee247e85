// Images: generated, edited, varied.

import { encodeTexts } from '#core/bytes'
import { commit } from '#core/commit'
import { fitImage, type FittedImage } from '#core/fit'
import { defined } from '#core/json'
import type { ImageEvent, ImageRequest, ImageStream, MediaUsage } from '#core/media'
import type { Call } from '#core/provider'
import {
  decodeImageForm,
  decodeImageRequest,
  encodeImageReply,
  encodeImageStream,
  type ImageOrder,
} from '#protocols/openai-images/index'
import type { Target } from '../routing/registry.ts'
import { readForm, readJson } from './body.ts'
import type { Ctx } from './context.ts'
import { begin, perform } from './exchange.ts'
import { store } from './files.ts'
import { addUsage, reportExtra, run, seconds } from './media.ts'
import { pump } from './stream.ts'

/** The alias that serves requests of old clients, which name no model. */
const fallbackModel = 'image'

export const image = (operation: ImageRequest['operation']) =>
  async function image(c: Ctx): Promise<Response> {
    const order = await readOrder(c, operation)
    const { request, strict } = order
    const exchange = begin(c)
    const model = operation === 'variation' ? variationModel(c, request.model) : request.model
    const { value, headers } = await perform(
      c,
      { modality: 'image', model, exchange, strict },
      (target, call, lose) => {
        if (model !== request.model)
          lose('model', `${request.model} is gone; ${target.name} makes the variation instead`)
        reportExtra(request, 'image', target, lose)
        const fitted = fitImage(request, call.model, lose)
        return commit(several(c, target, fitted, call), ({ type }) => type !== 'end')
      },
    )
    const events = delivered(c, order, value)
    const created = seconds(c)
    const pieces = request.stream
      ? encodeTexts(encodeImageStream(events, { request, created }))
      : encodeImageReply(events, { created })
    const contentType = request.stream ? 'text/event-stream; charset=utf-8' : 'application/json'
    // A JSON reply that breaks half way has no place for an error: the connection must break with it.
    const body = pump(pieces, { exchange, failure: () => undefined })
    return new Response(body, { headers: { ...headers, 'content-type': contentType } })
  }

/** Successors of the model that made variations make none: they come from whoever does. */
function variationModel(c: Ctx, name: string): string {
  const { targets, notes } = c.get('gateway').registry.resolve(name, 'image')
  const isServed = targets.some(
    ({ model }) => model.image?.operations.includes('variation') === true,
  )
  return isServed || notes.length === 0 ? name : fallbackModel
}

async function readOrder(c: Ctx, operation: ImageRequest['operation']): Promise<ImageOrder> {
  const isForm = c.req.header('content-type')?.startsWith('multipart/') === true
  return isForm || operation === 'variation'
    ? decodeImageForm(await readForm(c), operation, fallbackModel)
    : decodeImageRequest((await readJson(c)).body, operation, fallbackModel)
}

/**
 * The images of all the calls a count takes, in order. The calls run side by side, a few at a time: a
 * Worker has six connections. One that fails ends the others.
 */
async function* several(c: Ctx, target: Target, fitted: FittedImage, call: Call): ImageStream {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  call.signal.addEventListener('abort', stop, { once: true })
  const own: Call = {
    ...call,
    signal: abort.signal,
    send: (request) => call.send({ signal: abort.signal, ...request }),
  }
  const start = ({ count, seed }: Part): Promise<ImageStream> => {
    const running = run(c, 'image', target, { ...fitted.request, count, ...defined({ seed }) }, own)
    // It is awaited later; until then a failure is not unhandled.
    running.catch(() => undefined)
    return running
  }
  const parts = partsOf(fitted, target)
  const running = parts.slice(0, sideBySide).map(start)
  const waiting = parts.slice(sideBySide)
  let usage: MediaUsage = {}
  let details: Extract<ImageEvent, { type: 'end' }>['details']
  try {
    for (let next = running.shift(); next !== undefined; next = running.shift()) {
      for await (const event of await next) {
        if (event.type !== 'end') yield event
        else {
          usage = addUsage(usage, event.usage)
          details ??= event.details
        }
      }
      const part = waiting.shift()
      if (part !== undefined) running.push(start(part))
    }
    yield { type: 'end', usage, ...(details === undefined ? {} : { details }) }
  } finally {
    abort.abort()
    call.signal.removeEventListener('abort', stop)
  }
}

const sideBySide = 4

/** What one of several calls asks for. */
interface Part {
  count: number
  seed: number | undefined
}

/**
 * The same seed would draw the same image in each call, so every call but the first has its own.
 * Mocks are as constant without a seed as with one; vendors choose another each time.
 */
function partsOf({ request: { seed }, counts }: FittedImage, target: Target): Part[] {
  const takesSeed = target.model.image?.takes.includes('seed') === true
  const base = seed ?? (target.mocked && takesSeed ? 0 : undefined)
  return counts.map((count, index) => ({
    count,
    seed: index === 0 || base === undefined ? seed : base + index,
  }))
}

/** The images as the caller wants them: as links of ours, or as bytes wherever they are. */
async function* delivered(c: Ctx, order: ImageOrder, events: ImageStream): ImageStream {
  const { fetchAsset } = c.get('gateway')
  for await (const event of events) {
    if (event.type === 'image' && order.deliver === 'url') {
      const { url } = await store(c, event.asset)
      yield { ...event, asset: { mediaType: event.asset.mediaType, body: { url } } }
    } else if (event.type !== 'end' && 'url' in event.asset.body) {
      const { mediaType, stream } = await fetchAsset(event.asset, c.req.raw.signal)
      yield { ...event, asset: { mediaType, body: { stream } } }
    } else yield event
  }
}

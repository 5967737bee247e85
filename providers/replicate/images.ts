import {
  GatewayError,
  isObject,
  parseDataUrl,
  fromBase64,
  type Asset,
  type Deferred,
  type ImageStream,
  type Json,
  type JobState,
} from '#kit'
import { imageInput } from './image-input.ts'
import { imageModels } from './catalogue.ts'
import { cancelJob, jobUrl, placeOf, readJob } from './prediction.ts'

/** How long Replicate holds the first answer for a picture that is soon done; 60 is the most. */
const holdSeconds = 60
const pollAfterMs = 1_000

/** Pictures as predictions. The ticket is `{ id }`. */
export const images: Deferred<'image'> = {
  /** `input`: a model's own inputs by name. */
  carries: (_, field) => field === 'input',
  async start(request, call) {
    const inputs = imageModels.find(({ id }) => id === call.model.id)?.inputs ?? {}
    const place = placeOf(call.model.id, inputs.version)
    const response = await call.send({
      method: 'POST',
      url: call.origin + place.path,
      headers: { 'content-type': 'application/json', prefer: `wait=${holdSeconds}` },
      body: JSON.stringify({ ...place.body, input: await imageInput(request, inputs, call) }),
    })
    return stateOf(await response.text())
  },
  async poll(ticket, call) {
    const url = jobUrl(idOf(ticket), call)
    const response = await call.send({ method: 'GET', url, headers: {} })
    return stateOf(await response.text())
  },
  async cancel(ticket, call) {
    await cancelJob(idOf(ticket), call)
  },
}

function idOf(ticket: Json): string {
  if (isObject(ticket) && typeof ticket['id'] === 'string') return ticket['id']
  throw new GatewayError('internal', 'The ticket is not one of Replicate')
}

function stateOf(text: string): JobState<'image'> {
  const { id, state, output } = readJob(text)
  if (state === 'pending') return { status: 'pending', ticket: { id }, pollAfterMs }
  const urls = (Array.isArray(output) ? output : [output]).filter((url) => typeof url === 'string')
  if (urls.length === 0)
    throw new GatewayError('upstream', 'The prediction succeeded without a picture')
  return { status: 'done', result: pictures(urls) }
}

async function* pictures(urls: readonly string[]): ImageStream {
  for (const url of urls) yield { type: 'image', asset: assetOf(url) }
  yield { type: 'end', usage: { images: urls.length } }
}

const mediaTypes: Record<string, string | undefined> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
}

function assetOf(url: string): Asset {
  const inline = parseDataUrl(url)
  if (inline !== undefined)
    return { mediaType: inline.mediaType, body: { bytes: fromBase64(inline.base64) } }
  const extension = /\.(\w+)(?:[?#]|$)/.exec(url)?.[1] ?? ''
  return { mediaType: mediaTypes[extension.toLowerCase()] ?? 'image/*', body: { url } }
}

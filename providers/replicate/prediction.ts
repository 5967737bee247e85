import type { Prediction } from 'replicate'
import {
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type ErrorKind,
  type Json,
  type JsonObject,
} from '#kit'

type Status = Prediction['status']
const statuses: readonly Status[] = [
  'starting',
  'processing',
  'succeeded',
  'failed',
  'canceled',
  'aborted',
]

/** The parts of a prediction that adapters read. */
export interface Job {
  id: string
  state: 'pending' | 'done'
  output: Json
  metrics: JsonObject
  streamUrl: string | undefined
}

/** Where a model's predictions are made, and what the body says of its version. */
export function placeOf(id: string, version?: string): { path: string; body: JsonObject } {
  const [model = id, own = version] = id.split(':')
  return own === undefined
    ? { path: `/v1/models/${model}/predictions`, body: {} }
    : { path: '/v1/predictions', body: { version: own } }
}

/** The address of a prediction, made from its id: no URL of a reply is followed with the key. */
export const jobUrl = (id: string, call: Call): string =>
  `${call.origin}/v1/predictions/${encodeURIComponent(id)}`

export function cancelJob(id: string, call: Call): Promise<void> {
  const url = `${jobUrl(id, call)}/cancel`
  return call.send({ method: 'POST', url, headers: {} }).then((response) => response.discard())
}

/**
 * Reads a prediction.
 * @throws GatewayError `content_policy`, `timeout` or `upstream` for one that will not succeed, and
 * `upstream` for text that is no prediction.
 */
export function readJob(text: string): Job {
  const body = parseJson(text)
  if (!isObject(body) || typeof body['id'] !== 'string') throw garbage()
  const status = statuses.find((known) => known === body['status'])
  const urls = isObject(body['urls']) ? body['urls'] : {}
  const job: Omit<Job, 'state'> = {
    id: body['id'],
    output: body['output'] ?? null,
    metrics: isObject(body['metrics']) ? body['metrics'] : {},
    streamUrl: typeof urls['stream'] === 'string' ? urls['stream'] : undefined,
  }
  switch (status) {
    case 'starting':
    case 'processing':
      return { ...job, state: 'pending' }
    case 'succeeded':
      return { ...job, state: 'done' }
    case 'failed':
      throw failure(typeof body['error'] === 'string' ? body['error'] : '', body)
    case 'canceled':
      throw new GatewayError('upstream', 'The prediction was cancelled at Replicate', { body })
    case 'aborted':
      throw new GatewayError('timeout', 'The prediction was not begun in time', { body })
    case undefined:
      throw garbage()
    default:
      return status satisfies never
  }
}

const garbage = (): GatewayError =>
  new GatewayError('upstream', 'Replicate answered with something that is no prediction')

/**
 * Codes at the end of an error: with the fixed words of the picture filter they are all a failed
 * prediction says of its kind. E005 is how hosted models name flagged inputs and outputs, E6716 a
 * start that took too long (replicate.com/docs/reference/error-codes).
 */
const codes: Record<string, ErrorKind | undefined> = { E005: 'content_policy', E6716: 'timeout' }
const filtered = 'NSFW content detected'

export function failure(message: string, body: JsonObject): GatewayError {
  const [, code] = /\((E\d+)\)\s*$/.exec(message) ?? []
  const kind = message.startsWith(filtered) ? 'content_policy' : codes[code ?? '']
  return new GatewayError(
    kind ?? 'upstream',
    message === '' ? 'The prediction failed without saying why' : message,
    code === undefined ? { body } : { body, code },
  )
}

import {
  defined,
  GatewayError,
  isObject,
  parseJson,
  sseSplitter,
  type Call,
  type ChatEvent,
  type ChatRequest,
  type ChatStream,
  type Finish,
  type Immediate,
  type SseEvent,
  type Usage,
} from '#kit'
import { chatInput } from './chat-input.ts'
import { cancelJob, failure, jobUrl, placeOf, readJob } from './prediction.ts'

/** How long a cancellation may take once the caller has left. */
const cancelMs = 3_000

/**
 * Text models: a prediction and its event stream, for whole and streamed replies alike.
 * Tokens are counted by the prediction, which is read once more when the stream is done.
 */
export const chat: Immediate<'chat'> = {
  async run(request, call) {
    const place = placeOf(call.model.id)
    const response = await call.send({
      method: 'POST',
      url: call.origin + place.path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...place.body, input: chatInput(request, call) }),
    })
    const { id, streamUrl } = readJob(await response.text())
    if (streamUrl === undefined)
      throw new GatewayError('unsupported', `${call.model.id} does not stream`, { param: 'model' })
    return replies(id, trusted(streamUrl), request, call)
  },
}

/** The stream is on a host of Replicate's own and is asked for without the key. */
function trusted(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' }
  if (protocol === 'https:' && hostname.endsWith('.replicate.com')) return url
  throw new GatewayError('upstream', 'Replicate named a stream that is not its own')
}

async function* replies(
  id: string,
  streamUrl: string,
  request: ChatRequest,
  call: Call,
): ChatStream {
  let isDone = false
  try {
    const response = await call.send({
      method: 'GET',
      url: streamUrl,
      headers: { accept: 'text/event-stream', 'cache-control': 'no-store' },
    })
    yield [
      { type: 'start', id, model: call.model.id },
      { type: 'part-start', index: 0, part: { type: 'text', text: '' } },
    ]
    for await (const events of wireEvents(response.body)) {
      isDone = events.some(({ event }) => event === 'done')
      const deltas = events.flatMap(deltasOf)
      if (deltas.length > 0) yield deltas
      if (isDone) break
    }
    if (!isDone) throw new GatewayError('upstream', 'The reply ended before it was complete')
    const { metrics } = await job(id, call)
    const usage = usageOf(metrics)
    yield [
      { type: 'part-end', index: 0 },
      { type: 'end', finishes: [finishOf(usage, request)], usage },
    ]
  } finally {
    if (!isDone) await stop(id, call)
  }
}

async function* wireEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent[]> {
  const splitter = sseSplitter()
  for await (const chunk of body) {
    const split = splitter.push(chunk)
    if (split !== undefined) yield split.events
  }
  const rest = splitter.finish()
  if (rest !== undefined) yield rest.events
}

/** The data of `output` is bare text; that of `error` and `done` is JSON. */
function deltasOf({ event, data }: SseEvent): ChatEvent[] {
  if (event === 'output') return data === '' ? [] : [{ type: 'part-delta', index: 0, delta: data }]
  if (event === 'error') {
    const body = parseJson(data)
    const detail = isObject(body) ? body['detail'] : body
    throw failure(typeof detail === 'string' ? detail : data, isObject(body) ? body : {})
  }
  return []
}

/** @throws GatewayError what the prediction failed of. */
async function job(id: string, call: Call) {
  const response = await call.send({ method: 'GET', url: jobUrl(id, call), headers: {} })
  return readJob(await response.text())
}

function usageOf(metrics: Record<string, unknown>): Usage {
  const count = (name: string): number => {
    const value = metrics[name]
    return typeof value === 'number' ? value : 0
  }
  return { inputTokens: count('input_token_count'), outputTokens: count('output_token_count') }
}

/** Replicate does not say why a text ended. */
function finishOf({ outputTokens }: Usage, { maxOutputTokens }: ChatRequest): Finish {
  const isCut = maxOutputTokens !== undefined && outputTokens >= maxOutputTokens
  return { reason: isCut ? 'length' : 'stop' }
}

/** A prediction goes on when its stream is left, and is billed: it is stopped, as well as that goes. */
async function stop(id: string, call: Call): Promise<void> {
  const signal = AbortSignal.timeout(cancelMs)
  const send: Call['send'] = (wire) => call.send(defined({ ...wire, signal }))
  await cancelJob(id, { ...call, signal, send }).catch(() => undefined)
}

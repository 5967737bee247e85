// The official SDK as a caller, and our adapters with the mock as their network.

import OpenAI, { toFile } from 'openai'
import { expect } from 'vitest'
import { gather, toBase64 } from '#core/bytes'
import { parseJson } from '#core/json'
import type { ImageEvent } from '#core/media'
import type { Call, Modality, RequestOf, ResultOf } from '#core/provider'
import type { WireRequest } from '#core/transport'
import { drawImage, synthesize } from '#mock/media/index'
import openai from '../../providers/openai/index.ts'
import type { CallOptions } from './adapter-call.ts'
import { held } from './media-events.ts'

/** The request that the SDK makes of a call. */
export async function sentBySdk(ask: (client: OpenAI) => Promise<unknown>): Promise<Request> {
  let request: Request | undefined
  const client = new OpenAI({
    apiKey: 'mock',
    maxRetries: 0,
    fetch: async (url, init) => {
      request = new Request(url, init)
      throw new Error('Enough seen')
    },
  })
  await ask(client).catch(() => undefined)
  if (request === undefined) throw new Error('The SDK sent nothing')
  return request
}

export async function run<M extends Modality>(
  modality: M,
  request: RequestOf<M>,
  call: Call,
): Promise<ResultOf<M>> {
  const adapter = openai.adapters[modality]
  if (adapter?.run === undefined) throw new Error(`No ${modality} here`)
  return adapter.run(request, call)
}

async function fieldsOf(form: FormData): Promise<string[][]> {
  const fields = [...form.entries()].map(async ([name, value]) =>
    typeof value === 'string'
      ? [name, value]
      : [name, value.name, value.type, toBase64(new Uint8Array(await value.arrayBuffer()))],
  )
  return (await Promise.all(fields)).toSorted((left, right) =>
    left.join().localeCompare(right.join()),
  )
}

export const jsonIn = (request: WireRequest | undefined): unknown =>
  parseJson(typeof request?.body === 'string' ? request.body : '')

/** Path, headers that matter and body of two requests are the same. */
export async function expectAlike(ours: WireRequest | undefined, theirs: Request): Promise<void> {
  expect(ours?.url).toBe(theirs.url)
  expect(ours?.method).toBe(theirs.method)
  expect(ours?.headers['authorization']).toBe(theirs.headers.get('authorization'))
  if (ours?.body instanceof FormData)
    expect(await fieldsOf(ours.body)).toEqual(await fieldsOf(await theirs.formData()))
  else {
    expect(ours?.headers['content-type']).toBe(theirs.headers.get('content-type'))
    expect(jsonIn(ours)).toEqual(await theirs.json())
  }
}

export const options: CallOptions = { key: 'mock' }
export const upload = async (bytes: Uint8Array, name: string, type: string) =>
  toFile(new Blob([bytes]), name, { type })
export const png = () => drawImage({ prompt: 'input', width: 64, height: 64, format: 'png' })
export const wav = () => gather(synthesize({ text: 'hello', seconds: 2, format: 'wav' }))

export async function read(events: AsyncIterable<ImageEvent>): Promise<ImageEvent[]> {
  const seen: ImageEvent[] = []
  for await (const event of events)
    seen.push(event.type === 'end' ? event : { ...event, asset: await held(event.asset) })
  return seen
}

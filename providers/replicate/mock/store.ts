// What the mock remembers of predictions, and how each looks at a moment.

import type { Prediction } from 'replicate'
import {
  countTokens,
  remember,
  think,
  type ChatRequest,
  type ImageFormat,
  type Json,
  type JsonObject,
  type MockCall,
} from '#kit'
import { textModels } from '../models.ts'

export interface Stored {
  id: string
  model: string
  version: string
  input: JsonObject
  /** Milliseconds since the epoch. */
  createdAt: number
  canceledAt?: number
  /** The request it came from, for what a script says about it. */
  madeBy: MockCall
  /** What the model will have made in the end. */
  result: { pictures: number } | { words: string }
  extra: JsonObject
}

/** Milliseconds after its creation at which a prediction begins, and is done. */
const startsMs = 30
const endsMs = 120
/** API predictions lose their data after an hour. */
const keptMs = 60 * 60 * 1000

/** By id; ids are unguessable at Replicate, so the hosts of files and streams ask for no key. */
export const predictions = remember<Stored>()

export const doneAt = ({ createdAt }: Stored): number => createdAt + endsMs

export const statusAt = (stored: Stored, now: number): Prediction['status'] => {
  if (stored.canceledAt !== undefined) return 'canceled'
  if (now < stored.createdAt + startsMs) return 'starting'
  if (now < doneAt(stored)) return 'processing'
  return 'succeeded'
}

export const isExpired = (stored: Stored, now: number): boolean => now >= doneAt(stored) + keptMs

/** The prediction as the API shows it. */
export function viewAt(stored: Stored, now: number): Prediction {
  const { id, model, version, createdAt, result, extra } = stored
  const status = statusAt(stored, now)
  const isOver = status !== 'starting' && status !== 'processing'
  const removed = isExpired(stored, now)
  const base = 'https://api.replicate.com/v1/predictions'
  const text = 'words' in result
  return {
    id,
    model,
    version,
    input: removed ? {} : stored.input,
    logs: '',
    output: status === 'succeeded' && !removed ? outputOf(stored) : null,
    data_removed: removed,
    error: null,
    source: 'api',
    status,
    created_at: new Date(createdAt).toISOString(),
    ...(status === 'starting' ? {} : { started_at: new Date(createdAt + startsMs).toISOString() }),
    ...(isOver
      ? {
          completed_at: new Date(stored.canceledAt ?? doneAt(stored)).toISOString(),
          metrics: metricsOf(stored),
        }
      : {}),
    urls: {
      get: `${base}/${id}`,
      cancel: `${base}/${id}/cancel`,
      web: `https://replicate.com/p/${id}`,
      ...(text ? { stream: `https://stream.replicate.com/v1/predictions/${id}` } : {}),
    },
    ...extra,
  }
}

function metricsOf({ result, input }: Stored): NonNullable<Prediction['metrics']> {
  const metrics = { predict_time: (endsMs - startsMs) / 1000, total_time: endsMs / 1000 }
  return Object.assign(
    metrics,
    'pictures' in result
      ? { image_output_count: result.pictures }
      : {
          input_token_count: countTokens(
            `${textIn(input, 'system_prompt')}${textIn(input, 'prompt')}`,
          ),
          output_token_count: countTokens(result.words),
        },
  )
}

/** Models whose output is a list even of one picture. */
const listing = [
  'black-forest-labs/flux-schnell',
  'black-forest-labs/flux-dev',
  'stability-ai/sdxl',
]

function outputOf(stored: Stored): Json {
  if ('words' in stored.result) return tokens(stored.result.words)
  const extension = formatOf(stored.input) === 'jpeg' ? 'jpg' : formatOf(stored.input)
  const urls = Array.from(
    { length: stored.result.pictures },
    (_, index) => `https://replicate.delivery/xezq/${stored.id}/out-${index}.${extension}`,
  )
  const [first] = urls
  return listing.includes(stored.model) || first === undefined ? urls : first
}

export function formatOf(input: JsonObject): ImageFormat {
  const format = input['output_format']
  return format === 'jpg' ? 'jpeg' : format === 'webp' ? 'webp' : 'png'
}

/** A text cut as a tokenizer would: each piece begins with its space. */
export const tokens = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? []

export const textIn = (input: JsonObject, name: string): string => {
  const value = input[name]
  return typeof value === 'string' ? value : ''
}

export const isTextModel = (model: string): boolean => textModels.some(({ id }) => id === model)

/** What a text model says to its prompt: what a script says, or the mind. */
export async function answer(model: string, input: JsonObject, call: MockCall): Promise<string> {
  const { text, json } = call.scripted ?? {}
  if (text !== undefined) return text
  if (json !== undefined) return JSON.stringify(json)
  const system = textIn(input, 'system_prompt')
  const most = input['max_tokens']
  const stop = textIn(input, 'stop_sequences')
  const request: ChatRequest = {
    model,
    system: system === '' ? [] : [{ type: 'text', text: system }],
    messages: [{ role: 'user', content: [{ type: 'text', text: textIn(input, 'prompt') }] }],
    tools: [],
    stream: false,
    unread: [],
    ...(typeof most === 'number' ? { maxOutputTokens: most } : {}),
    ...(stop === '' ? {} : { stop: stop.split(',') }),
  }
  const { candidates } = await think(request, undefined, call)
  return candidates[0].content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

// `/audio/transcriptions` and `/audio/translations` of a host with an API like OpenAI's.

import type { Context, Hono } from 'hono'
import { GatewayError } from '#core/error'
import { defined } from '#core/json'
import { probe } from '#core/probe'
import type { Model } from '#core/provider'
import { decodeTranscriptionForm, encodeTranscript } from '#protocols/openai-audio/index'
import { findModel } from './chat.ts'
import { hear } from './hear.ts'
import type { MockEnv } from './world.ts'

const bad = (param: string, message: string): GatewayError =>
  new GatewayError('invalid_request', message, { param })

export function hostTranscription(
  mock: Hono<MockEnv>,
  base: string,
  models: readonly Model[],
): void {
  mock.post(`${base}/transcriptions`, (c) => transcribe(c, models, 'transcribe'))
  mock.post(`${base}/translations`, (c) => transcribe(c, models, 'translate'))
}

async function transcribe(
  c: Context<MockEnv>,
  models: readonly Model[],
  task: 'transcribe' | 'translate',
): Promise<Response> {
  const { request } = await decodeTranscriptionForm(await c.req.formData(), task)
  const { id, transcription } = findModel(models, request.model)
  if (transcription === undefined) throw new GatewayError('not_found', request.model)
  if (!transcription.formats.includes(request.format))
    throw bad('response_format', `'${request.format}' is not compatible with ${id}`)
  if (task === 'translate' && transcription.translates !== true)
    throw bad('model', `${id} does not translate`)
  const { bytes } = request.audio.body
  if (probe(bytes)?.seconds === undefined) throw bad('file', 'The file is no sound')
  const heard = hear(bytes, {
    call: c.var.call,
    translate: task === 'translate',
    mediaType: request.audio.mediaType,
    ...defined({ prompt: request.prompt, language: request.language }),
  })
  const { contentType, body } = encodeTranscript(heard, request)
  return new Response(body, { headers: { 'content-type': contentType } })
}

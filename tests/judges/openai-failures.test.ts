import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import { decodeSpeechRequest, decodeTranscriptionForm } from '#protocols/openai-audio/index'
import { decodeEmbeddingRequest } from '#protocols/openai-embeddings'
import { decodeImageRequest } from '#protocols/openai-images/index'
import { decodeModerationRequest } from '#protocols/openai-moderations'
import openai from '../../providers/openai/index.ts'
import { callOn } from '../kit/adapter-call.ts'
import { run, wav, read } from '../kit/openai-sdk.ts'

describe('refusals', () => {
  it('become errors of their kind', async () => {
    for (const [key, kind] of [
      ['mock-invalid', 'authentication'],
      ['mock-forbidden', 'permission'],
      ['mock-rate-limited', 'rate_limited'],
      ['mock-quota', 'quota_exhausted'],
      ['mock-overloaded', 'overloaded'],
      ['mock-server-error', 'upstream'],
      ['mock-too-large', 'too_large'],
      ['mock-moderated', 'content_policy'],
    ] as const) {
      const { request } = decodeModerationRequest({ model: 'omni-moderation-latest', input: 'a' })
      const { call } = callOn(openai, request.model, { key })
      await expect(run('moderation', request, call), key).rejects.toMatchObject({ kind })
    }
  })
})

describe('broken replies', () => {
  const drawn = { model: 'gpt-image-2', prompt: 'A fox', size: '64x64' }
  const spoken = { model: 'tts-1', voice: 'alloy', input: 'Good morning to all of you' }
  const heard = async (stream: boolean) => {
    const form = new FormData()
    form.append('file', new File([await wav()], 'a.wav', { type: 'audio/wav' }))
    form.append('model', 'gpt-transcribe')
    form.append('stream', String(stream))
    return (await decodeTranscriptionForm(form, 'transcribe')).request
  }
  const through = async (events: AsyncIterable<unknown>) => {
    for await (const _ of events);
  }
  const asks: { [name: string]: (key: string) => Promise<unknown> } = {
    image: async (key) => {
      const { request } = decodeImageRequest(drawn, 'generate')
      return read(await run('image', request, callOn(openai, 'gpt-image-2', { key }).call))
    },
    'image stream': async (key) => {
      const { request } = decodeImageRequest({ ...drawn, stream: true }, 'generate')
      return read(await run('image', request, callOn(openai, 'gpt-image-2', { key }).call))
    },
    speech: async (key) => {
      const { request } = decodeSpeechRequest(spoken)
      const { audio } = await run('speech', request, callOn(openai, 'tts-1', { key }).call)
      return gather(audio)
    },
    'speech in events': async (key) => {
      const { request } = decodeSpeechRequest(spoken)
      const { audio } = await run(
        'speech',
        request,
        callOn(openai, 'gpt-4o-mini-tts', { key }).call,
      )
      return gather(audio)
    },
    transcript: async (key) => {
      const { call } = callOn(openai, 'gpt-transcribe', { key })
      return through(await run('transcription', await heard(false), call))
    },
    'transcript stream': async (key) => {
      const { call } = callOn(openai, 'gpt-transcribe', { key })
      return through(await run('transcription', await heard(true), call))
    },
    embedding: async (key) => {
      const { request } = decodeEmbeddingRequest({ model: 'text-embedding-3-small', input: 'a' })
      return run('embedding', request, callOn(openai, request.model, { key }).call)
    },
    moderation: async (key) => {
      const { request } = decodeModerationRequest({ model: 'omni-moderation-latest', input: 'a' })
      return run('moderation', request, callOn(openai, request.model, { key }).call)
    },
  }
  // A broken sound is a sound to us: nothing in it tells.
  const untold = ['speech mock-garbage']

  for (const [name, ask] of Object.entries(asks))
    it(`of ${name} are failures of the vendor`, async () => {
      await ask('mock')
      for (const key of ['mock-cut', 'mock-garbage', 'mock-not-json', 'mock-empty'])
        if (!untold.includes(`${name} ${key}`))
          await expect(ask(key), key).rejects.toMatchObject({ kind: 'upstream' })
    })
})

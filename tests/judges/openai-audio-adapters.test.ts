// What a caller's SDK sends to our face, our adapter sends on to the vendor: field by field.

import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import type { TranscriptEvent } from '#core/media'
import { probe } from '#mock/media/index'
import { decodeSpeechRequest, decodeTranscriptionForm } from '#protocols/openai-audio/index'
import openai from '../../providers/openai/index.ts'
import { callOn } from '../kit/adapter-call.ts'
import { sentBySdk, run, jsonIn, expectAlike, options, upload, wav } from '../kit/openai-sdk.ts'

describe('speech', () => {
  it('is asked for with every field', async () => {
    for (const [model, format] of [
      ['gpt-4o-mini-tts', 'sse'],
      ['tts-1', undefined],
    ] as const) {
      const theirs = await sentBySdk((client) =>
        client.audio.speech.create({
          model,
          voice: 'coral',
          input: 'Good morning',
          response_format: 'flac',
          speed: 1.5,
          ...(format === undefined ? {} : { stream_format: format, instructions: 'Cheerful' }),
        }),
      )
      const { request } = decodeSpeechRequest(await theirs.clone().json())
      const { call, sent } = callOn(openai, model, options)
      const result = await run('speech', request, call)
      const bytes = await gather(result.audio)
      await expectAlike(sent[0], theirs)
      expect(probe(bytes)?.mediaType).toBe('audio/flac')
      expect(result.usage()).toMatchObject({
        characters: 12,
        ...(format === undefined ? {} : { inputTokens: 5 }),
      })
    }
  })

  it('falls back to a voice the model has, and says so', async () => {
    const body = { model: 'tts-1', voice: 'marin', input: 'Good morning' }
    const { call, sent, lost } = callOn(openai, 'tts-1', options)
    const { audio } = await run('speech', decodeSpeechRequest(body).request, call)
    await gather(audio)
    expect(lost).toEqual(['voice'])
    expect(jsonIn(sent[0])).toMatchObject({ voice: 'alloy' })
  })
})

type Fields = Omit<OpenAI.Audio.TranscriptionCreateParams, 'file' | 'model'>

describe('transcripts', () => {
  it('are asked for with every field', async () => {
    const file = await upload(await wav(), 'a.wav', 'audio/wav')
    for (const [model, fields] of [
      ['gpt-4o-transcribe', { response_format: 'json', include: ['logprobs'], stream: true }],
      ['gpt-transcribe', { response_format: 'json', keywords: ['fox'], languages: ['en', 'de'] }],
      [
        'whisper-1',
        {
          response_format: 'verbose_json',
          timestamp_granularities: ['word', 'segment'],
          language: 'en',
          prompt: 'Names: Ada',
          temperature: 0.2,
        },
      ],
      [
        'gpt-4o-transcribe-diarize',
        {
          response_format: 'diarized_json',
          known_speaker_names: ['agent'],
          known_speaker_references: ['data:audio/wav;base64,AA=='],
          chunking_strategy: { type: 'server_vad', threshold: 0.5 },
        },
      ],
    ] satisfies [string, Fields][]) {
      const theirs = await sentBySdk((client) =>
        client.audio.transcriptions.create({ file, model, ...fields }),
      )
      const form = await theirs.clone().formData()
      const { request } = await decodeTranscriptionForm(form, 'transcribe')
      const { call, sent } = callOn(openai, model, options)
      const events: TranscriptEvent[] = []
      for await (const event of await run('transcription', request, call)) events.push(event)
      await expectAlike(sent[0], theirs)
      const end = events.at(-1)
      expect(end?.type === 'end' && end.transcript.text, model).not.toBe('')
    }
  })

  it('in captions or plain text are asked for as JSON, which tells what they cost', async () => {
    for (const [format, asked] of [
      ['text', 'json'],
      ['srt', 'verbose_json'],
      ['vtt', 'verbose_json'],
    ] as const) {
      const form = new FormData()
      form.append('file', new File([await wav()], 'a.wav', { type: 'audio/wav' }))
      form.append('model', 'whisper-1')
      form.append('response_format', format)
      form.append('stream', 'true')
      const { request } = await decodeTranscriptionForm(form, 'transcribe')
      const { call, sent } = callOn(openai, 'whisper-1', options)
      const events: TranscriptEvent[] = []
      for await (const event of await run('transcription', request, call)) events.push(event)
      const wire = sent[0]?.body instanceof FormData ? sent[0].body : new FormData()
      expect(wire.get('response_format')).toBe(asked)
      expect(wire.has('stream')).toBe(false)
      expect(events).toMatchObject([{ type: 'end', transcript: { usage: { seconds: 2 } } }])
    }
  })

  it('of translations go to their own endpoint', async () => {
    const file = await upload(await wav(), 'a.wav', 'audio/wav')
    const theirs = await sentBySdk((client) =>
      client.audio.translations.create({
        file,
        model: 'whisper-1',
        response_format: 'verbose_json',
        prompt: 'Names: Ada',
        temperature: 0.2,
      }),
    )
    const form = await theirs.clone().formData()
    const { request } = await decodeTranscriptionForm(form, 'translate')
    const { call, sent } = callOn(openai, 'whisper-1', options)
    for await (const event of await run('transcription', request, call))
      expect(event.type).toBe('end')
    await expectAlike(sent[0], theirs)
  })
})

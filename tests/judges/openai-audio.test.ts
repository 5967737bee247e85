// The official SDK against the mock.

import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { gather } from '#core/bytes'
import { isObject, parseJson } from '#core/json'
import { speechFormats } from '#core/media'
import { createInternet } from '#mock/internet'
import { probe, synthesize } from '#mock/media/index'
import openai from '../../providers/openai/index.ts'

const internet = createInternet([openai])
const client = (apiKey = 'mock') =>
  new OpenAI({
    apiKey,
    maxRetries: 0,
    fetch: (url, init) => internet.fetch(new Request(url, init)),
  })

const sound = (seconds = 3) => gather(synthesize({ text: 'hello', seconds, format: 'wav' }))
const upload = async (bytes: Uint8Array, name: string, type: string) =>
  toFile(new Blob([bytes]), name, { type })

describe('speech', () => {
  const text = 'The quick brown fox jumps over the lazy dog.'

  it('is real sound in every format', async () => {
    for (const format of speechFormats) {
      const reply = await client().audio.speech.create({
        model: 'gpt-4o-mini-tts',
        voice: 'marin',
        input: text,
        response_format: format,
      })
      const bytes = new Uint8Array(await reply.arrayBuffer())
      if (format === 'pcm') expect(bytes.length / 48_000).toBeCloseTo(3.6, 0)
      else
        expect(probe(bytes), format).toMatchObject({ mediaType: reply.headers.get('content-type') })
    }
  })

  it('comes in events with its usage', async () => {
    const reply = await client().audio.speech.create({
      model: 'gpt-4o-mini-tts',
      voice: { id: 'voice_1' },
      input: text,
      stream_format: 'sse',
    })
    expect(reply.headers.get('content-type')).toContain('text/event-stream')
    const events = (await reply.text())
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => parseJson(event.replace('data: ', '')))
    expect(events.length).toBeGreaterThan(1)
    expect(events.slice(0, -1).every((event) => isObject(event) && 'audio' in event)).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'speech.audio.done', usage: { input_tokens: 10 } })
  })

  it('is refused as the vendor refuses it', async () => {
    const speak = (fields: object) =>
      client().audio.speech.create({ model: 'tts-1', voice: 'alloy', input: text, ...fields })
    await expect(speak({ input: 'x'.repeat(4097) })).rejects.toMatchObject({
      code: 'string_above_max_length',
    })
    await expect(speak({ voice: 'marin' })).rejects.toMatchObject({ param: 'voice' })
    await expect(speak({ stream_format: 'sse' })).rejects.toMatchObject({ param: 'stream_format' })
    await expect(speak({ model: 'gpt-6-sol' })).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })
})

describe('transcripts', () => {
  const file = async () => upload(await sound(), 'a.wav', 'audio/wav')

  it('come in every format', async () => {
    const { transcriptions } = client().audio
    const plain = await transcriptions.create({ file: await file(), model: 'gpt-4o-transcribe' })
    expect(plain.usage).toMatchObject({ type: 'tokens', input_token_details: { audio_tokens: 30 } })
    const verbose = await transcriptions.create({
      file: await file(),
      model: 'whisper-1',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    })
    expect(verbose).toMatchObject({
      text: plain.text,
      duration: 3,
      language: 'english',
      usage: { type: 'duration', seconds: 3 },
    })
    expect(verbose.words?.at(-1)?.end).toBeCloseTo(3)
    expect(verbose.segments?.at(-1)?.end).toBeCloseTo(3)
    const [srt, vtt, text] = await Promise.all(
      (['srt', 'vtt', 'text'] as const).map(async (format) =>
        transcriptions.create({ file: await file(), model: 'whisper-1', response_format: format }),
      ),
    )
    expect(srt).toMatch(/^1\n00:00:00,000 --> 00:00:0\d,\d{3}\n/)
    expect(vtt).toMatch(/^WEBVTT\n\n00:00:00\.000 --> /)
    expect(text).toBe(`${plain.text}\n`)
    const diarized = await transcriptions.create({
      file: await file(),
      model: 'gpt-4o-transcribe-diarize',
      response_format: 'diarized_json',
      known_speaker_names: ['agent'],
    })
    expect(diarized).toMatchObject({ task: 'transcribe', segments: [{ speaker: 'agent' }] })
    const current = await transcriptions.create({ file: await file(), model: 'gpt-transcribe' })
    expect(current.languages).toEqual([{ code: 'en' }])
  })

  it('come in deltas when streamed', async () => {
    const stream = await client().audio.transcriptions.create({
      file: await file(),
      model: 'gpt-4o-mini-transcribe',
      stream: true,
      include: ['logprobs'],
    })
    let said = ''
    let done = ''
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') said += event.delta
      if (event.type === 'transcript.text.done') done = event.text
    }
    expect(said).not.toBe('')
    expect(said).toBe(done)
  })

  it('of translations are English', async () => {
    const translated = await client().audio.translations.create({
      file: await file(),
      model: 'whisper-1',
      response_format: 'verbose_json',
    })
    expect(translated).toMatchObject({ language: 'english', duration: 3 })
  })

  it('are refused as the vendor refuses them', async () => {
    const transcribe = async (fields: object) =>
      client().audio.transcriptions.create({
        file: await file(),
        model: 'gpt-4o-transcribe',
        ...fields,
      })
    await expect(transcribe({ response_format: 'srt' })).rejects.toMatchObject({
      param: 'response_format',
    })
    await expect(
      transcribe({ file: await upload(new Uint8Array(9), 'a.wav', 'audio/wav') }),
    ).rejects.toMatchObject({ param: 'file' })
    await expect(
      client().audio.translations.create({ file: await file(), model: 'gpt-4o-transcribe' }),
    ).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  })
})

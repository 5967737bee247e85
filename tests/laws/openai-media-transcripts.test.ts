import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '#core/bytes'
import { defined, parseJson } from '#core/json'
import type { Transcript, TranscriptEvent, TranscriptionRequest } from '#core/media'
import {
  decodeTranscript,
  decodeTranscriptionForm,
  decodeTranscriptStream,
  encodeTranscript,
  encodeTranscriptionForm,
  encodeTranscriptStream,
} from '#protocols/openai-audio/index'
import { parseEvents } from '#protocols/sse'
import { cutBytes, from, written } from '../kit/media-events.ts'
import documented from '../wire/openai-media/documented.json' with { type: 'json' }

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const dataIn = (text: string) => parseEvents(text).map(({ data }) => parseJson(data))

const line = fc.stringMatching(/^[a-z][a-z ]{0,20}$/)
const transcription = fc
  .record({
    model: line,
    bytes: fc.uint8Array(),
    task: fc.constant('transcribe' as const),
    format: fc.constantFrom('json' as const, 'srt' as const, 'verbose_json' as const),
    timestamps: fc.subarray(['word' as const, 'segment' as const]),
    stream: fc.boolean(),
    optional: fc.record({
      language: maybe(fc.constantFrom('en', 'pt-BR')),
      prompt: maybe(line),
      keywords: maybe(fc.array(line, { minLength: 1, maxLength: 3 })),
      temperature: maybe(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
    }),
    extra: fc.record({
      include: maybe(fc.constant<string[]>(['logprobs'])),
      chunking_strategy: maybe(fc.constantFrom('auto', { type: 'server_vad', threshold: '0.5' })),
      known_speaker_names: maybe(fc.constant<string[]>(['agent'])),
    }),
  })
  .map(({ bytes, optional, extra, ...rest }): TranscriptionRequest => ({
    ...rest,
    audio: { mediaType: 'audio/mpeg', body: { bytes }, name: 'speech.mp3' },
    ...defined(optional),
    extra: { protocol: 'openai-audio', fields: defined(extra) },
  }))

describe('a request for a transcript', () => {
  it('survives a form', () =>
    fc.assert(
      fc.asyncProperty(transcription, async (request) => {
        const form = await new Response(encodeTranscriptionForm(request, request.model)).formData()
        const decoded = await decodeTranscriptionForm(form, 'transcribe')
        expect(decoded).toEqual({ request, strict: false })
      }),
      { numRuns: 40 },
    ))

  it('is refused by the name of the field', async () => {
    const sound = new File([Uint8Array.of(1)], 'a.wav')
    for (const [fields, param] of [
      [{ model: 'm' }, 'file'],
      [{ file: sound }, 'model'],
      [{ file: 'text', model: 'm' }, 'file'],
      [{ file: sound, model: 'm', temperature: 'hot' }, 'temperature'],
      [{ file: sound, model: 'm', temperature: '2' }, 'temperature'],
      [{ file: sound, model: 'm', response_format: 'xml' }, 'response_format'],
      [{ file: sound, model: 'm', 'timestamp_granularities[]': 'day' }, 'timestamp_granularities'],
      [{ file: sound, model: 'm', cover: sound }, 'cover'],
    ] as const) {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      await expect(decodeTranscriptionForm(form, 'transcribe'), param).rejects.toMatchObject({
        kind: 'invalid_request',
        details: { param },
      })
    }
  })

  it('tells what a sound is by its name where the client does not', async () => {
    const form = new FormData()
    form.append('file', new File([Uint8Array.of(1)], 'talk.M4A'))
    form.append('model', 'm')
    form.append('stream', 'True')
    const { request } = await decodeTranscriptionForm(form, 'transcribe')
    expect(request.audio.mediaType).toBe('audio/mp4')
    expect(request.stream).toBe(true)
  })
})

const shape = { format: 'json', timestamps: [], task: 'transcribe' } as const
const json = (value: unknown): string => JSON.stringify(value)

describe('a transcript', () => {
  it('is written again as the reference shows it', () => {
    for (const [format, wire] of [
      ['json', documented.transcriptionJson],
      ['diarized_json', documented.transcriptionDiarized],
      ['verbose_json', documented.transcriptionVerbose],
    ] as const) {
      const transcript = decodeTranscript(json(wire), format)
      expect(parseJson(encodeTranscript(transcript, { ...shape, format }).body)).toEqual(wire)
    }
    const wordy = decodeTranscript(json(documented.transcriptionWords), 'verbose_json')
    const asked = { ...shape, format: 'verbose_json', timestamps: ['word'] } as const
    expect(parseJson(encodeTranscript(wordy, asked).body)).toEqual(documented.transcriptionWords)
  })

  it('of a translation is its text alone', () => {
    const transcript = decodeTranscript(json(documented.transcriptionJson), 'json')
    const asked = { ...shape, task: 'translate' } as const
    expect(parseJson(encodeTranscript(transcript, asked).body)).toEqual({ text: transcript.text })
  })

  it('keeps its times through captions, to the millisecond', () => {
    const milliseconds = fc.integer({ min: 0, max: 360_000_000 })
    const cue = fc.record({
      text: line.map((text) => text.trim()),
      from: milliseconds,
      for: milliseconds,
    })
    fc.assert(
      fc.property(
        fc.array(cue, { minLength: 1 }),
        fc.constantFrom('srt' as const, 'vtt' as const),
        (cues, format) => {
          const segments = cues.map((each) => ({
            text: each.text,
            start: each.from / 1000,
            end: (each.from + each.for) / 1000,
          }))
          const transcript: Transcript = { text: '', segments, usage: {} }
          const { body } = encodeTranscript(transcript, { ...shape, format })
          expect(decodeTranscript(body, format).segments).toEqual(segments)
        },
      ),
    )
  })

  it('is captioned as the formats ask', () => {
    const transcript = decodeTranscript(json(documented.transcriptionDiarized), 'diarized_json')
    const srt = encodeTranscript(transcript, { ...shape, format: 'srt' })
    expect(srt.contentType).toBe('text/plain; charset=utf-8')
    expect(srt.body).toBe(
      '1\n00:00:00,000 --> 00:00:05,200\nThanks for calling OpenAI support.\n\n' +
        '2\n00:00:05,200 --> 00:00:12,800\nHi, I need help with diarization.\n\n',
    )
    const [head, first] = encodeTranscript(transcript, { ...shape, format: 'vtt' }).body.split(
      '\n\n',
    )
    expect(head).toBe('WEBVTT')
    expect(first).toBe('00:00:00.000 --> 00:00:05.200\nThanks for calling OpenAI support.')
    const late: Transcript = {
      text: 'x',
      segments: [{ text: 'x', start: 3599.9996, end: 36_000 }],
      usage: {},
    }
    expect(encodeTranscript(late, { ...shape, format: 'srt' }).body).toContain(
      '01:00:00,000 --> 10:00:00,000',
    )
  })

  it('is captioned from its words where it has no segments', () => {
    const timed = (said: string, speaker?: string) =>
      said
        .split(' ')
        .map((word, index) => ({ word, start: index, end: index + 0.5, ...defined({ speaker }) }))
    const cues = (transcript: Partial<Transcript>) =>
      decodeTranscript(
        encodeTranscript({ text: 'one two', usage: {}, ...transcript }, { ...shape, format: 'srt' })
          .body,
        'srt',
      ).segments?.map((segment) => segment.text)
    expect(cues({ words: timed('Hello there. How are you?') })).toEqual([
      'Hello there.',
      'How are you?',
    ])
    expect(cues({ words: timed('a b c d e f g h i') })).toEqual(['a b c d e f', 'g h i'])
    expect(cues({ words: [...timed('yes', 'A'), ...timed('no', 'B')] })).toEqual(['yes', 'no'])
    expect(cues({ seconds: 3 })).toEqual(['one two'])
  })

  it('fails as what it carries when it carries an error, and as garbage otherwise', () => {
    const refused = '{"error":{"message":"no","type":"x","code":"insufficient_quota","param":null}}'
    expect(() => decodeTranscript(refused, 'json')).toThrow(
      expect.objectContaining({ kind: 'quota_exhausted' }),
    )
    for (const body of ['', '<html>', '[]', '{"segments":[]}'])
      expect(() => decodeTranscript(body, 'json'), body).toThrow(
        expect.objectContaining({ kind: 'upstream' }),
      )
  })
})

async function collect(text: string, cuts: number[] = [1000]): Promise<TranscriptEvent[]> {
  const events: TranscriptEvent[] = []
  for await (const event of decodeTranscriptStream(cutBytes(utf8.encode(text), cuts)))
    events.push(event)
  return events
}

describe('a streamed transcript', () => {
  it('is read as the reference shows it', async () => {
    const events = await collect(documented.transcriptionStream)
    expect(events.slice(0, 3)).toEqual([
      { type: 'delta', text: 'I' },
      { type: 'delta', text: ' see' },
      { type: 'delta', text: ' skies' },
    ])
    const end = events.at(-1)
    expect(end?.type === 'end' && end.transcript.usage).toEqual({
      inputTokens: 14,
      outputTokens: 45,
      inputTextTokens: 0,
      inputAudioTokens: 14,
    })
    expect(end?.type === 'end' && end.transcript.extra?.['openai-audio']).toHaveProperty('logprobs')
  })

  it('is written again as the reference shows it', async () => {
    const { transcriptSegment: segment, transcriptDone: done } = documented
    const text = [segment, done].map((event) => `data: ${json(event)}\n\n`).join('')
    const events = await collect(text)
    expect(dataIn(await written(encodeTranscriptStream(from(events))))).toEqual([
      { type: 'transcript.text.delta', delta: done.text },
      segment,
      done,
    ])
  })

  it('is the same however the network cuts it', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string()), sizes, async (deltas, cuts) => {
        const transcript: Transcript = {
          text: deltas.join(''),
          usage: { inputTokens: 1, outputTokens: 2 },
        }
        const sent: TranscriptEvent[] = [
          ...deltas.map((text): TranscriptEvent => ({ type: 'delta', text })),
          { type: 'end', transcript },
        ]
        const text = await written(encodeTranscriptStream(from(sent)))
        const said = (await collect(text, cuts)).map((event) =>
          event.type === 'delta' ? event.text : '',
        )
        expect(said.join('')).toBe(transcript.text)
        expect((await collect(text, cuts)).at(-1)).toEqual(sent.at(-1))
      }),
    ))

  it('fails when it ends before it is done, and tells it when it is written', async () => {
    await expect(
      collect('data: {"type":"transcript.text.delta","delta":"I"}\n\n'),
    ).rejects.toMatchObject({ kind: 'upstream' })
    await expect(collect('data: nonsense\n\n')).rejects.toMatchObject({ kind: 'upstream' })
    const text = await written(
      encodeTranscriptStream(from([{ type: 'delta' as const, text: 'I' }])),
    )
    expect(dataIn(text)[1]).toHaveProperty('error')
  })
})

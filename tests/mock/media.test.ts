import { describe, expect, test } from 'vitest'
import {
  contentTypes,
  drawImage,
  probe,
  type SoundFormat,
  speechSeconds,
  synthesize,
} from '../../src/mock/media/index.ts'

const imageFormats = ['png', 'jpeg', 'webp'] as const
const soundFormats = ['mp3', 'wav', 'flac', 'opus', 'aac', 'pcm'] as const
// How far from the asked length half a frame of the codec may put the sound.
const tolerance: Record<SoundFormat, number> = {
  mp3: 0.012,
  aac: 0.0214,
  wav: 0,
  flac: 0,
  opus: 0,
  pcm: 0,
}

const chunksOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> => {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value)
  }
  return chunks
}

const joined = (...parts: (string | readonly number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (sign) => sign.charCodeAt(0)) : [...part],
    ),
  )

const soundOf = async (format: SoundFormat, text: string, seconds: number, seed = 0) =>
  joined(...(await chunksOf(synthesize({ text, seconds, format, seed }))))

describe.each(imageFormats)('a %s picture', (format) => {
  test.each([
    [1, 1],
    [7, 3],
    [33, 17],
    [256, 256],
    [1792, 1024],
    [1, 4096],
  ])('is exactly %i x %i pixels', async (width, height) => {
    const bytes = await drawImage({ prompt: 'A fox', width, height, format })
    expect(probe(bytes)).toEqual({ mediaType: `image/${format}`, width, height })
  })

  test('is the same for the same request and different for another prompt or seed', async () => {
    const draw = (prompt: string, seed: number, side: number) =>
      drawImage({ prompt, width: side, height: side, format, seed })
    for (const side of [1, 64]) {
      const first = await draw('A fox', 1, side)
      expect(await draw('A fox', 1, side)).toEqual(first)
      expect(await draw('A dog', 1, side)).not.toEqual(first)
      expect(await draw('A fox', 2, side)).not.toEqual(first)
    }
  })

  test('shows its label', async () => {
    const request = { prompt: 'A fox', width: 128, height: 128, format }
    expect(await drawImage(request)).toEqual(await drawImage({ ...request, label: 'MIMUS MOCK' }))
    expect(await drawImage(request)).not.toEqual(await drawImage({ ...request, label: 'other' }))
  })

  test('takes any text', async () => {
    for (const prompt of ['', '\u0000\ud800 北京 🦊 é', 'x'.repeat(100_000)]) {
      const bytes = await drawImage({ prompt, width: 64, height: 48, format })
      expect(probe(bytes)).toMatchObject({ width: 64, height: 48 })
    }
  })

  test('refuses a side out of range', async () => {
    for (const width of [0, 4097, 1.5, Number.NaN]) {
      await expect(drawImage({ prompt: '', width, height: 8, format })).rejects.toThrow(RangeError)
    }
  })
})

describe('a transparent picture', () => {
  const request = { prompt: 'A sticker', width: 64, height: 64, transparent: true }

  test('has a clear colour in its PNG palette, an opaque one has none', async () => {
    const clear = textOf(await drawImage({ ...request, format: 'png' }))
    expect(clear).toContain('tRNS\u0000')
    const opaque = await drawImage({ ...request, transparent: false, format: 'png' })
    expect(textOf(opaque)).not.toContain('tRNS')
  })

  test('declares alpha in WebP, an opaque one does not', async () => {
    const clear = await drawImage({ ...request, format: 'webp' })
    const opaque = await drawImage({ ...request, transparent: false, format: 'webp' })
    expect([clear, opaque].map((bytes) => ((bytes[24] ?? 0) >> 4) & 1)).toEqual([1, 0])
  })

  test('is drawn opaque in JPEG', async () => {
    expect(probe(await drawImage({ ...request, format: 'jpeg' }))?.mediaType).toBe('image/jpeg')
  })
})

test('the data of a PNG inflates to all its rows', async () => {
  const bytes = await drawImage({ prompt: 'A fox', width: 33, height: 17, format: 'png' })
  const at = textOf(bytes).indexOf('IDAT')
  const size = new DataView(bytes.buffer).getUint32(at - 4)
  const data = new Blob([bytes.slice(at + 4, at + 4 + size)]).stream()
  const inflated = data.pipeThrough(new DecompressionStream('deflate'))
  const rows = await new Response(inflated).arrayBuffer()
  expect(rows.byteLength).toBe(17 * (1 + Math.ceil(33 / 2)))
})

const textOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

describe.each(soundFormats)('%s sound', (format) => {
  test.each([0.4, 1.234, 10])('lasts %f seconds', async (seconds) => {
    const bytes = await soundOf(format, 'Hello world', seconds)
    const media = format === 'pcm' ? pcmMedia(bytes) : probe(bytes)
    expect(media?.mediaType).toBe(contentTypes[format])
    expect(Math.abs((media?.seconds ?? 0) - seconds)).toBeLessThanOrEqual(tolerance[format] + 1e-9)
  })

  test('comes in several chunks, each made when it is asked for', async () => {
    const chunks = await chunksOf(synthesize({ text: 'Hi', seconds: 0.4, format }))
    expect(chunks.length).toBeGreaterThan(1)
    // A day of sound would take minutes and gigabytes if it were made at once.
    const reader = synthesize({ text: 'Hi', seconds: 86_400, format }).getReader()
    expect((await reader.read()).value?.length).toBeGreaterThan(0)
    await reader.cancel()
    expect((await reader.read()).done).toBe(true)
  })

  test('is the same for the same request and different for another text or seed', async () => {
    const first = await soundOf(format, 'Hello', 0.4)
    expect(await soundOf(format, 'Hello', 0.4)).toEqual(first)
    expect(await soundOf(format, 'Goodbye', 0.4)).not.toEqual(first)
    expect(await soundOf(format, 'Hello', 0.4, 1)).not.toEqual(first)
    const texts = Array.from({ length: 200 }, (_, index) => `word ${index}`)
    const sounds = await Promise.all(texts.map((text) => soundOf(format, text, 0.4)))
    expect(new Set(sounds.map(textOf)).size).toBe(texts.length)
  })

  test('takes no time at all', async () => {
    const bytes = await soundOf(format, '', 0)
    if (format !== 'pcm') expect(probe(bytes)?.mediaType).toBe(contentTypes[format])
  })

  test('refuses a length or rate out of range', () => {
    for (const wrong of [{ seconds: -1 }, { seconds: Number.NaN }, { sampleRate: 7999.5 }]) {
      expect(() => synthesize({ text: '', seconds: 1, format, ...wrong })).toThrow(RangeError)
    }
  })
})

const pcmMedia = (bytes: Uint8Array) => ({ mediaType: 'audio/pcm', seconds: bytes.length / 48_000 })

const sampleRates = [8000, 16_000, 44_100, 48_000]
test.each(sampleRates)('wav and flac keep a rate of %i Hz', async (sampleRate) => {
  for (const format of ['wav', 'flac'] as const) {
    const chunks = await chunksOf(synthesize({ text: 'Hi', seconds: 1.5, format, sampleRate }))
    expect(probe(joined(...chunks))).toEqual({ mediaType: contentTypes[format], seconds: 1.5 })
  }
})

describe('the spoken length', () => {
  test('is about two and a half words a second and at least 0.4 seconds', () => {
    expect(speechSeconds('one two three four five')).toBeCloseTo(2)
    expect(speechSeconds('one two three four five', 2)).toBeCloseTo(1)
    expect(speechSeconds('')).toBe(0.4)
  })

  test('counts what is written without spaces', () => {
    expect(speechSeconds('今天天气很好我们去公园')).toBeGreaterThan(2)
    expect(speechSeconds('x'.repeat(200))).toBeGreaterThan(5)
  })
})

describe('probe', () => {
  const mp3Frame = joined([0xff, 0xfb, 0x90, 0xc4], new Uint8Array(413))

  test.each([
    ['GIF', joined('GIF89a', [65, 1, 123, 0]), 'image/gif', 321, 123],
    [
      'lossy WebP',
      joined('RIFF....WEBPVP8 ....', [0, 0, 0, 0x9d, 1, 0x2a, 65, 1, 123, 0]),
      'image/webp',
      321,
      123,
    ],
    [
      'extended WebP',
      joined('RIFF....WEBPVP8X....', [0, 0, 0, 0, 64, 1, 0, 122, 0, 0]),
      'image/webp',
      321,
      123,
    ],
  ])('finds the size of %s', (_, bytes, mediaType, width, height) => {
    expect(probe(bytes)).toEqual({ mediaType, width, height })
  })

  test('counts the frames of MP3 behind an ID3 tag', () => {
    const bytes = joined('ID3', [4, 0, 0, 0, 0, 1, 2], new Uint8Array(130), mp3Frame, mp3Frame)
    expect(probe(bytes)).toEqual({ mediaType: 'audio/mpeg', seconds: (2 * 1152) / 44_100 })
  })

  test('believes the frame count of a variable rate, less what the encoder added', () => {
    const tag = joined(mp3Frame)
    tag.set(joined('Xing', [0, 0, 0, 1, 0, 0, 0, 100], 'LAME3.100'), 21)
    tag.set([0x24, 0x04, 0x80], 33 + 21) // 576 samples before, 1152 after
    expect(probe(joined(tag, mp3Frame))?.seconds).toBeCloseTo((100 * 1152 - 1728) / 44_100, 9)
  })

  test('reads the last granule of Ogg Vorbis', () => {
    const page = (flags: number, granule: number, body: Uint8Array) =>
      joined(
        'OggS',
        [0, flags, granule & 255, granule >> 8, 0, 0, 0, 0, 0, 0],
        [7, 0, 0, 0],
        new Uint8Array(8),
        [1, body.length],
        body,
      )
    const head = joined([1], 'vorbis', [0, 0, 0, 0, 1, 0x40, 0x1f, 0, 0], new Uint8Array(14))
    const bytes = joined(page(2, 0, head), page(4, 12_000, joined('sound')))
    expect(probe(bytes)).toEqual({ mediaType: 'audio/ogg', seconds: 1.5 })
  })

  test('reads the movie header of M4A', () => {
    const times = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 232, 0, 0, 5, 220]
    const header = joined([0, 0, 0, 28], 'mvhd', times)
    const bytes = joined([0, 0, 0, 12], 'ftypM4A ', [0, 0, 0, 36], 'moov', header)
    expect(probe(bytes)).toEqual({ mediaType: 'audio/mp4', seconds: 1.5 })
  })

  test('reads the duration of WebM, and without one the time of the last block', () => {
    const head = joined([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84], 'webm')
    const segment = [0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255]
    const tracks = [0x16, 0x54, 0xae, 0x6b, 0x85, 0xae, 0x83, 0x83, 0x81, 2]
    const duration = [0x44, 0x89, 0x84, 0x44, 0xbb, 0x80, 0x00] // 1500 as a float
    const info = [0x15, 0x49, 0xa9, 0x66, 0x87, ...duration]
    const block = (at: number) => [0xa3, 0x85, 0x81, at >> 8, at & 255, 0x80, 0]
    const cluster = [0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7, 0x82, 3, 232, ...block(0), ...block(250)]
    const expected = { mediaType: 'audio/webm', seconds: 1.5 }
    expect(probe(joined(head, segment, info, tracks))).toEqual(expected)
    expect(probe(joined(head, segment, tracks, cluster))).toEqual(expected)
  })

  test('recognises PDF and nothing in other bytes', () => {
    expect(probe(joined('%PDF-1.7\n'))).toEqual({ mediaType: 'application/pdf' })
    for (const text of ['', 'RIFF', 'hello world', '{"a":1}', '<svg/>', 'ID3 tags are old']) {
      expect(probe(joined(text))).toBeUndefined()
    }
  })

  test('neither throws nor hangs on files cut or damaged anywhere', async () => {
    const files = [
      ...(await Promise.all(soundFormats.map((format) => soundOf(format, 'Hi', 0.5)))),
      ...(await Promise.all(
        imageFormats.map((format) => drawImage({ prompt: 'Hi', width: 40, height: 30, format })),
      )),
      joined([0, 0, 0, 12], 'ftypM4A ', [0, 0, 0, 36], 'moov', [0, 0, 0, 28], 'mvhd'),
    ]
    for (const file of files) {
      const head = file.slice(0, 600)
      for (let cut = 0; cut < head.length; cut++) {
        probe(head.subarray(0, cut))
        const damaged = file.slice()
        for (const value of [0, 1, 127, 255]) {
          damaged[cut] = value
          probe(damaged)
        }
      }
    }
  })
})

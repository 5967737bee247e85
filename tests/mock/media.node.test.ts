import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { drawImage, probe, synthesize } from '../../src/mock/media/index.ts'

const isInstalled = (tool: string): boolean => spawnSync(tool, ['-version']).status === 0
const hasTools = isInstalled('ffprobe') && isInstalled('ffmpeg')
const described = hasTools
  ? 'ffmpeg, which is on PATH,'
  : 'SKIPPED: ffmpeg and ffprobe are not on PATH; ffmpeg'

const folder = mkdtempSync(join(tmpdir(), 'mimus-media-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keep = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

// Fails on anything the tool complains about.
const run = (tool: string, ...words: string[]): Buffer => {
  const done = spawnSync(tool, ['-v', 'error', ...words], { maxBuffer: 1 << 28 })
  expect(done.stderr.toString()).toBe('')
  expect(done.status).toBe(0)
  return done.stdout
}

const streamOf = (path: string, ...fields: string[]): string =>
  run('ffprobe', '-show_entries', `stream=${fields.join()}`, '-of', 'csv=p=0', path)
    .toString()
    .trim()

const pixelsOf = (path: string): Buffer =>
  run('ffmpeg', '-xerror', '-i', path, '-pix_fmt', 'rgba', '-f', 'rawvideo', '-')

const samplesOf = (path: string): number =>
  run('ffmpeg', '-xerror', '-i', path, '-map', '0:a:0', '-ac', '1', '-f', 's16le', '-').length / 2

describe.skipIf(!hasTools)(`${described} decodes a picture`, () => {
  const sizes = [
    [1, 1],
    [33, 17],
    [1024, 1024],
  ] as const

  test.each(sizes)('of %i x %i without error, PNG and WebP to the same pixels', async (...size) => {
    const [width, height] = size
    for (const transparent of [false, true]) {
      const request = { prompt: 'A fox in the snow', width, height, transparent }
      const [png, webp, jpeg] = await Promise.all(
        (['png', 'webp', 'jpeg'] as const).map(async (format) =>
          keep(`picture.${format}`, await drawImage({ ...request, format })),
        ),
      )
      const pixels = pixelsOf(png ?? '')
      expect(pixelsOf(webp ?? '').equals(pixels)).toBe(true)
      expect(pixelsOf(jpeg ?? '').length).toBe(pixels.length)
      expect(pixels.some((value, at) => at % 4 === 3 && value < 255)).toBe(transparent)
    }
  })

  test('in JPEG to nearly the pixels of PNG', async () => {
    const request = { prompt: 'A fox in the snow', width: 200, height: 120 }
    const png = pixelsOf(keep('p.png', await drawImage({ ...request, format: 'png' })))
    const jpeg = pixelsOf(keep('p.jpeg', await drawImage({ ...request, format: 'jpeg' })))
    const error = png.reduce((sum, value, at) => sum + Math.abs(value - (jpeg[at] ?? 0)), 0)
    expect(error / png.length).toBeLessThan(4)
  })
})

describe.skipIf(!hasTools)(`${described} decodes sound`, () => {
  const formats = [
    ['mp3', 'mp3', 24_000, 0.012],
    ['aac', 'aac', 24_000, 0.0214],
    ['opus', 'opus', 48_000, 0],
    ['flac', 'flac', 24_000, 0],
    ['wav', 'pcm_s16le', 24_000, 0],
  ] as const

  test.each(formats)('of %s without error and of the asked length', async (...row) => {
    const [format, codec, rate, tolerance] = row
    for (const seconds of [0.02, 0.4, 1.234, 30]) {
      const stream = synthesize({ text: 'Hello world', seconds, format })
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
      const path = keep(`sound.${format}`, bytes)
      expect(streamOf(path, 'codec_name', 'sample_rate', 'channels')).toBe(`${codec},${rate},1`)
      const decoded = samplesOf(path) / rate
      expect(decoded).toBeCloseTo(probe(bytes)?.seconds ?? 0, 6)
      const fewest = format === 'mp3' || format === 'aac' ? 0.048 : 0
      expect(Math.abs(decoded - Math.max(seconds, fewest))).toBeLessThanOrEqual(tolerance + 1e-9)
    }
  })
})

describe.skipIf(!hasTools)(`${described} makes files of other kinds, and probe`, () => {
  const tone = ['-f', 'lavfi', '-i', 'sine=440:d=3.3:r=48000']
  const film = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:d=2.5:r=25']

  const make = (name: string, ...words: string[]) => {
    const path = join(folder, name)
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...words, path])
    return { path, media: probe(readFileSync(path)) }
  }

  test.each([
    ['constant.mp3', 'audio/mpeg', ['-b:a', '128k']],
    ['variable.mp3', 'audio/mpeg', ['-q:a', '4', '-metadata', 'title=x']],
    ['untagged.mp3', 'audio/mpeg', ['-q:a', '3', '-write_xing', '0']],
    ['stereo.wav', 'audio/wav', ['-ac', '2']],
    ['a.flac', 'audio/flac', []],
    ['a.opus', 'audio/ogg', ['-c:a', 'libopus']],
    ['vorbis.ogg', 'audio/ogg', ['-c:a', 'libvorbis']],
    ['flac.oga', 'audio/ogg', ['-c:a', 'flac']],
    ['a.aac', 'audio/aac', []],
    ['a.m4a', 'audio/mp4', []],
    ['pieces.mp4', 'audio/mp4', ['-movflags', 'empty_moov', '-frag_duration', '500000']],
    ['more.mp4', 'audio/mp4', ['-movflags', 'frag_keyframe', '-frag_duration', '500000']],
    ['a.webm', 'audio/webm', ['-c:a', 'libopus']],
    ['live.webm', 'audio/webm', ['-c:a', 'libopus', '-live', '1']],
    ['a.mka', 'audio/x-matroska', ['-c:a', 'flac']],
  ])('finds the length of %s', (name, mediaType, words) => {
    const { path, media } = make(name, ...tone, ...words)
    expect(media?.mediaType).toBe(mediaType)
    // Containers without sample counts are true to a packet.
    expect(Math.abs((media?.seconds ?? 0) - samplesOf(path) / 48_000)).toBeLessThan(0.03)
  })

  test('finds the length of FLAC from a pipe, which does not declare it', () => {
    const piped = execFileSync('ffmpeg', ['-v', 'error', ...tone, '-f', 'flac', '-'])
    expect(probe(piped)).toEqual({ mediaType: 'audio/flac', seconds: 3.3 })
  })

  test.each([
    ['a.mp4', 'video/mp4'],
    ['a.mov', 'video/quicktime'],
    ['film.webm', 'video/webm'],
    ['a.mkv', 'video/x-matroska'],
  ])('finds length and size of %s', (name, mediaType) => {
    const { media } = make(name, ...film)
    expect(media).toMatchObject({ mediaType, width: 320, height: 180 })
    expect(media?.seconds).toBeCloseTo(2.5, 1)
  })

  test.each([
    ['a.jpg', 'image/jpeg'],
    ['a.png', 'image/png'],
    ['a.gif', 'image/gif'],
    ['lossy.webp', 'image/webp'],
  ])('finds the size of %s', (name, mediaType) => {
    const { media } = make(name, ...film, '-frames:v', '1')
    expect(media).toEqual({ mediaType, width: 320, height: 180 })
  })
})

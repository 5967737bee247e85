// A browser opens what the gateway delivers. Skipped where there is no Chromium.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { testGateway } from '../kit/gateway.ts'

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

const folder = mkdtempSync(join(tmpdir(), 'mimus-browser-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const gateway = testGateway()

async function delivered(path: string, body: object): Promise<Buffer> {
  const reply = await gateway.fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return Buffer.from(await reply.arrayBuffer())
}

async function picture(format: string): Promise<string> {
  const reply = await delivered('/v1/images/generations', {
    model: 'gpt-image-2',
    prompt: `a mockingbird as ${format}`,
    size: '1536x1024',
    output_format: format,
  })
  const { data } = JSON.parse(reply.toString())
  return `data:image/${format};base64,${data[0].b64_json}`
}

async function sound(format: string): Promise<string> {
  const bytes = await delivered('/v1/audio/speech', {
    model: 'gpt-4o-mini-tts',
    voice: 'alloy',
    input: 'Four words of speech',
    response_format: format,
  })
  return bytes.toString('base64')
}

/** Decodes everything and writes what it found into the page. */
const script = `
const found = {}
for (const [name, url] of Object.entries(pictures)) {
  const image = new Image()
  image.src = url
  await image.decode().then(() => found[name] = image.naturalWidth + 'x' + image.naturalHeight, (error) => found[name] = String(error))
}
const audio = new OfflineAudioContext(1, 48000, 48000)
for (const [name, base64] of Object.entries(sounds)) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  await audio.decodeAudioData(bytes.buffer).then((decoded) => found[name] = Math.max(...decoded.getChannelData(0)) > 0.01 ? 'sound' : 'silence', (error) => found[name] = String(error))
}
document.body.textContent = JSON.stringify(found)
document.title = 'done'`

it.skipIf(chromium === undefined)(
  'a browser decodes every picture and every sound',
  async () => {
    const pictures: { [format: string]: string } = {}
    for (const format of ['png', 'jpeg', 'webp']) pictures[format] = await picture(format)
    const sounds: { [format: string]: string } = {}
    for (const format of ['mp3', 'wav', 'flac', 'opus', 'aac']) sounds[format] = await sound(format)
    const page = join(folder, 'page.html')
    const data = `const pictures = ${JSON.stringify(pictures)}, sounds = ${JSON.stringify(sounds)}`
    writeFileSync(page, `<body><script type="module">${data}\n${script}</script></body>`)
    const { stdout } = await promisify(execFile)(
      chromium ?? '',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--virtual-time-budget=20000',
        '--dump-dom',
        `file://${page}`,
      ],
      { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    )
    const found = JSON.parse(/<body>(\{.*\})<\/body>/.exec(stdout)?.[1] ?? '{}')
    expect(found).toEqual({
      png: '1536x1024',
      jpeg: '1536x1024',
      webp: '1536x1024',
      mp3: 'sound',
      wav: 'sound',
      flac: 'sound',
      opus: 'sound',
      aac: 'sound',
    })
  },
  90_000,
)

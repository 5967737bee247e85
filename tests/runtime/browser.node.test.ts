// A browser opens what the gateway delivers. Skipped where there is no Chromium.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))

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

/** Decodes everything and tells what it found. */
const script = `
async function decode() {
  const found = {}
  for (const [name, url] of Object.entries(pictures)) {
    const image = new Image()
    image.src = url
    await image.decode()
    found[name] = image.naturalWidth + 'x' + image.naturalHeight
  }
  const audio = new OfflineAudioContext(1, 48000, 48000)
  for (const [name, base64] of Object.entries(sounds)) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const decoded = await audio.decodeAudioData(bytes.buffer)
    found[name] = Math.max(...decoded.getChannelData(0)) > 0.01 ? 'sound' : 'silence'
  }
  return found
}
decode().catch(String).then((found) => fetch('/found', { method: 'POST', body: JSON.stringify(found) }))`

/** What the browser finds on a page. */
async function opened(page: string): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const server = createServer((request, reply) => {
    if (request.url !== '/found') return void reply.setHeader('content-type', 'text/html').end(page)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString()))
    reply.end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const browser = spawn(chromium ?? '', [...quiet, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
  })
  try {
    return JSON.parse(await promise)
  } finally {
    browser.kill('SIGKILL')
    server.close()
    server.closeAllConnections()
  }
}

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--user-data-dir=${join(folder, 'profile')}`,
]

it.skipIf(chromium === undefined)(
  'a browser decodes every picture and every sound',
  async () => {
    const pictures: { [format: string]: string } = {}
    for (const format of ['png', 'jpeg', 'webp']) pictures[format] = await picture(format)
    const sounds: { [format: string]: string } = {}
    for (const format of ['mp3', 'wav', 'flac', 'opus', 'aac']) sounds[format] = await sound(format)
    const data = `const pictures = ${JSON.stringify(pictures)}, sounds = ${JSON.stringify(sounds)}`
    expect(await opened(`<body><script>${data}\n${script}</script></body>`)).toEqual({
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
  60_000,
)

import { describe, expect, it } from 'vitest'
import type { Transport, WireResponse } from '#core/transport'
import { once } from '#core/bytes'
import { allowedUrl, createFetchAsset } from '../../src/platform/fetch-asset.ts'
import { fakePlatform } from '../kit/platform.ts'

const reply = (status: number, headers: Record<string, string>, text = ''): WireResponse => ({
  status,
  header: (name) => headers[name],
  headers: () => Object.entries(headers),
  body: once(new TextEncoder().encode(text)),
  text: () => Promise.resolve(text),
  discard: () => Promise.resolve(),
})

function fetcher(replies: Record<string, WireResponse>) {
  const asked: { url: string; headers: Record<string, string> }[] = []
  const sendPublic: Transport = async ({ url, headers }) => {
    asked.push({ url, headers })
    return replies[url] ?? reply(404, {})
  }
  const fetchAsset = createFetchAsset({
    platform: { ...fakePlatform(), sendPublic },
    internet: { send: () => Promise.reject(new Error('not mocked')) },
    limit: 100,
    mocked: () => false,
  })
  return { asked, read: (url: string) => fetchAsset({ url }, new AbortController().signal) }
}

describe('a URL that a stranger named', () => {
  it.each([
    'http://example.com/a',
    'https://localhost/a',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://user:secret@example.com/',
    'file:///etc/passwd',
    'nonsense',
  ])('is refused when it may lead inside: %s', (url) => {
    expect(() => allowedUrl(url)).toThrow(expect.objectContaining({ kind: 'invalid_request' }))
  })

  it('is allowed when it is public and https', () => {
    expect(allowedUrl('https://example.com/a.png?x=1').href).toBe('https://example.com/a.png?x=1')
    expect(allowedUrl('https://8.8.8.8/').host).toBe('8.8.8.8')
  })

  it('is checked again at every redirect, and sent no credentials', async () => {
    const { asked, read } = fetcher({
      'https://a.example/1': reply(302, { location: '/2' }),
      'https://a.example/2': reply(200, { 'content-type': 'image/png; charset=x' }, 'bytes'),
      'https://a.example/in': reply(302, { location: 'https://10.0.0.1/' }),
    })
    const asset = await read('https://a.example/1')
    expect(asset.mediaType).toBe('image/png')
    expect(new TextDecoder().decode(await asset.bytes())).toBe('bytes')
    expect(asked.every(({ headers }) => Object.keys(headers).length === 0)).toBe(true)
    await expect(read('https://a.example/in')).rejects.toThrow(/public host/)
  })

  it('does not redirect for ever, nor fill the memory', async () => {
    const { read } = fetcher({
      'https://a.example/loop': reply(302, { location: '/loop' }),
      'https://a.example/big': reply(200, {}, 'x'.repeat(101)),
    })
    await expect(read('https://a.example/loop')).rejects.toThrow(/redirects too often/)
    await expect(read('https://a.example/none')).rejects.toThrow(/answered 404/)
    await expect((await read('https://a.example/big')).bytes()).rejects.toThrow(
      expect.objectContaining({ kind: 'too_large' }),
    )
  })

  it('may be a data URL', async () => {
    const asset = await fetcher({}).read('data:text/plain;base64,aGk=')
    expect(new TextDecoder().decode(await asset.bytes())).toBe('hi')
  })
})

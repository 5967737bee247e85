import { it } from 'vitest'
import { createInternet } from '#mock/internet'
import provider from '../../providers/gemini/index.ts'
const net = createInternet([provider])
const go = async (path: string, body: unknown, key = 'mock') => {
  const r = await net.fetch(new Request('https://generativelanguage.googleapis.com' + path, body === undefined ? { headers: { 'x-goog-api-key': key } } : { method: 'POST', headers: { 'x-goog-api-key': key }, body: JSON.stringify(body) }))
  const t = await r.text()
  console.log(path, r.status, r.headers.get('content-type'), t.length, t.slice(0, 500))
  return t
}
it('x', async () => {
  const c = [{ role: 'user', parts: [{ text: 'Say "hi there"' }] }]
  await go('/v1beta/models/gemini-3.8-flash:generateContent', { contents: c })
  await go('/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse', { contents: c })
  await go('/v1/models/gemini-3.8-flash:streamGenerateContent', { contents: c })
  await go('/v1/models/gemini-3.8-flash:countTokens', { contents: c })
  await go('/v1beta/models/gemini-embedding-001:batchEmbedContents', { requests: [{ content: { parts: [{ text: 'a' }] }, outputDimensionality: 4 }] })
  await go('/v1beta/models/gemini-embedding-001:embedContent', { content: { parts: [{ text: 'a' }] }, outputDimensionality: 4 })
  await go('/v1beta/models/gemini-3.1-flash-image:generateContent', { contents: c, generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '16:9' } } })
  await go('/v1beta/models/gemini-3.8-flash-tts:generateContent', { contents: c, generationConfig: { responseModalities: ['AUDIO'] } })
  await go('/v1beta/models/gemini-2.0-flash:generateContent', { contents: c })
  await go('/v1beta/models', undefined)
  await go('/v1beta/models/gemini-3.8-flash', undefined)
  await go('/v1beta/models/gemini-3.8-flash:generateContent', { contents: c }, 'mock-invalid')
  await go('/v1beta/models/gemini-3.8-flash:generateContent', { contents: 7 })
})

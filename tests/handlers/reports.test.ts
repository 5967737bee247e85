// What callers are told besides the answer: who answered, what was changed, what was left out, and that it was a mock.

import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { lastHeaders, testGateway } from '../kit/gateway.ts'
import { anthropic, callers, faces, openai, post, wire } from '../kit/gateway-clients.ts'

const gateway = testGateway()
const text = 'Say "aye"'
const warnings = (): string => lastHeaders(gateway).get('x-mimus-warnings') ?? ''

/** The field is ours: no SDK knows it. */
const strictly = <T extends object>(body: T): T => ({ ...body, strict: true })

describe('a model its vendor has switched off', () => {
  it.each(faces)(
    'is answered by its successor, and a caller of %s is told both names',
    async (face) => {
      const pairs = [
        ['gpt-4-turbo', 'openai/gpt-6.1-sol'],
        ['claude-3-5-sonnet-20241022', 'anthropic/'],
        ['gemini-2.0-flash', 'gemini/'],
      ] as const
      for (const [model, successor] of pairs) {
        expect(await callers(gateway)[face].whole({ model, text }), model).toContain('aye')
        expect(warnings(), model).toContain(`${model} was retired by`)
        expect(warnings(), model).toContain(`${successor}`)
        expect(lastHeaders(gateway).get('x-mimus-target'), model).toContain(successor)
      }
    },
  )

  it.each(faces)(
    'is refused with the successor\u2019s name where that is wanted (%s)',
    async (face) => {
      const strict = testGateway({ config: { retired: 'refuse' } })
      const asked = callers(strict)[face].whole({ model: 'gpt-4-turbo', text })
      await expect(asked).rejects.toMatchObject({ status: 404 })
      await expect(asked).rejects.toThrow(/gpt-6\.1-sol/)
    },
  )

  it('of video says what there is instead', async () => {
    const asked = openai(gateway).chat.completions.create({
      model: 'sora-2',
      messages: [{ role: 'user', content: 'Hi' }],
    })
    await expect(asked).rejects.toBeInstanceOf(OpenAI.APIError)
  })
})

describe('what a target cannot do', () => {
  const picture = { model: 'stable-image-core', prompt: 'A fox', size: '1792x1024' } as const

  it('is changed to the nearest it can, and told with the field', async () => {
    await openai(gateway).images.generate({
      ...picture,
      background: 'transparent',
      quality: 'high',
    })
    expect(warnings()).toContain('size 1792x1024 became aspect ratio 16:9')
    expect(warnings()).toContain('field="size"')
    expect(warnings()).toContain('field="background"')
    expect(warnings()).toContain('field="quality"')
  })

  it('is refused to strict callers, by header or by field, before anything is sent', async () => {
    const before = gateway.sent.length
    const byHeader = openai(gateway, { headers: { 'x-mimus-strict': '1' } }).images.generate(
      picture,
    )
    await expect(byHeader).rejects.toMatchObject({ status: 400, param: 'size' })
    const byField = openai(gateway).images.generate(strictly(picture))
    await expect(byField).rejects.toMatchObject({ status: 400, param: 'size' })
    const voice = { model: 'tts-1', voice: 'alloy', input: 'Hi', instructions: 'Whisper' } as const
    const speech = openai(gateway).audio.speech.create(strictly(voice))
    await expect(speech).rejects.toMatchObject({ status: 400, param: 'instructions' })
    expect(gateway.sent).toHaveLength(before)
  })

  it('is no matter to strict callers who ask for what it can', async () => {
    const strict = openai(gateway, { headers: { 'x-mimus-strict': '1' } })
    const made = await strict.images.generate({ model: 'stable-image-core', prompt: 'A fox', n: 2 })
    expect(made.data).toHaveLength(2)
    for (const model of ['gpt-6-sol', 'claude-opus-5-5', 'gemini-3.8-flash'])
      for (const face of faces) {
        const headers = { 'x-mimus-strict': '1' }
        expect(await callers(gateway)[face].whole({ model, text, headers }), model).toContain('aye')
      }
  })

  it('is told in a header that is never too long for a client', async () => {
    const thought = { type: 'thinking', thinking: 'Hm', signature: 'abc' }
    const messages = Array.from({ length: 401 }, (_, index) =>
      index % 2 === 0
        ? { role: 'user', content: 'Hello' }
        : { role: 'assistant', content: [thought, { type: 'text', text: 'Yes' }] },
    )
    for (const model of ['gpt-6-sol', 'gemini-3.8-flash', 'meta-llama-3-8b-instruct']) {
      const body = JSON.stringify({ model, max_tokens: 50, messages })
      const { headers } = await post(gateway, 'anthropic', { body })
      expect(headers.get('x-mimus-warnings')?.length, model).toBeLessThan(4100)
    }
  })

  it('in chat is told to callers of any protocol, or refused', async () => {
    const bodies = {
      openai: { seed: 7, logit_bias: { '50256': -100 } },
      anthropic: { top_k: 5, context_management: { edits: [] } },
      google: { safetySettings: [], generationConfig: { seed: 7 } },
    }
    for (const face of faces) {
      const body = JSON.stringify({
        ...wire[face].body({ model: 'meta-llama-3-8b-instruct', text }),
        ...bodies[face],
      })
      const request = { body, model: 'meta-llama-3-8b-instruct' }
      const answered = await post(gateway, face, request)
      expect(answered.status, face).toBe(200)
      expect(answered.headers.get('x-mimus-warnings'), face).toMatch(/field="/)
      const refused = await post(gateway, face, { ...request, headers: { 'x-mimus-strict': '1' } })
      expect(refused.status, face).toBe(400)
    }
  })
})

describe('the caller\u2019s own words', () => {
  it('reach a target of the same protocol untouched but for the model', async () => {
    const body =
      '{ "model": "openai/gpt-6-sol",  "messages": [{"role":"user","content":"Say \\"aye\\""}], "store": false, "seed": 7 }'
    await post(gateway, 'openai', { body })
    expect(gateway.sent.at(-1)?.body).toBe(body.replace('openai/gpt-6-sol', 'gpt-6-sol'))
  })

  it('bring the headers of their protocol along', async () => {
    const client = anthropic(gateway, { headers: { 'anthropic-beta': 'context-1m-2025-08-07' } })
    await client.messages.create({
      model: 'claude-opus-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: text }],
    })
    expect(gateway.sent.at(-1)?.headers['anthropic-beta']).toBe('context-1m-2025-08-07')
    expect(gateway.sent.at(-1)?.headers['anthropic-version']).toBe('2026-10-21')
  })
})

describe('a target that fails', () => {
  it('is left for the next one of an alias, and the tries are counted', async () => {
    const several = testGateway({
      config: { aliases: { any: ['openai/gpt-6-sol', 'anthropic/claude-opus-5-5'] } },
    })
    // Every call with this key fails every other time, first the first.
    const said = await callers(several).openai.whole({ model: 'any', text, key: 'mock-flaky' })
    expect(said).toContain('aye')
    expect(lastHeaders(several).get('x-mimus-attempts')).toBe('2')
    expect(lastHeaders(several).get('x-mimus-target')).toBe('anthropic/claude-opus-5-5')
  })

  it('with a page in place of a stream is left, too', async () => {
    const several = testGateway({
      config: { aliases: { any: ['openai/gpt-6-sol', 'anthropic/claude-opus-5-5'] } },
    })
    const headers = { 'x-mimus-mock': 'not-json' }
    const asked = callers(several).openai.streamed({ model: 'any', text, headers })
    await expect(asked).rejects.toMatchObject({ status: 502 })
    expect(several.sent.map(({ url }) => new URL(url).host)).toEqual([
      'api.openai.com',
      'api.anthropic.com',
    ])
  })

  it('because of the caller ends the search', async () => {
    const several = testGateway({
      config: { aliases: { any: ['openai/gpt-6-sol', 'anthropic/claude-opus-5-5'] } },
    })
    const asked = callers(several).openai.whole({ model: 'any', text, key: 'mock-moderated' })
    await expect(asked).rejects.toBeInstanceOf(OpenAI.BadRequestError)
    expect(several.sent).toHaveLength(1)
  })
})

describe('every reply', () => {
  it('has an id of ours, and of the provider where it has one', async () => {
    await callers(gateway).openai.whole({ model: 'gpt-6-sol', text })
    const headers = lastHeaders(gateway)
    expect(headers.get('x-mimus-request-id')).toMatch(/^req_\w{32}$/)
    expect(headers.get('x-request-id')).not.toBe(headers.get('x-mimus-request-id'))
    expect(headers.get('x-mimus-attempts')).toBe('1')
  })
})

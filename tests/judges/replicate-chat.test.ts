import { describe, expect, it } from 'vitest'
import { once, utf8 } from '#core/bytes'
import type { ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import type { Transport } from '#core/transport'
import { createInternet } from '#mock/internet'
import replicate from '../../providers/replicate/index.ts'
import {
  answering,
  callOn,
  failure,
  hurried,
  jsonBody,
  type CallOptions,
} from '../kit/adapter-call.ts'
import documented from '../wire/replicate/predictions.json' with { type: 'json' }

const { chat } = replicate.adapters
const llama = 'meta/meta-llama-3-8b-instruct'

const chatOf = (parts: Partial<ChatRequest>): ChatRequest => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Tell me of foxes' }] }],
  tools: [],
  stream: true,
  unread: [],
  ...parts,
})

async function say(parts: Partial<ChatRequest>, options: CallOptions = {}) {
  const { call, lost, sent } = callOn(replicate, llama, { world: hurried(), ...options })
  if (chat?.run === undefined) throw new Error('Replicate answers at once')
  return { stream: await chat.run(chatOf(parts), call), lost, sent }
}

/** The mock, but for what its stream says. */
function streaming(body: () => AsyncIterable<Uint8Array>): Transport {
  const mock = createInternet([replicate], hurried())
  return async (request) => {
    const response = await mock.send(request)
    const isStream = new URL(request.url).host === 'stream.replicate.com'
    return isStream ? { ...response, body: body() } : response
  }
}

describe('text models', () => {
  it('answer in pieces that fold into a reply with its tokens', async () => {
    const { stream, sent } = await say({ maxOutputTokens: 200 })
    const reply = await collect(stream)
    const [part] = reply.candidates[0].content
    expect(part).toMatchObject({ type: 'text', text: expect.stringMatching(/\S/) })
    expect(reply.candidates[0].finish).toEqual({ reason: 'stop' })
    expect(reply.usage.inputTokens).toBeGreaterThan(0)
    expect(reply.usage.outputTokens).toBeGreaterThan(0)
    expect(sent.map(({ url }) => new URL(url).host)).toEqual([
      'api.replicate.com',
      'stream.replicate.com',
      'api.replicate.com',
    ])
    expect(sent[1]?.headers).not.toHaveProperty('authorization')
  })

  it('say when the text was cut', async () => {
    const { stream } = await say({ maxOutputTokens: 2 })
    expect((await collect(stream)).candidates[0].finish).toEqual({ reason: 'length' })
  })

  it('are given the conversation as one prompt, and tell what they cannot take', async () => {
    const { sent, lost } = await say({
      system: [{ type: 'text', text: 'Be brief' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Who are you?' },
            { type: 'file', mediaType: 'image/png', source: { base64: '' } },
          ],
        },
      ],
      tools: [{ type: 'function', name: 'look' }],
      seed: 1,
      temperature: 0,
      topP: 0.5,
      topK: 4,
      maxOutputTokens: 9,
      stop: ['END', 'a,b'],
    })
    expect(jsonBody(sent[0])['input']).toEqual({
      prompt: 'User: Hello\n\nAssistant: Hi\n\nUser: Who are you?\n\nAssistant:',
      system_prompt: 'Be brief',
      temperature: 0,
      top_p: 0.5,
      top_k: 4,
      max_tokens: 9,
      stop_sequences: 'END',
    })
    expect(lost.toSorted()).toEqual(['messages[2].content', 'seed', 'stop', 'tools'])
  })

  it('fail when the stream ends early, or says so', async () => {
    const cases = {
      'event: output\ndata: A\n\n': 'upstream',
      'event: error\ndata: {"detail":"NSFW content detected"}\n\n': 'content_policy',
      'event: error\ndata: it broke\n\n': 'upstream',
    }
    for (const [text, kind] of Object.entries(cases)) {
      const { stream, sent } = await say({}, { send: streaming(() => once(utf8.encode(text))) })
      expect([text, (await failure(collect(stream))).kind]).toEqual([text, kind])
      expect(sent.at(-1)?.url).toMatch(/\/cancel$/)
    }
  })

  it('keep lines of a token together and characters whole', async () => {
    const text = 'event: output\ndata: Füchse\ndata: \ndata: 狐\n\nevent: done\ndata: {}\n\n'
    const bytes = utf8.encode(text)
    async function* singly() {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    const send = streaming(singly)
    const { stream } = await say({}, { send })
    expect((await collect(stream)).candidates[0].content).toEqual([
      { type: 'text', text: 'Füchse\n\n狐' },
    ])
  })

  it('are stopped when the caller leaves', async () => {
    const { stream, sent } = await say({})
    for await (const _ of stream) break
    expect(sent.at(-1)?.url).toMatch(/\/cancel$/)
  })

  it('never follow a stream that is not Replicate’s own', async () => {
    const urls = { ...documented.starting.urls, stream: 'https://evil.example/stream' }
    const send = answering({ ...documented.starting, urls })
    expect(await failure(say({}, { send }))).toMatchObject({ kind: 'upstream' })
  })
})

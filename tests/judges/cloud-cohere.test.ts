// Cohere: what its adapters send and read.

import { describe, expect, it } from 'vitest'
import type { ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import type { EmbeddingRequest } from '#core/media'
import cohere from '../../providers/cohere/index.ts'
import { callOn, failure, jsonBody } from '../kit/adapter-call.ts'

const request = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello to the mockingbird' }] }],
  tools: [],
  stream: false,
  unread: [],
  ...changes,
})

const ask = async (changes: Partial<ChatRequest> = {}, id = 'command-a-03-2025') => {
  const one = callOn(cohere, id)
  const { chat } = cohere.adapters
  if (chat?.run === undefined) throw new Error('Cohere does not chat')
  return { ...one, reply: await collect(await chat.run(request(changes), one.call)) }
}

const embed = async (changes: Partial<EmbeddingRequest>, id = 'embed-v4.0') => {
  const one = callOn(cohere, id)
  const { embedding } = cohere.adapters
  if (embedding?.run === undefined) throw new Error('Cohere does not embed')
  const asked = {
    model: 'any',
    inputs: ['one'],
    extra: { protocol: 'none', fields: {} },
    ...changes,
  }
  return { ...one, result: await embedding.run(asked, one.call) }
}

const tool = (name: string) => ({ type: 'function' as const, name, parameters: { type: 'object' } })

describe('Cohere', () => {
  it.each([false, true])('names the model that answered, streamed: %s', async (stream) => {
    const { reply } = await ask({ stream })
    expect(reply.model).toBe('command-a-03-2025')
    expect(reply.id).toMatch(/^[0-9a-f]{8}-/)
  })

  it('is offered the one tool that must be called', async () => {
    const { sent, lost, reply } = await ask({
      tools: [tool('weather'), tool('news')],
      toolChoice: { name: 'news' },
    })
    expect(jsonBody(sent[0])).toMatchObject({
      tools: [{ function: { name: 'news' } }],
      tool_choice: 'REQUIRED',
    })
    expect(lost).toEqual(['tools[0]'])
    expect(reply.candidates[0].finish.reason).toBe('tool-calls')
    expect(reply.candidates[0].content).toMatchObject([{ type: 'tool-call', name: 'news' }])
  })

  it('thinks within a budget, whatever the wish is called', async () => {
    const { sent, lost, reply } = await ask(
      { reasoning: { effort: 'low' } },
      'command-a-reasoning-08-2025',
    )
    expect(jsonBody(sent[0])['thinking']).toEqual({ type: 'enabled', token_budget: 1024 })
    expect(lost).toEqual(['reasoning.effort'])
    expect(reply.candidates[0].content[0]?.type).toBe('reasoning')
  })

  it('gets pictures of tool results in a message of the user', async () => {
    const picture = { type: 'file', mediaType: 'image/png', source: { base64: 'AAAA' } } as const
    const { sent, lost } = await ask({
      tools: [tool('look')],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Look' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c1', name: 'look', input: '{}' }],
        },
        { role: 'user', content: [{ type: 'tool-result', id: 'c1', output: [picture] }] },
      ],
    })
    expect(jsonBody(sent[0])['messages']).toMatchObject([
      {},
      {},
      { role: 'tool', tool_call_id: 'c1', content: '' },
      { role: 'user', content: [{ image_url: { url: 'data:image/png;base64,AAAA' } }] },
    ])
    expect(lost).toEqual(['messages[2].content[0].output[0]'])
  })

  it('refuses files that are not pictures, by their place', async () => {
    const part = { type: 'file', mediaType: 'application/pdf', source: { base64: 'AA==' } } as const
    expect(await failure(ask({ messages: [{ role: 'user', content: [part] }] }))).toMatchObject({
      kind: 'unsupported',
      details: { param: 'messages[0].content[0]' },
    })
  })

  it('is told what vectors are for, and splits what is too much for one call', async () => {
    const { sent, result } = await embed({
      inputs: Array.from({ length: 100 }, (_, index) => `text ${index}`),
      task: 'RETRIEVAL_QUERY',
      dimensions: 512,
    })
    expect(sent.map((one) => jsonBody(one)['texts'])).toMatchObject([{ length: 96 }, { length: 4 }])
    expect(jsonBody(sent[0])).toMatchObject({ input_type: 'search_query', output_dimension: 512 })
    expect(result.vectors.map(({ length }) => length)).toEqual(Array(100).fill(512))
    expect(result.usage.inputTokens).toBeGreaterThan(100)
  })

  it('makes vectors of the sizes there are', async () => {
    const { sent, lost } = await embed({ dimensions: 700 })
    expect(jsonBody(sent[0])['output_dimension']).toBe(1024)
    expect(lost).toEqual(['dimensions'])
    expect((await embed({ dimensions: 256 }, 'embed-english-v3.0')).lost).toEqual(['dimensions'])
  })
})
